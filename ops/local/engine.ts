import { UserError } from '../process/errors.ts';
import { type RunOptions, run } from '../process/run.ts';

/** The container engine that runs kind's nodes and holds local images. */
export type Engine = 'docker' | 'podman';

/**
 * The engine that kind uses (https://kind.sigs.k8s.io/docs/user/rootless/).
 *
 * @throws UserError if it is neither Docker nor Podman
 */
export function engine(env: NodeJS.ProcessEnv = process.env): Engine {
  const { KIND_EXPERIMENTAL_PROVIDER: named = '' } = env;
  if (named === '' || named === 'docker') return 'docker';
  if (named === 'podman') return 'podman';
  throw new UserError(`KIND_EXPERIMENTAL_PROVIDER must be docker or podman, got "${named}"`);
}

/** Runs docker or podman. Where their arguments differ, the caller tells them apart. */
export function runEngine(args: readonly string[], options?: RunOptions): Promise<string> {
  return run(engine(), args, options);
}
