#!/usr/bin/env bash
# Deploys to a cluster what mantis.yaml, .env and MANTIS_* variables say, and rolls back if that fails.
#
#   scripts/deploy.sh [OPTIONS]            see --help; make deploy does the same
#
# Ends with 0 if what was asked for runs, with 1 if not, and with 130 (Ctrl-C) or 143 (SIGTERM) if a
# signal interrupted it and it rolled back.

# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"
mantis deploy "$@"
