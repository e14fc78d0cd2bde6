#!/usr/bin/env bash
# Removes what Mantis runs from a cluster. What it stores stays unless --volumes is given.
#
#   scripts/undeploy.sh [--yes] [--volumes] [--force-unlock] [--context NAME]
#                       [--ssh USER@HOST[:PORT]]
#
#   --yes            do not ask
#   --volumes        also delete all that is stored, Grafana's login and the namespace
#   --force-unlock   go on although somebody else is deploying, removing or restoring
#   --context        kubectl context; default: $KUBE_CONTEXT, or the local kind cluster
#   --ssh            use the kubectl of that machine, and its contexts
#
# Ends with 0 if it is gone, with 1 if not. Called again, it goes on where it was interrupted.

# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"
mantis undeploy "$@"
