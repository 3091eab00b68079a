#!/usr/bin/env bash
# Starts the phone system on its embedded database.
#   ./run.sh                  an empty system; the console's first page asks for the set-up code printed here
#   ./run.sh --demo           a two-site company to try, on an empty data directory only
#   ./run.sh --Sip:Port 5070  any bootstrap setting (README, "Settings")
# Data lies in ./data unless PBX__Data (or --Data) says otherwise.
set -euo pipefail
cd "$(dirname "$0")"

command -v dotnet >/dev/null || { echo "The .NET 10 SDK is needed: https://dotnet.microsoft.com/download" >&2; exit 1; }
scripts/install-packages.sh espeak-ng ffmpeg tzdata libicu72
if [ "${PBX_SKIP_BUILD:-}" != 1 ]; then
  scripts/publish.sh
fi
exec artifacts/pbx/pbx "$@"
