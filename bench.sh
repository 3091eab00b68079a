#!/usr/bin/env bash
# Measures how fast the server is, with Kamailio and the limits of the machine in the same run, and prints the table of docs/performance.md.
#   ./bench.sh                    half an hour or so, on a quiet machine with two cores
#   BENCH_SECONDS=5 ./bench.sh    tries out that everything runs; its figures say nothing
#   BENCH_STEPS=soak ./bench.sh   an hour at half the limit, with a plot; BENCH_SOAK_MINUTES for another length
# The server runs on core 1 and all load on core 0 (BENCH_SERVER_CORE, BENCH_LOAD_CORE). What each run gave is kept in artifacts/bench.
set -euo pipefail
cd "$(dirname "$0")"

scripts/install-packages.sh sip-tester kamailio gcc libc6-dev libsrtp2-dev libssl-dev openssl python3 util-linux procps espeak-ng ffmpeg chromium tzdata libicu72
command -v dotnet >/dev/null || { echo "The .NET 10 SDK is needed: https://dotnet.microsoft.com/download" >&2; exit 1; }
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

BENCH_FOLDER=$PWD/artifacts/bench/$(date +%Y%m%d-%H%M%S)
export BENCH_FOLDER
mkdir -p "$BENCH_FOLDER"
if [ "${BENCH_SKIP_BUILD:-}" != 1 ]; then
  scripts/publish.sh
  dotnet build tests/Pbx.Benchmarks -c Release -v q --nologo -p:RunAnalyzers=false
fi
tools=tests/Pbx.Benchmarks/lab/tools
gcc -O2 -o "$BENCH_FOLDER/rtpcalls" "$tools"/rtpcalls/*.c -lssl -lcrypto -lpthread
gcc -O2 -o "$BENCH_FOLDER/udppps" "$tools/udppps.c" -lpthread
gcc -O2 -o "$BENCH_FOLDER/srtpbench" "$tools/srtpbench.c" "$tools/rtpcalls/srtp.c" -lsrtp2 -lcrypto

# Two sockets for each leg, two legs for each call.
ulimit -n "$(ulimit -Hn)"
PYTHONDONTWRITEBYTECODE=1 exec python3 tests/Pbx.Benchmarks/lab/bench.py
