/**
 * Cleanup steps to run if the program exits early, as `finally` blocks do not run then. An exit
 * handler cannot wait for promises, so every step has to be synchronous.
 */
const pending = new Set<() => void>();

process.once('exit', () => {
  for (const undo of [...pending].reverse()) undo();
});

/** Registers a cleanup step. @returns a function that cancels it */
export function cleanUpOnExit(undo: () => void): () => void {
  pending.add(undo);
  return () => pending.delete(undo);
}
