#!/usr/bin/env bash
# Gives the stores what a backup holds, in the place of what they hold.
#
#   scripts/restore.sh BACKUP [OPTIONS]    see --help; make restore FILE=… does the same
#
# Paths are meant from where it is called. Ends with 1 if anything went wrong.

# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"
export INIT_CWD="${INIT_CWD:-$PWD}"
run_mantis restore "$@"
