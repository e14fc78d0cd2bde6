#!/usr/bin/env bash
# Follows a marked metric, log line and trace through the stack, from OTLP to Grafana, and names the
# hop that is broken, why, and what to do.
#
#   scripts/health-check.sh [OPTIONS]      see --help; make doctor does the same
#
# Ends with 0 if all is well, with 1 if anything failed.

# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"
mantis doctor "$@"
