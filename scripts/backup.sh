#!/usr/bin/env bash
# Saves what the stores hold, lists backups, or checks them.
#
#   scripts/backup.sh [OPTIONS]            see --help; make backup and make backup-list do the same
#
# Paths are meant from where it is called. Ends with 1 if anything went wrong.
set -euo pipefail

export INIT_CWD="${INIT_CWD:-$PWD}"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[[ -d node_modules/tsx ]] || {
  echo 'nothing is installed yet: npm ci' >&2
  exit 1
}
exec node --import tsx ops/cli.ts backup "$@"
