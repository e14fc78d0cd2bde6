/** Numbered items as OTLP over HTTP takes them: a log line, a span and a sample for each number. */

export const signals = ['logs', 'spans', 'samples'] as const;
export type Signal = (typeof signals)[number];

/** The service under which all of it is stored. */
export const deliveryService = 'mantis-delivery';
/** Tells the items of one run from those of others. */
export const runAttribute = 'delivery.run';
export const sampleName = 'delivery.number';

export interface Batch {
  readonly run: string;
  readonly numbers: readonly number[];
  /** Spans of a batch are one trace. */
  readonly traceId: string;
  /** When the first of them happened; the others follow in steps of a millisecond. */
  readonly at: number;
}

const text = (key: string, value: string) => ({ key, value: { stringValue: value } });
const nano = (at: number) => `${at}000000`;

/** Where each signal is sent to. */
export const paths: Readonly<Record<Signal, string>> = {
  logs: '/v1/logs',
  spans: '/v1/traces',
  samples: '/v1/metrics',
};

export const bodies: Readonly<Record<Signal, (batch: Batch) => unknown>> = {
  logs: ({ run, numbers, at }) => ({
    resourceLogs: [
      {
        resource: resource(),
        scopeLogs: [
          {
            logRecords: numbers.map((number, index) => ({
              timeUnixNano: nano(at + index),
              severityNumber: 9,
              severityText: 'INFO',
              body: { stringValue: String(number) },
              attributes: [text(runAttribute, run)],
            })),
          },
        ],
      },
    ],
  }),
  spans: ({ run, numbers, traceId, at }) => ({
    resourceSpans: [
      {
        resource: resource(),
        scopeSpans: [
          {
            spans: numbers.map((number, index) => ({
              traceId,
              spanId: spanId(number),
              name: 'numbered',
              kind: 1,
              startTimeUnixNano: nano(at + index),
              endTimeUnixNano: nano(at + index + 1),
              attributes: [text(runAttribute, run)],
            })),
          },
        ],
      },
    ],
  }),
  samples: ({ run, numbers, at }) => ({
    resourceMetrics: [
      {
        resource: resource(),
        scopeMetrics: [
          {
            metrics: [
              {
                name: sampleName,
                gauge: {
                  dataPoints: numbers.map((number, index) => ({
                    timeUnixNano: nano(at + index),
                    asDouble: number,
                    attributes: [text(runAttribute, run)],
                  })),
                },
              },
            ],
          },
        ],
      },
    ],
  }),
};

const resource = () => ({ attributes: [text('service.name', deliveryService)] });

/** The number of a span is its id; none is 0, which is no id. */
export function spanId(number: number): string {
  return number.toString(16).padStart(16, '0');
}

/** The collector may take a part of what it was sent, and say so with status 200. */
export function allTaken(answer: string): boolean {
  const { partialSuccess = {} } = JSON.parse(answer || '{}');
  return !Object.entries(partialSuccess).some(
    ([key, value]) => key.startsWith('rejected') && Number(value) > 0,
  );
}
