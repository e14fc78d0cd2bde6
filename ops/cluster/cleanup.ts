import { spawnSync } from 'node:child_process';
import { cleanUpOnExit } from '../process/cleanup.ts';
import { kubectlCommand, type Target } from './kubectl.ts';

/** The same with a kubectl call. */
export function kubectlOnExit(target: Target, args: readonly string[]): () => void {
  return cleanUpOnExit(() => {
    process.stderr.write(`putting back: kubectl ${args.join(' ')}\n`);
    spawnSync(...kubectlCommand(target, args), {
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: 30_000,
    });
  });
}
