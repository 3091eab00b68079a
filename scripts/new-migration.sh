#!/usr/bin/env bash
# new-migration.sh NAME: writes a migration for each database from what the model has become.
# new-migration.sh --initial: replaces all migrations by one (only while no version is released).
set -eu
cd "$(dirname "$0")/.."
name=${1:?name of the migration, or --initial}
tool=artifacts/tools/dotnet-ef
[ -x "$tool" ] || dotnet tool install dotnet-ef --version 10.0.15 --tool-path artifacts/tools
if [ "$name" = --initial ]; then
  rm -rf src/Pbx.Core/Data/Migrations
  name=Initial
fi
dotnet build -p:RunAnalyzers=false src/Pbx.Core -v q --nologo
for kind in Sqlite Postgres; do
  "$tool" migrations add "$name" --no-build --project src/Pbx.Core --context "${kind}PbxContext" \
    --output-dir "Data/Migrations/$kind" --namespace "Pbx.Core.Data.Migrations.$kind"
done
