import { createHash } from 'node:crypto';
import type { SettingsInput } from '../../lib/schema.ts';
import { settingsOf } from '../synthesized.ts';
import { withBinary } from './binaries.ts';
import {
  processorsOf,
  readStored,
  type StoredMetric,
  sendOtlp,
  startCollector,
} from './otelcol.ts';

const now = `${Date.now()}000000`;

/** Values that must be removed, in various notations. */
const secrets = {
  email: 'jane.doe+x@mail.example.co.uk',
  visa: '4111 1111 1111 1111',
  amex: '371449635398431',
  mastercard: '5500-0000-0000-0004',
  bearer: 'Bearer abcdef0123456789.x-y',
  jwt: 'eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl',
  own: 'acme_live_9f8e7d',
};
const all = Object.values(secrets).join(' then ');

/** Values that look similar and must stay. */
const harmless = [
  '1700000000000000',
  '4bf92f3577b34da6a3ce929d0e0e4736',
  'koa@2.15.3/lib/app.js',
  'order 41111 of 2024-11-23T10:00:00Z',
  'basic plan',
].join(' and ');

type Value = string | number | boolean | Value[] | { [key: string]: Value };

function value(of: Value): object {
  if (typeof of === 'string') return { stringValue: of };
  if (typeof of === 'boolean') return { boolValue: of };
  if (typeof of === 'number') {
    if (Number.isInteger(of)) return { intValue: String(of) };
    return { doubleValue: Number.isNaN(of) ? 'NaN' : of };
  }
  if (Array.isArray(of)) return { arrayValue: { values: of.map(value) } };
  return { kvlistValue: { values: attributes(of) } };
}

const attributes = (values: { [key: string]: Value }) =>
  Object.entries(values).map(([key, each]) => ({ key, value: value(each) }));

/** Attributes of every type. */
const everyShape = {
  text: `a ${all} b`,
  list: ['first', all],
  map: { inner: { deep: all, count: 7 } },
  number: 4_111_111_111_111_111,
  count: 200,
  share: 0.5,
  // JSON does not have it, and attributes as JSON do not exist then.
  ratio: Number.NaN,
  flag: true,
  harmless,
};

const resource = { attributes: attributes({ 'service.name': 'shop', note: all }) };
const scope = { name: 'test', attributes: attributes({ note: all }) };

const spans = {
  resourceSpans: [
    {
      resource,
      scopeSpans: [
        {
          scope,
          spans: [
            {
              traceId: 'a'.repeat(32),
              spanId: 'b'.repeat(16),
              name: `GET /users/${secrets.email}`,
              kind: 2,
              startTimeUnixNano: now,
              endTimeUnixNano: now,
              status: { code: 2, message: `no card ${secrets.visa}` },
              attributes: attributes(everyShape),
              events: [
                {
                  timeUnixNano: now,
                  name: `mail to ${secrets.email}`,
                  attributes: attributes({ 'exception.message': all, harmless }),
                },
              ],
            },
            {
              traceId: 'a'.repeat(32),
              spanId: 'c'.repeat(16),
              name: 'clean',
              kind: 1,
              startTimeUnixNano: now,
              endTimeUnixNano: now,
              attributes: attributes({ list: ['kept', 'as', 'it', 'is'], status: 200 }),
            },
          ],
        },
      ],
    },
  ],
};

const record = (body: Value) => ({
  timeUnixNano: now,
  body: value(body),
  attributes: attributes(everyShape),
});

const logs = {
  resourceLogs: [
    {
      resource,
      scopeLogs: [
        {
          scope,
          logRecords: [
            record(`a text: ${all}`),
            record(harmless),
            record({ message: all, nested: { list: [all] }, count: 7 }),
            record(['a list', all]),
          ],
        },
      ],
    },
  ],
};

const point = (values: { [key: string]: Value }, asInt: number) => ({
  timeUnixNano: now,
  startTimeUnixNano: now,
  asInt: String(asInt),
  attributes: attributes(values),
  exemplars: [
    {
      timeUnixNano: now,
      asInt: '1',
      filteredAttributes: attributes({ note: all }),
    },
  ],
});

const metrics = {
  resourceMetrics: [
    {
      resource,
      scopeMetrics: [
        {
          scope,
          metrics: [
            {
              name: 'visits',
              sum: {
                aggregationTemporality: 2,
                isMonotonic: true,
                dataPoints: [
                  point({ user: 'one@example.com', route: '/' }, 3),
                  point({ user: 'two@example.com', route: '/' }, 4),
                  point({ user: 'none', route: '/a' }, 5),
                ],
              },
            },
            {
              name: 'queue',
              gauge: {
                dataPoints: [
                  point({ user: 'one@example.com' }, 3),
                  point({ user: 'two@example.com' }, 4),
                ],
              },
            },
          ],
        },
      ],
    },
  ],
};

withBinary('otelcol-contrib', (_run, program) => {
  async function redacted(
    redact: NonNullable<SettingsInput['collector']>['redact'],
    sent: { traces?: object; logs?: object; metrics?: object },
    env: Record<string, string> = {},
  ) {
    const collector = await startCollector(
      program,
      processorsOf(settingsOf({ collector: { redact, secret: 'any' } })),
      env,
    );
    for (const [signal, body] of Object.entries(sent)) {
      await sendOtlp(collector, signal as keyof typeof sent, body);
    }
    await collector.stop();
    return readStored(collector);
  }

  const mask = {
    mask: ['email', 'card', 'token'],
    patterns: ['acme_live_[0-9a-f]+'],
  } satisfies NonNullable<SettingsInput['collector']>['redact'];

  test('masked values are removed from texts, lists, maps, numbers, names, events and bodies', async () => {
    const { text } = await redacted(mask, { traces: spans, logs, metrics });
    expect(text).toContain('resourceSpans');
    expect(text).toContain('resourceLogs');
    expect(text).toContain('resourceMetrics');
    for (const secret of [...Object.values(secrets), '4111111111111111', 'one@example.com']) {
      expect(text).not.toContain(secret);
    }
    expect(text).toContain('"a *** then *** then *** then *** then *** then *** then *** b"');
    expect(text).toContain('"GET /users/***"');
    expect(text).toContain('"no card ***"');
    expect(text).toContain('"mail to ***"');
  }, 30_000);

  test('similar values stay, and other attributes keep their types', async () => {
    const stored = await redacted(mask, { traces: spans, logs });
    const [dirty, clean] = stored.spans;
    const of = (key: string) => dirty?.attributes?.find((each) => each.key === key)?.value;
    expect(of('harmless')).toEqual({ stringValue: harmless });
    expect(of('list.1')?.stringValue).toContain('***');
    expect(clean?.attributes).toEqual(
      attributes({ list: ['kept', 'as', 'it', 'is'], status: 200 }),
    );
    expect(stored.logs.map(({ body }) => body?.stringValue)).toContain(harmless);
  }, 30_000);

  test('numbers keep their type if no number is masked', async () => {
    const { number: _number, ...shapes } = everyShape;
    const [resourceLogs] = logs.resourceLogs;
    const logRecords = [{ timeUnixNano: now, body: value('x'), attributes: attributes(shapes) }];
    const body = { resourceLogs: [{ ...resourceLogs, scopeLogs: [{ scope, logRecords }] }] };
    const stored = await redacted(mask, { logs: body });
    const of = (key: string) => stored.logs[0]?.attributes?.find((each) => each.key === key)?.value;
    expect(of('count')).toEqual({ intValue: '200' });
    expect(of('share')).toEqual({ doubleValue: 0.5 });
    expect(of('flag')).toEqual({ boolValue: true });
    expect(of('map.inner.count')).toEqual({ intValue: '7' });
    expect(of('map.inner.deep')?.stringValue).toContain('***');
  }, 30_000);

  test('series that become identical are merged: sums are added, gauges keep the highest value', async () => {
    const stored = await redacted(mask, { metrics });
    const points = (metric: StoredMetric | undefined) =>
      (metric?.sum ?? metric?.gauge)?.dataPoints
        .map(({ attributes: each, asInt }) => `${each?.[0]?.value.stringValue} ${asInt}`)
        .sort();
    const named = (name: string) => stored.metrics.find((each) => each.name === name);
    expect(points(named('visits'))).toEqual(['*** 7', 'none 5']);
    expect(points(named('queue'))).toEqual(['*** 4']);
  }, 30_000);

  test('attributes are deleted by name and pattern in resources, records and bodies', async () => {
    const secretive = {
      'user.email': 'a',
      'http.request.header.x-token': ['b'],
      'http.request.header': 'kept',
      'a.b': 'gone',
      aXb: 'kept too',
      'quo"te\\': 'gone',
    };
    const body = {
      resourceLogs: [
        {
          resource: { attributes: attributes({ 'service.name': 'shop', 'user.email': 'c' }) },
          scopeLogs: [
            {
              logRecords: [
                { timeUnixNano: now, body: value(secretive), attributes: attributes(secretive) },
              ],
            },
          ],
        },
      ],
    };
    const stored = await redacted(
      { delete: ['user.email', 'http.request.header.*', 'a.b', 'quo"te\\'] },
      { logs: body },
    );
    const kept = attributes({ 'http.request.header': 'kept', aXb: 'kept too' });
    expect(stored.logs[0]?.attributes).toEqual(kept);
    expect(stored.logs[0]?.body).toEqual({ kvlistValue: { values: kept } });
    expect(stored.text).not.toContain('user.email');
    expect(stored.text).toContain('service.name');
  }, 30_000);

  test('values are hashed, with the key if there is one', async () => {
    const traces = {
      resourceSpans: [
        {
          resource: { attributes: attributes({ 'user.id': 'u1' }) },
          scopeSpans: [
            {
              spans: ['u1', 'u2', 7].map((user, index) => ({
                traceId: 'a'.repeat(32),
                spanId: String(index + 1).padStart(16, 'b'),
                name: 'x',
                kind: 1,
                startTimeUnixNano: now,
                endTimeUnixNano: now,
                attributes: attributes({ 'user.id': user, other: 'u1' }),
              })),
            },
          ],
        },
      ],
    };
    const sha = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
    const users = ({ spans: found }: ReturnType<typeof readStored>) =>
      found.map(({ attributes: each }) => each?.[0]?.value.stringValue);

    const plain = await redacted({ hash: ['user.id'] }, { traces });
    expect(users(plain)).toEqual([sha('u1'), sha('u2'), sha('7')]);
    expect(plain.text).toContain('"key":"other","value":{"stringValue":"u1"}');
    expect(plain.text).toContain(`"key":"user.id","value":{"stringValue":"${sha('u1')}"}`);

    const keyed = { hash: ['user.id'], hashKey: 'HASH_KEY' };
    expect(users(await redacted(keyed, { traces }, { HASH_KEY: 's3cret' }))).toEqual(
      ['s3cretu1', 's3cretu2', 's3cret7'].map(sha),
    );
    expect((await redacted(keyed, { traces })).text).not.toContain('user.id');
  }, 30_000);
});
