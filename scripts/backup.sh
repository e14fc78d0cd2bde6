#!/usr/bin/env bash
# Saves what the stores hold, lists backups, or checks them.
#
#   scripts/backup.sh [OPTIONS]            see --help; make backup and ./mantis backup list do the same
#
# Paths are meant from where it is called. Ends with 1 if anything went wrong.

# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"
export INIT_CWD="${INIT_CWD:-$PWD}"
run_mantis backup "$@"
