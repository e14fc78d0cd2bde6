#!/usr/bin/env bash
# Gives the stores what a backup holds, in the place of what they hold.
#
#   scripts/restore.sh BACKUP [OPTIONS]    see --help; make restore FILE=… does the same
#
# Paths are meant from where it is called. Ends with 1 if anything went wrong.
set -euo pipefail

export INIT_CWD="${INIT_CWD:-$PWD}"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
[[ -d node_modules/tsx ]] || {
  echo 'nothing is installed yet: npm ci' >&2
  exit 1
}
exec node --import tsx ops/cli.ts restore "$@"
