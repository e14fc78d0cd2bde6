#!/usr/bin/env bash
# Removes Mantis from a cluster. Its data is kept unless --volumes is given.
#
#   scripts/undeploy.sh [OPTIONS]          see --help; make undeploy does the same
#
# Ends with 0 if it is gone, with 1 if not. Called again, it goes on where it was interrupted.

# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"
mantis undeploy "$@"
