#!/usr/bin/env bash
# Brings a cluster to what mantis.yaml, .env and MANTIS_* variables say. Looks before it changes
# anything, asks, waits, sees telemetry arrive, and goes back to what was there if that fails.
#
#   scripts/deploy.sh [--yes] [--dry-run] [--ignore-checks] [--wait 10m] [--timeout 40s]
#                     [--no-doctor] [--force-unlock] [--json] [--context NAME]
#                     [--ssh USER@HOST[:PORT]]
#
#   --yes             do not ask
#   --dry-run         say what would change, let the API server judge it, change nothing
#   --ignore-checks   go on although a requirement is not met; volumes stay protected
#   --wait            how long components may take to become ready; default 10m
#   --timeout         how long each hop of the doctor may take; default 40s
#   --no-doctor       do not send telemetry through the stack afterwards
#   --force-unlock    go on although somebody else is deploying, removing or restoring
#   --json            print one JSON document; what is said to people goes to standard error
#   --context         kubectl context; default: $KUBE_CONTEXT, or the local kind cluster
#   --ssh             use the kubectl of that machine, and its contexts
#
# Ends with 0 if what was asked for runs, with 1 if not, and with 130 (Ctrl-C) or 143 (SIGTERM) if a
# signal had it go back to what was there.

# shellcheck source=scripts/common.sh
source "$(dirname "$0")/common.sh"
mantis deploy "$@"
