import { waitForRollout } from '../ops/cluster/rollout.ts';
import { messageOf } from '../ops/process/errors.ts';
import { fakeProgramPath, readCalls } from './fake-programs.ts';

/** What deploy prints while the API server refuses to create a pod. */

// Starting programs takes a while on a busy machine.
jest.setTimeout(60_000);

const path = process.env.PATH;
let output = '';

beforeEach(() => {
  output = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += String(text);
    return true;
  });
});

afterEach(() => {
  process.env.PATH = path;
  jest.restoreAllMocks();
});

const loki = (updatedReplicas: number) => ({
  kind: 'StatefulSet',
  metadata: { name: 'loki', namespace: 'observability', generation: 1 },
  spec: { replicas: 1 },
  status: { observedGeneration: 1, updatedReplicas },
});
const refusal = 'create Pod loki-0 in StatefulSet loki failed error: exceeded quota: small';
const event = {
  involvedObject: { kind: 'StatefulSet', name: 'loki' },
  message: refusal,
  lastTimestamp: '2026-11-27T18:00:00Z',
};

/** A wait of two seconds for a cluster with this workload, whose events may be denied. */
async function wait(workload: object, events = `echo '${JSON.stringify({ items: [event] })}'`) {
  const kubectl = `case "$*" in
    *'get namespaces'*) echo '{"items": []}';;
    *'get events'*) ${events};;
    *) echo '${JSON.stringify({ items: [workload] })}';;
  esac`;
  const bin = fakeProgramPath({ kubectl });
  process.env.PATH = bin;
  const target = { context: 'any', namespace: 'observability' };
  const message = await waitForRollout(target, { timeoutSeconds: 2 }).catch(messageOf);
  return { message, calls: readCalls(bin) };
}

test('the refusal is printed at once, and is in the message of the timeout', async () => {
  const { message } = await wait(loki(0));
  expect(output).toContain(`loki gets no pod: FailedCreate: ${refusal}`);
  expect(message).toContain(`last seen: loki (FailedCreate: ${refusal})`);
});

test('without permission to list events, the wait goes on', async () => {
  const { message } = await wait(loki(0), `echo 'events is forbidden' >&2; exit 1`);
  expect(message).toContain('last seen: loki (no pod yet)');
});

test('while every pod exists, events are not read', async () => {
  const { message, calls } = await wait(loki(1));
  expect(message).toContain('last seen: loki (no pod yet)');
  expect(calls.filter((call) => call.includes('get events'))).toEqual([]);
});
