import { existsSync, readFileSync } from 'node:fs';

/** Like make, takes only settings and the choice of the cluster from .env, without quotes. */
const line = /^(MANTIS_[A-Z0-9_]+|KUBE_CONTEXT)=(.*)$/;

/** Adds the variables of a .env file to the environment, whose own variables take precedence. */
export function readDotEnv(file = '.env', env: NodeJS.ProcessEnv = process.env): void {
  if (!existsSync(file)) return;
  for (const text of readFileSync(file, 'utf8').split('\n')) {
    const [, name, value] = line.exec(text) ?? [];
    if (name !== undefined) env[name] ??= value;
  }
}
