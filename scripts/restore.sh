#!/usr/bin/env bash
# Restores the stores from a backup.
#
#   scripts/restore.sh BACKUP [OPTIONS]    see --help; make restore FILE=… does the same
#
# Paths are relative to where it is called. Ends with 1 if anything went wrong.

# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"
mantis restore "$@"
