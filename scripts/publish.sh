#!/usr/bin/env bash
# Builds the server, compiled ahead of time for this machine, into artifacts/pbx or the folder given. The compiler for that is a NuGet package; where it cannot be
# fetched the server is built without, and only its start takes longer.
set -euo pipefail
cd "$(dirname "$0")/.."
ahead=true
dotnet restore src/Pbx.Web -p:Configuration=Release -v q --nologo >/dev/null || ahead=false
[ $ahead = true ] || echo "The ahead-of-time compiler could not be fetched: the server will start more slowly." >&2
[ $ahead = true ] || dotnet restore src/Pbx.Web -p:Configuration=Release -p:PublishReadyToRun=false -v q --nologo
exec dotnet publish src/Pbx.Web -c Release -o "${1:-artifacts/pbx}" --no-restore -v q --nologo -p:RunAnalyzers=false -p:PublishReadyToRun=$ahead
