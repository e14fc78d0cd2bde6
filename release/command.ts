import { spawnSync } from 'node:child_process';

/** Runs a program to its end, without INIT_CWD and the like of npm, which would be those of this repository. */
export function command(
  cwd: string,
  program: string,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): { readonly code: number | null; readonly stdout: string; readonly output: string } {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(npm_(?!config_)|INIT_CWD$|MANTIS_)/.test(name),
    ),
  );
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: { ...env, ...variables },
  });
  if (error !== undefined) throw error;
  return { code: status, stdout, output: stdout + stderr };
}
