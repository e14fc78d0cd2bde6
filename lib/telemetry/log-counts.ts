import { Duration } from 'cdk8s';

/**
 * Metrics that Loki's ruler records from log lines, so that graphs and alerts need not read every
 * line again: the lines of each `logCountInterval`, with the labels `serviceLabels('service_name')`
 * and the level.
 */
export const logCounts = {
  byService: 'service:log_lines:count30s',
  /** Of lines with an endpoint or an error type: with those labels, and the status code. */
  byEndpoint: 'endpoint:log_lines:count30s',
} as const;

export const logCountInterval = Duration.seconds(30);

/** How long Loki waits for the lines of an interval; later ones are not counted. */
export const logCountDelay = Duration.seconds(10);

/** Series of `logCounts.byEndpoint` of each service and level: those with the most lines. */
export const maxEndpointCounts = 100;
