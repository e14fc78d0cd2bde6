# shellcheck shell=bash
# Sourced by ./mantis and the scripts beside this file: reads .env as make does, and runs ops/cli.ts.
set -euo pipefail

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
