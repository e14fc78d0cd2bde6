import { attributes } from '../../../lib/telemetry/app.ts';
import { label, prometheusName } from '../../../lib/telemetry/metric.ts';
import { doctorMetric, doctorProtocol, doctorService } from '../../../lib/telemetry/probes.ts';
import { NotYet } from '../../process/retry.ts';
import type { Base } from '../../stores/http.ts';
import { queryLoki } from '../../stores/loki.ts';
import { queryValues } from '../../stores/prometheus.ts';
import { searchTraces, traceById } from '../../stores/tempo.ts';
import type { Mark, Signal } from '../probe/mark.ts';

/** Asks a store, directly or through Grafana, for what was sent. @throws NotYet */
export type FindMark = (base: Base, mark: Mark) => Promise<void>;

/** Some slack for clocks that differ; a larger difference is a finding of its own. */
const slackSeconds = 120;

export const findMark: Readonly<Record<Signal, FindMark>> = {
  async metrics(base, { protocol, value }) {
    const name = prometheusName(doctorMetric);
    const selector = `${name}{${label(doctorProtocol)}="${protocol}"}[${slackSeconds}s]`;
    const values = await queryValues(base, selector);
    if (!values.includes(value)) throw new NotYet(`${values.length} other samples of ${name}`);
  },

  async logs(base, { text, sentAt }) {
    const query = `{${label(attributes.serviceName)}="${doctorService}"} |= "${text}"`;
    const lines = await queryLoki(base, query, sentAt / 1000 - slackSeconds);
    if (lines.length === 0) throw new NotYet('no such line');
  },

  async traces(base, { traceId, sentAt }) {
    const spans = await traceById(base, traceId);
    if (spans.length === 0) throw new NotYet('no trace of that id');
    // A trace can be known by its id and still be hidden from searches.
    const traceql = `{ trace:id = "${traceId}" }`;
    const seconds = sentAt / 1000;
    const range = { start: seconds - slackSeconds, end: seconds + slackSeconds };
    const found = await searchTraces(base, traceql, range);
    if (!found.includes(traceId)) throw new NotYet('it is found by id, but not by a search');
  },
};
