/**
 * What has to be undone should the program end early, by Ctrl-C for one: `finally` does not run
 * then. An exit handler cannot wait for anything, so only synchronous calls are of use.
 */
const pending = new Set<() => void>();

process.once('exit', () => {
  for (const undo of [...pending].reverse()) undo();
});

/** Remembers what to undo until it is no longer needed, which the answer tells. */
export function cleanUpOnExit(undo: () => void): () => void {
  pending.add(undo);
  return () => pending.delete(undo);
}
