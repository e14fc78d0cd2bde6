import { UserError } from '../process/errors.ts';
import { type RunOptions, run } from '../process/run.ts';

/** What runs kind's nodes and holds local images. */
export type Engine = 'docker' | 'podman';

/**
 * The engine that kind itself goes by (https://kind.sigs.k8s.io/docs/user/rootless/).
 *
 * @throws UserError for one that Mantis was not written for
 */
export function engine(env: NodeJS.ProcessEnv = process.env): Engine {
  const { KIND_EXPERIMENTAL_PROVIDER: named = '' } = env;
  if (named === '' || named === 'docker') return 'docker';
  if (named === 'podman') return 'podman';
  throw new UserError(`KIND_EXPERIMENTAL_PROVIDER must be docker or podman, got "${named}"`);
}

/** Runs the engine's own program; both understand the same words, but for what is said where. */
export function runEngine(args: readonly string[], options?: RunOptions): Promise<string> {
  return run(engine(), args, options);
}
