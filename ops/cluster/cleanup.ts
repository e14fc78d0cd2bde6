import { spawnSync } from 'node:child_process';
import { undoOnExit } from '../process/cleanup.ts';
import { kubectlCommand, type Target } from './kubectl.ts';

/** The same with a kubectl call. */
export function putBackOnExit(target: Target, args: readonly string[]): () => void {
  return undoOnExit(() => {
    process.stderr.write(`putting back: kubectl ${args.join(' ')}\n`);
    spawnSync(...kubectlCommand(target, args), {
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: 30_000,
    });
  });
}
