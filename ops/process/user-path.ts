import { resolve } from 'node:path';

/**
 * Resolves a path of the user. The program runs in the root of the project; npm and the scripts set
 * INIT_CWD to the directory in which they were called.
 */
export function userPath(path: string, env = process.env): string {
  return resolve(env.INIT_CWD ?? '.', path);
}
