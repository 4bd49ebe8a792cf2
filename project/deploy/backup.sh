#!/bin/sh
# A consistent copy of database and media while the site runs: backup.sh FOLDER
# From the repository's root, with the installation's environment. Keeps KEEP_DAYS (30) days. The secret key is not in
# it, on purpose: keep that elsewhere, for without it the encrypted columns of this copy cannot be read.
set -eu
umask 077
folder=${1:?usage: backup.sh FOLDER}
data=${DATA_DIR:-var}
copy="$folder/gocua-$(date +%Y-%m-%dT%H%M%S)"
mkdir -p "$folder"

case "${DATABASE_URL:-}" in
postgres*)
  pg_dump --format=custom --no-owner --file="$copy.dump" "$DATABASE_URL"
  ;;
*)
  file=$data/db.sqlite3
  [ -z "${DATABASE_URL:-}" ] || file=${DATABASE_URL#sqlite://}
  # Never cp: under WAL the newest records lie in another file. VACUUM INTO reads one moment of the database.
  .venv/bin/python - "$file" "$copy.sqlite3" <<'PY'
import sqlite3
import sys

source, copy = sys.argv[1:]
with sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=60) as database:
    database.execute("VACUUM INTO ?", (copy,))
if sqlite3.connect(copy).execute("PRAGMA integrity_check").fetchone() != ("ok",):
    sys.exit("the copy is damaged")
PY
  ;;
esac

# Uploads and rejected rows (private/) are left out: they live for hours and hold what people brought.
[ ! -d "$data/media" ] || tar -C "$data" -czf "$copy-media.tar.gz" media
find "$folder" -maxdepth 1 -name 'gocua-*' -mtime +"${KEEP_DAYS:-30}" -delete
echo "$copy"
