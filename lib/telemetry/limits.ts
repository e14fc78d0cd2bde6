import { Duration } from 'cdk8s';

/** The largest OTLP request that the collector accepts, in MiB. */
export const maxRequestMebibytes = 16;

/** The largest request that the collector sends to a store, in bytes. */
export const maxBatchBytes = 20_000_000;

/** How far from the present the time of an item may be. */
export const timeLimits = {
  /**
   * Items whose time is further ahead get the time of their arrival: Prometheus and Loki reject
   * more than ten minutes.
   */
  ahead: Duration.minutes(9),
  /** Samples that arrive older than this are dropped. */
  sampleAge: Duration.hours(24),
  /**
   * The out-of-order window of Prometheus, which rejects the whole request of an older sample: the
   * age that the collector accepts and another day for an outage, which samples spend in the queue.
   */
  sampleWindow: Duration.hours(48),
  /** Spans that reach Tempo at most this late, or this far ahead, are counted in span metrics. */
  spanMetrics: Duration.minutes(15),
} as const;

/** Sizes above which the collector shortens what Loki would have to repeat on every line. */
export const logLimits = {
  /** Bytes of a string attribute of a log record. */
  attributeBytes: 262_144,
  /** Bytes of a string attribute of a resource or scope. */
  resourceAttributeBytes: 2048,
  /** Bytes of all attributes of a resource or scope, as text. */
  resourceBytes: 16_384,
} as const;

/** Sizes above which the collector shortens what Tempo would shorten, to keep requests small. */
export const traceLimits = {
  /** Bytes of a string attribute of a span. By default Tempo keeps 2 KiB. */
  attributeBytes: 65_536,
} as const;

/** Limits of one page of metrics that is scraped from an app; a page above them is not stored. */
export const scrapeLimits = {
  samples: 10_000,
  /** Some 200 bytes a sample. */
  body: '2Mi',
} as const;

/** Active series that a Prometheus of the default size has memory for. */
export const defaultMaxSeries = 150_000;
