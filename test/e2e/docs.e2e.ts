import { run } from '../../ops/process/run.ts';
import { shellBlocks, strictShellFlags } from '../doc-commands.ts';
import { session } from './cluster.ts';

const blocks = shellBlocks('cluster');

test.each(blocks)('$file: $script', async ({ script }) => {
  // The cluster under test, not the default of make.
  await run('bash', [...strictShellFlags, script], {
    env: { KUBE_CONTEXT: session.target.context },
  });
});

test('the documents have blocks for a cluster', () => {
  expect(blocks.length).toBeGreaterThan(3);
});
