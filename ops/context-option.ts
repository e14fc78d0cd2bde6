/** What every command takes that works on a cluster; `openSession` says which one it means. */
export const contextOption = [
  '--context <name>',
  'kubectl context (default: $KUBE_CONTEXT, or the kind cluster)',
] as const;

/** What every command takes that changes an installation. */
export const forceUnlockOption = [
  '--force-unlock',
  'go on although somebody else is deploying, removing or restoring',
] as const;
