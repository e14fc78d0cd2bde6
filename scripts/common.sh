# shellcheck shell=bash
# Sourced by the scripts beside it: help from their own header, .env as make reads it, and ops/cli.ts.
set -euo pipefail

# The comment at the top of the script, up to the first empty line.
usage() {
  sed -n '2,/^$/s/^# \{0,1\}//p' "$0"
}

# What the shell says wins over .env, as it does under make.
read_env() {
  [[ -f .env ]] || return 0
  local line name
  while IFS= read -r line || [[ -n $line ]]; do
    [[ $line =~ ^(MANTIS_[A-Z0-9_]+|KUBE_CONTEXT)=(.*)$ ]] || continue
    name=${BASH_REMATCH[1]}
    [[ -n ${!name+set} ]] || export "$name=${BASH_REMATCH[2]}"
  done <.env
}

# mantis COMMAND [ARGS...]
mantis() {
  for argument in "$@"; do
    if [[ $argument == -h || $argument == --help ]]; then
      usage
      exit 0
    fi
  done
  run_mantis "$@"
}

# The same for commands that say themselves what their options are.
run_mantis() {
  cd "$(dirname "${BASH_SOURCE[0]}")/.."
  command -v node >/dev/null || {
    echo 'node is not on PATH: install Node.js 24 (20.19 or newer will do)' >&2
    exit 1
  }
  [[ -d node_modules/tsx ]] || {
    echo "its packages are not installed: run npm ci in $PWD" >&2
    exit 1
  }
  read_env
  exec node --import tsx ops/cli.ts "$@"
}
