import { fuzz } from '../../bench/fuzz/fuzz.ts';
import { fuzzFailures } from '../../bench/fuzz/outcome.ts';
import { formatResult } from '../../bench/fuzz/report.ts';
import { isLocal } from '../../ops/cluster/session.ts';
import { session } from './cluster.ts';

// Odd telemetry stays in the stores, so only where the cluster can be thrown away.
const onKind = isLocal(session) ? test : test.skip;

onKind('mutated telemetry is refused, stored or counted, and hurts no other', async () => {
  const result = await fuzz(session, { seed: 1, requests: 300 });
  process.stdout.write(`${formatResult(result)}\n`);
  expect(fuzzFailures(result)).toEqual([]);
});
