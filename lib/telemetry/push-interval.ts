import { Duration } from 'cdk8s';

/**
 * The longest interval at which SDKs push metrics that leaves no gaps in panels and alerts: the
 * default of OTEL_METRIC_EXPORT_INTERVAL
 * (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).
 */
export const pushInterval = Duration.minutes(1);

/**
 * The range over which a rate of pushed metrics is computed: at least four intervals, like Grafana's
 * `$__rate_interval`, so that one late sample leaves no gap.
 *
 * @param wanted the range that is used if it is long enough
 */
export function pushedWindow(wanted: Duration): Duration {
  return Duration.seconds(Math.max(wanted.toSeconds(), 4 * pushInterval.toSeconds()));
}
