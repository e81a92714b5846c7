#!/bin/sh
# Writes a dated pair, database and keys, into a folder. The product may run meanwhile.
set -eu
test $# -eq 1 || { echo "usage: ops/backup.sh FOLDER" >&2; exit 2; }
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
home=${NHIPCAU_HOME:-$here/.nhipcau}
umask 077
mkdir -p "$1"
name=$1/nhipcau-$(date -u +%Y%m%dT%H%M%SZ)
trap 'rm -f "$name.dump.part"' EXIT
"$here/.venv/bin/nhipcau" pg_dump --format=custom --no-owner --file="$name.dump.part"
if [ -f "$home/keys.json" ]; then cp "$home/keys.json" "$name.keys.json"; fi
mv "$name.dump.part" "$name.dump"
echo "$name.dump"
