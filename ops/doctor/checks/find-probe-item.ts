import { attributes } from '../../../lib/telemetry/app.ts';
import { label, prometheusName } from '../../../lib/telemetry/metric.ts';
import { doctorMetric, doctorProtocol, doctorService } from '../../../lib/telemetry/probes.ts';
import type { Signal } from '../../../lib/telemetry/signal.ts';
import { RetryLater } from '../../process/retry.ts';
import type { HttpApiOrUrl } from '../../stores/http.ts';
import { queryLoki } from '../../stores/loki.ts';
import { queryValues } from '../../stores/prometheus.ts';
import { searchTraces, traceById } from '../../stores/tempo.ts';
import type { ProbeItem } from '../probe/probe-item.ts';

type FindProbeItem = (base: HttpApiOrUrl, item: ProbeItem) => Promise<void>;

/** Allows for clock skew; more of it is a finding of checkClocks. */
const slackSeconds = 120;

/** Queries a store, directly or through Grafana, for a probe item. @throws RetryLater */
export const findProbeItem: Readonly<Record<Signal, FindProbeItem>> = {
  async metrics(base, { protocol, value }) {
    const name = prometheusName(doctorMetric);
    const selector = `${name}{${label(doctorProtocol)}="${protocol}"}[${slackSeconds}s]`;
    const values = await queryValues(base, selector);
    if (!values.includes(value)) throw new RetryLater(`${values.length} other samples of ${name}`);
  },

  async logs(base, { text, sentAt }) {
    const query = `{${label(attributes.serviceName)}="${doctorService}"} |= "${text}"`;
    const lines = await queryLoki(base, query, sentAt / 1000 - slackSeconds);
    if (lines.length === 0) throw new RetryLater('no such line');
  },

  async traces(base, { traceId, sentAt }) {
    const spans = await traceById(base, traceId);
    if (spans.length === 0) throw new RetryLater('no trace of that id');
    // A trace can be known by its id and still be hidden from searches.
    const traceql = `{ trace:id = "${traceId}" }`;
    const seconds = sentAt / 1000;
    const range = { start: seconds - slackSeconds, end: seconds + slackSeconds };
    const found = await searchTraces(base, traceql, range);
    if (!found.includes(traceId)) throw new RetryLater('found by id, but not by a search');
  },
};
