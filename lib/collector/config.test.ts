import { Size } from 'cdk8s';
import { type ConfigObject, withExtraConfig } from '../model/config-file.ts';
import { settingsSchema } from '../schema.ts';
import { collectorConfig, pipelineMistakes } from './config.ts';

interface Exporter {
  readonly endpoint: string;
  readonly sending_queue: {
    readonly storage: string;
    readonly queue_size: number;
    readonly block_on_overflow: boolean;
    readonly num_consumers?: number;
    readonly batch: {
      readonly sizer: 'bytes' | 'items';
      readonly min_size: number;
      readonly max_size: number;
    };
  };
  readonly retry_on_failure: { readonly max_elapsed_time: number };
}

interface Config {
  readonly extensions: {
    readonly file_storage: {
      readonly directory: string;
      readonly compaction: { readonly directory: string };
    };
  };
  readonly receivers: {
    readonly otlp: {
      readonly protocols: {
        readonly grpc: { readonly max_recv_msg_size_mib: number };
        readonly http: { readonly max_request_body_size: number };
      };
    };
  };
  readonly exporters: Readonly<Record<string, Exporter>>;
  readonly processors: Readonly<Record<string, unknown>>;
  readonly service: {
    readonly extensions: readonly string[];
    readonly pipelines: Readonly<
      Record<
        'metrics' | 'logs' | 'traces',
        {
          readonly receivers: readonly string[];
          readonly processors: readonly string[];
          readonly exporters: readonly string[];
        }
      >
    >;
  };
}

const mebibyte = 1024 * 1024;
const endpoints = {
  metricsEndpoint: 'http://metrics/otlp',
  logsEndpoint: 'http://logs/otlp',
  tracesEndpoint: 'traces:4317',
};

function config(storage = Size.gibibytes(2), scrapeConfigs: ConfigObject[] = []) {
  const { collector } = settingsSchema.parse({});
  const props = {
    ...collector,
    ...endpoints,
    clusterName: 'blue',
    storage,
    scrapeConfigs,
    dataDir: '/data',
  };
  return collectorConfig(props) as unknown as Config & ConfigObject;
}

test.each([
  ['metrics', 'http://metrics/otlp'],
  ['logs', 'http://logs/otlp'],
  ['traces', 'traces:4317'],
] as const)('%s go to %s', (signal, endpoint) => {
  const { exporters, service } = config();
  const names = service.pipelines[signal].exporters;
  expect(names.map((name) => exporters[name]?.endpoint)).toEqual([endpoint]);
});

const exporters = Object.entries(config().exporters).map(([name, exporter]) => ({
  name,
  exporter,
}));

test.each(exporters)(
  '$name has a persistent queue, blocks on overflow and retries without end',
  ({ exporter }) => {
    expect(exporter.sending_queue).toMatchObject({
      storage: 'file_storage',
      block_on_overflow: true,
    });
    expect(exporter.retry_on_failure.max_elapsed_time).toBe(0);
    expect(config().service.extensions).toContain('file_storage');
  },
);

test('metrics are sent by one consumer, so that samples stay in order', () => {
  expect(config().exporters['otlp_http/prometheus']?.sending_queue.num_consumers).toBe(1);
});

test('queues and their compaction are on the volume', () => {
  const { directory, compaction } = config().extensions.file_storage;
  for (const path of [directory, compaction.directory]) expect(path).toMatch(/^\/data\//);
});

test.each([16, 64, 2048, 102_400])(
  'on %d MiB a batch fits into the queue, and all queues into the volume',
  (size) => {
    const queues = Object.values(config(Size.mebibytes(size)).exporters).map(
      ({ sending_queue }) => sending_queue,
    );
    for (const { batch, queue_size } of queues) {
      expect(batch.min_size).toBeLessThanOrEqual(queue_size);
    }
    const together = queues.reduce((sum, { queue_size }) => sum + queue_size, 0);
    expect(together).toBeLessThan(size * mebibyte);
  },
);

test('no request that is accepted has an item too large for a batch', () => {
  const { http, grpc } = config().receivers.otlp.protocols;
  expect(grpc.max_recv_msg_size_mib * mebibyte).toBe(http.max_request_body_size);
  for (const { sending_queue } of Object.values(config().exporters)) {
    const { sizer, max_size } = sending_queue.batch;
    expect(sizer === 'items' || max_size > http.max_request_body_size).toBe(true);
  }
});

test.each(['metrics', 'logs', 'traces'] as const)('%s pass memory_limiter first', (signal) => {
  const { processors } = config().service.pipelines[signal];
  expect(processors[0]).toBe('memory_limiter');
  expect(processors).toContain('attributes/redact');
});

test('scrapeConfigs add a receiver to the metrics pipeline only', () => {
  const { service, receivers } = config(undefined, [{ job_name: 'mine' }]);
  expect(receivers).toHaveProperty('prometheus.config', {
    global: { sample_limit: 10_000, body_size_limit: '2MiB' },
    scrape_configs: [{ job_name: 'mine' }],
  });
  expect(service.pipelines.metrics.receivers).toEqual(['otlp', 'prometheus']);
  expect(service.pipelines.traces.receivers).toEqual(['otlp']);
  expect(config().receivers).not.toHaveProperty('prometheus');
});

const pipeline = (name: string, parts: object) => ({ service: { pipelines: { [name]: parts } } });

test.each([
  {
    name: 'the generated configuration',
    extra: {},
    missing: [],
  },
  {
    name: 'an undeclared exporter',
    extra: pipeline('traces', { exporters: ['otlp_grpc/vendor'] }),
    missing: ['service.pipelines.traces.exporters: otlp_grpc/vendor is not declared'],
  },
  {
    name: 'the same, declared',
    extra: {
      exporters: { 'otlp_grpc/vendor': { endpoint: 'vendor:4317' } },
      ...pipeline('traces', { exporters: ['otlp_grpc/vendor'] }),
    },
    missing: [],
  },
  {
    name: 'a pipeline of undeclared parts',
    extra: pipeline('logs/x', { receivers: ['a'], processors: ['b'], exporters: ['c'] }),
    missing: [
      'service.pipelines.logs/x.receivers: a is not declared',
      'service.pipelines.logs/x.processors: b is not declared',
      'service.pipelines.logs/x.exporters: c is not declared',
    ],
  },
  {
    name: 'a connector as exporter and receiver',
    extra: {
      connectors: { 'forward/two': {} },
      service: {
        pipelines: {
          traces: { exporters: ['forward/two'] },
          'traces/two': { receivers: ['forward/two'], exporters: ['otlp_grpc/tempo'] },
        },
      },
    },
    missing: [],
  },
  {
    name: 'a connector where a processor belongs',
    extra: {
      connectors: { forward: {} },
      ...pipeline('traces', { processors: ['forward'] }),
    },
    missing: ['service.pipelines.traces.processors: forward is not declared'],
  },
])('$name is reported as $missing', ({ extra, missing }) => {
  expect(pipelineMistakes(withExtraConfig(config(), extra))).toEqual(missing);
});

test.each([
  ['pipelines left empty', { service: { pipelines: null } }, 'service.pipelines'],
  ['an empty pipeline', { service: { pipelines: { traces: null } } }, 'service.pipelines.traces'],
  [
    'a name where a list belongs',
    pipeline('x', { receivers: 'otlp' as unknown as string[], exporters: [] }),
    'service.pipelines.x.receivers',
  ],
  [
    'an undeclared extension',
    { service: { extensions: ['pprof'] } },
    'service.extensions: pprof is not declared',
  ],
])('%s is reported as one error with its path', (_, extra, where) => {
  const mistakes = pipelineMistakes(withExtraConfig(config(), extra));
  expect(mistakes).toEqual([expect.stringContaining(where)]);
});

test('telemetry is dropped first and sampled last, and each pipeline has only the processors of its signal', () => {
  const { collector } = settingsSchema.parse({
    collector: {
      drop: [{ signal: 'traces', paths: ['/health'] }],
      redact: { mask: ['email'] },
      transform: { traces: ['set(span.name, "x")'], logs: ['set(log.body, "x")'] },
      sampling: { mode: 'tail', keep: '10%' },
    },
  });
  const { service, processors } = collectorConfig({
    ...collector,
    ...endpoints,
    clusterName: 'blue',
    dataDir: '/data',
  }) as unknown as Config;
  const afterHeaders = (signal: 'metrics' | 'logs' | 'traces') => {
    const all = service.pipelines[signal].processors;
    return all.slice(all.indexOf('attributes/redact') + 1);
  };
  expect(afterHeaders('traces')).toEqual([
    'transform/sanitize',
    'filter/drop',
    'transform/custom',
    'transform/redact',
    'tail_sampling',
    'transform/late',
  ]);
  expect(afterHeaders('logs')).toEqual([
    'transform/severity',
    'transform/sanitize',
    'transform/custom',
    'transform/redact',
    'transform/level',
    'groupbyattrs/level',
  ]);
  expect(afterHeaders('metrics')).toEqual([
    'transform/sanitize',
    'transform/redact',
    'filter/invalid',
    'delta_to_cumulative',
  ]);
  for (const name of afterHeaders('traces')) expect(processors).toHaveProperty([name]);
});
