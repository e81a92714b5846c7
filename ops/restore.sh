#!/bin/sh
# Puts a backup back: replaces the content of the database in one transaction, so that it works or changes nothing.
set -eu
test $# -ge 1 -a $# -le 2 || { echo "usage: ops/restore.sh DUMP [KEYS]" >&2; exit 2; }
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
home=${NHIPCAU_HOME:-$here/.nhipcau}
umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo 'SET client_min_messages = warning; DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public;' >"$work/all.sql"
"$here/.venv/bin/nhipcau" pg_restore --no-owner --file="$work/dump.sql" "$1"
cat "$work/dump.sql" >>"$work/all.sql"
"$here/.venv/bin/nhipcau" psql --quiet --set=ON_ERROR_STOP=1 --single-transaction --output=/dev/null --file="$work/all.sql"
if [ $# -eq 2 ]; then
    if [ -f "$home/keys.json" ] && ! cmp -s "$2" "$home/keys.json"; then
        cp -p "$home/keys.json" "$home/keys.json.before-$(date -u +%Y%m%dT%H%M%SZ)"
    fi
    cp "$2" "$home/keys.json.part" && mv "$home/keys.json.part" "$home/keys.json"
fi
echo "Restored $1."
