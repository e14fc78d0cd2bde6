#!/usr/bin/env bash
# Removes what Mantis runs from a cluster. What it stores stays unless --volumes is given.
#
#   scripts/undeploy.sh [--yes] [--volumes] [--context NAME]
#
#   --yes       do not ask
#   --volumes   also delete all that is stored, Grafana's login and the namespace
#   --context   kubectl context; default: $KUBE_CONTEXT, or the local kind cluster

# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"
mantis undeploy "$@"
