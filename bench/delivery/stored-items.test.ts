import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Entry, isStored, Ledger } from './ledger.ts';
import { batchMs } from './numbered-batch.ts';
import { groupEntries, noteStored, readStored } from './stored-items.ts';

/** Runs `work` with the URL of a server, and gives the URLs that were requested. */
async function withServer(
  answer: (url: URL, response: ServerResponse) => void,
  work: (url: string) => Promise<void>,
): Promise<URL[]> {
  const requests: URL[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const url = new URL(request.url ?? '', 'http://x');
    requests.push(url);
    answer(url, response);
  }).listen(0);
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
  }
  return requests;
}

const since = 1_700_000_000_000;

test('a group has at most the given number of items, or is one batch', () => {
  const ledger = new Ledger();
  for (const size of [4, 4, 3, 12, 1]) ledger.add('logs', size, since);
  const sizes = groupEntries(ledger.entries.logs, { maxItems: 10 }).map((group) =>
    group.map(({ batch }) => batch.size),
  );
  expect(sizes).toEqual([[4, 4], [3], [12], [1]]);
});

test('batches of small size share a trace, which is read once', () => {
  const ledger = new Ledger('r1', 4);
  for (const size of [1, 1, 1, 1, 3, 2, 2]) ledger.add('spans', size, since);
  const limits = { maxItems: Number.POSITIVE_INFINITY, oneTrace: true } as const;
  const groups = groupEntries(ledger.entries.spans, limits);
  for (const group of groups) {
    const ids = group.map(({ batch }) => batch.traceId);
    expect(new Set(ids).size).toBe(1);
    expect(group.reduce((sum, { batch }) => sum + batch.size, 0)).toBeLessThanOrEqual(4);
  }
  expect(groups.length).toBeLessThan(6);
});

test('Loki is asked for the time of a group, and only again for those that are incomplete', async () => {
  const ledger = new Ledger();
  const first = ledger.add('logs', 2000, since);
  const second = ledger.add('logs', 2000, since + batchMs);
  let lost = 1;
  const requests = await withServer(
    (url, response) => {
      const start = Number(url.searchParams.get('start')?.slice(0, -6));
      const { batch } = [first, second].find((entry) => entry.batch.at === start) as Entry;
      const values = Array.from({ length: batch.size }, (_, index) => [
        '0',
        String(batch.first + index),
      ]);
      // The first answer about the second batch lacks a line.
      if (batch === second.batch && lost-- > 0) values.pop();
      response.end(
        JSON.stringify({ data: { resultType: 'streams', result: [{ stream: {}, values }] } }),
      );
    },
    async (url) => {
      await readStored('logs', url, ledger.entries.logs);
      expect([isStored(first), isStored(second)]).toEqual([true, false]);
      await readStored('logs', url, ledger.entries.logs);
      expect(isStored(second)).toBe(true);
    },
  );
  const starts = requests.map(({ searchParams }) => searchParams.get('start'));
  expect(starts).toEqual([`${since}000000`, `${since + 250}000000`, `${since + 250}000000`]);
});

test('samples are read by a range selector that includes the first and the last', async () => {
  const ledger = new Ledger();
  ledger.add('samples', 2, since);
  const [request] = await withServer(
    (_, response) =>
      response.end('{"data":{"resultType":"matrix","result":[{"values":[[1,"1"],[2,"2"]]}]}}'),
    (url) => readStored('samples', url, ledger.entries.samples),
  );
  expect(request?.searchParams.get('query')).toMatch(/\[251ms\]$/);
  expect(request?.searchParams.get('time')).toBe(String((since + batchMs) / 1000));
  expect(ledger.entries.samples.every(isStored)).toBe(true);
});

test('only incomplete traces are read again', async () => {
  const ledger = new Ledger();
  noteStored([ledger.add('spans', 1, since)], [1]);
  const { batch } = ledger.add('spans', 1, since);
  const requests = await withServer(
    (_, response) => {
      response.statusCode = 404;
      response.end();
    },
    (url) => readStored('spans', url, ledger.entries.spans),
  );
  expect(requests.map(({ pathname }) => pathname)).toEqual([`/api/v2/traces/${batch.traceId}`]);
});

test('what was read is kept if another request fails', async () => {
  const ledger = new Ledger();
  const first = ledger.add('samples', 100_000, since);
  ledger.add('samples', 100_000, since + batchMs);
  let answered = 0;
  await withServer(
    (_, response) => {
      response.statusCode = answered++ === 0 ? 200 : 500;
      response.end('{"data":{"resultType":"matrix","result":[{"values":[[1,"1"]]}]}}');
    },
    (url) => expect(readStored('samples', url, ledger.entries.samples)).rejects.toThrow('500'),
  );
  expect(first.stored[0]).toBe(1);
});
