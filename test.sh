#!/usr/bin/env bash
# Runs every test: unit, property, architecture, both databases, and end to end with real peers. Ends with "N passed, N failed".
#   ./test.sh                 everything
#   ./test.sh Core Sip        only these projects (tests/Pbx.Core.Tests ...)
set -uo pipefail
cd "$(dirname "$0")"

scripts/install-packages.sh espeak-ng ffmpeg tzdata libicu72 sip-tester sipsak baresip-core linphone-cli chromium postgresql \
  docker-compose faketime python3 python3-jsonschema util-linux procps dnsmasq-base openssl tshark sipvicious || exit 1

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

echo "Building"
dotnet build Pbx.sln -c Debug -v q --nologo || exit 1
scripts/publish.sh || exit 1

if [ $# -gt 0 ]; then projects=("$@"); else projects=(Architecture Core Sip Web Scenarios); fi
for name in "${projects[@]}"; do
  project=$name.Tests options=()
  # Scenarios mostly wait for phones and for the pace of speech, so four of them share the two cores.
  [ "$name" = Scenarios ] && project=Scenarios options=(-maxThreads 4)
  echo "== Pbx.$project"
  timeout --kill-after=30 3600 "tests/Pbx.$project/bin/Debug/net10.0/Pbx.$project" "${options[@]}" \
    -noLogo -noColor -longRunning 120 -ctrf "$results/$name.json" >"$results/$name.log" 2>&1
  code=$?
  grep -E '\[FAIL\]|\[SKIP\]|Not at rest|Total:' "$results/$name.log"
  if [ $code -ne 0 ] || [ ! -s "$results/$name.json" ]; then
    # A suite that died without its report counts as one failure, so that it cannot pass unseen.
    tail -n 60 "$results/$name.log"
    [ -s "$results/$name.json" ] || echo "$name" >>"$results/died"
  fi
done

# A test with real phones, sockets or browsers that failed, or left a server that was not at rest, is run once more, alone: a busy moment of the
# machine does not come twice, a defect does. Both outcomes are printed, and only a second failure counts.
mkdir "$results/again"
for name in "${projects[@]}"; do
  project=$name.Tests
  [ "$name" = Scenarios ] && project=Scenarios
  [ -s "$results/$name.json" ] && for method in $(python3 scripts/failed-tests.py "$results/$name.json"); do
    echo "== Once more, alone: $method"
    timeout --kill-after=30 600 "tests/Pbx.$project/bin/Debug/net10.0/Pbx.$project" \
      -noLogo -noColor -method "$method" -ctrf "$results/again/$method.json" >"$results/again/$method.log" 2>&1
    grep -E '\[FAIL\]|Total:|Not at rest' "$results/again/$method.log"
  done
done
python3 scripts/summarise-tests.py "$results"
