import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDotEnv } from './dot-env.ts';

function read(text: string, env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const file = join(mkdtempSync(join(tmpdir(), 'mantis-')), '.env');
  writeFileSync(file, text);
  readDotEnv(file, env);
  return env;
}

test('settings and the kubectl context are read, other variables and comments are not', () => {
  const text = '# MANTIS_A=1\nMANTIS_NAMESPACE=mine\nKUBE_CONTEXT=prod\nPATH=/tmp\n';
  expect(read(text)).toEqual({ MANTIS_NAMESPACE: 'mine', KUBE_CONTEXT: 'prod' });
});

test('the environment takes precedence', () => {
  expect(read('MANTIS_NAMESPACE=mine\n', { MANTIS_NAMESPACE: 'other' })).toEqual({
    MANTIS_NAMESPACE: 'other',
  });
});

test('a missing file changes nothing', () => {
  const env = {};
  readDotEnv('/does/not/exist/.env', env);
  expect(env).toEqual({});
});
