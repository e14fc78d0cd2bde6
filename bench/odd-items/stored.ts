import { queryLoki } from '../../ops/stores/loki.ts';
import { queryPrometheus } from '../../ops/stores/prometheus.ts';
import { searchTraces, traceById } from '../../ops/stores/tempo.ts';
import { type Discard, type OddItem, type Sent, traceIdOf } from './odd-item.ts';

export type Stores = Readonly<Record<'loki' | 'prometheus' | 'tempo', string>>;

type Find = Pick<OddItem, 'signal' | 'find' | 'value'>;

/** Whether an item is stored, with the value that it should have. */
export async function isStored(stores: Stores, item: Find, sent: Sent): Promise<boolean> {
  const { marker, at } = sent;
  const day = { start: at / 1000 - 86_400, end: at / 1000 + 3600 };
  switch (item.signal) {
    case 'metrics': {
      const query = item.find?.(sent) ?? `{marker="${marker}"}`;
      const [sample] = await queryPrometheus(stores.prometheus, query);
      return sample !== undefined && (item.value === undefined || item.value === sample.value);
    }
    case 'logs': {
      const found = item.find?.(sent) ?? '';
      // A record without a body is found by an attribute.
      const line = found.includes(marker) ? '' : `|= "${marker}"`;
      const query = `{service_name=~".+"} ${line} ${found}`;
      return (await queryLoki(stores.loki, query, day.start)).length > 0;
    }
    case 'traces': {
      if ((await traceById(stores.tempo, traceIdOf(sent))).length > 0) return true;
      const query = item.find?.(sent) ?? `{ span.marker = "${marker}" }`;
      return (await searchTraces(stores.tempo, query, day)).length > 0;
    }
  }
}

/** How many items were discarded for a reason, by the last scrape. */
export async function discarded(prometheus: string, discard: Discard): Promise<number> {
  const { metric, label, reason } = discard;
  const [sum] = await queryPrometheus(prometheus, `sum(${metric}{${label}="${reason}"})`);
  return sum?.value ?? 0;
}
