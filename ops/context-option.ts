/** What every command takes that works on a cluster; `openSession` says which one it means. */
export const contextOption = [
  '--context <name>',
  'kubectl context (default: $KUBE_CONTEXT, or the kind cluster)',
] as const;
