#!/usr/bin/env bash
# Creates, lists and verifies backups of the stores.
#
#   scripts/backup.sh [OPTIONS]            creates one; see --help
#   scripts/backup.sh list|verify …        the same as ./mantis backup list|verify
#
# Paths are relative to where it is called. Ends with 1 if anything went wrong.

# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"
mantis backup "$@"
