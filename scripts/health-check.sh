#!/usr/bin/env bash
# Follows a marked metric, log line and trace through the stack, from OTLP to Grafana, and says
# which hop is broken, why, and what to do.
#
#   scripts/health-check.sh [--timeout 15s] [--inside] [--json] [--context NAME] [--ssh USER@HOST[:PORT]]
#
#   --timeout   how long each hop may take; default 15s
#   --inside    look from a pod of the cluster, by DNS, Services and NetworkPolicies, as apps do;
#               the pod and all that it needs are gone afterwards
#   --json      print one JSON document in place of text
#   --context   kubectl context; default: $KUBE_CONTEXT, or the local kind cluster
#   --ssh       use the kubectl of that machine, and its contexts
#
# Ends with 0 if all is well, with 1 if anything failed.

# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"
mantis doctor "$@"
