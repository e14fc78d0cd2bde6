# shellcheck shell=bash
# Sourced by ./mantis and the scripts beside this file: runs ops/cli.ts.
set -euo pipefail

# Where it was called: paths of the user are relative to it.
export INIT_CWD="${INIT_CWD:-$PWD}"

# mantis COMMAND [ARGS...]
mantis() {
  cd "$(dirname "${BASH_SOURCE[0]}")/.."
  command -v node >/dev/null || {
    echo 'node is not on PATH: install Node.js 24 (20.19 or newer will do)' >&2
    exit 1
  }
  [[ -d node_modules/tsx ]] || {
    echo "its packages are not installed: run npm ci in $PWD" >&2
    exit 1
  }
  exec node --import tsx ops/cli.ts "$@"
}
