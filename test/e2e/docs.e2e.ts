import { run } from '../../ops/process/run.ts';
import { runnable, shell } from '../runnable.ts';
import { session } from './cluster.ts';

const blocks = runnable('cluster');

test.each(blocks)('$file: $script', async ({ script }) => {
  // Any cluster, not the one that a plain make would choose.
  await run('bash', [...shell, script], { env: { KUBE_CONTEXT: session.target.context } });
});

test('there are such blocks', () => {
  expect(blocks.length).toBeGreaterThan(3);
});
