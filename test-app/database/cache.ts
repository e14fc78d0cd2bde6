import { trace } from '@opentelemetry/api';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'winston';
import { shopAttributes } from '../../lib/telemetry/app.ts';
import type { Faults } from '../faults/faults.ts';
import type { CacheResult, Metrics } from '../telemetry/metrics.ts';

export interface CacheProps {
  /** Part of the span name: `cache <name>`. */
  readonly name: string;
  readonly size: number;
  readonly metrics: Metrics;
  readonly logger: Logger;
  readonly faults: Faults;
  /** The time to live of an entry. @default 30 000 */
  readonly ttlMs?: number;
}

const tracer = trace.getTracer('mantis.test-app');

/** A cache with a span for each look-up and counters for hits, misses and evictions. */
export class Cache<Value extends object> {
  private readonly entries: LRUCache<string, Value>;
  private readonly props: CacheProps;

  constructor(props: CacheProps) {
    this.props = props;
    const { size, ttlMs = 30_000, metrics } = props;
    this.entries = new LRUCache<string, Value>({
      max: size,
      ttl: ttlMs,
      dispose: (_value, _key, reason) => {
        if (reason === 'evict') metrics.cacheEvictions.add(1);
      },
    });
    metrics.cacheEvictions.add(0);
    metrics.gauge('cacheSize', (gauge) => gauge.observe(this.entries.size));
  }

  /** Returns the cached value, or loads it within the span of the look-up. */
  get(key: string, load: () => Promise<Value>): Promise<Value> {
    const off = this.props.faults.active('cache-off') !== undefined;
    const known = off ? undefined : this.entries.get(key);
    const result: CacheResult = off ? 'bypass' : known === undefined ? 'miss' : 'hit';
    const attributes = { [shopAttributes.cacheResult]: result };
    this.props.metrics.cacheRequests.add(1, attributes);
    return tracer.startActiveSpan(`cache ${this.props.name}`, { attributes }, async (span) => {
      try {
        this.props.logger.debug(`cache ${this.props.name}: ${result} of ${key}`, attributes);
        if (known !== undefined) return known;
        const loaded = await load();
        if (!off) this.entries.set(key, loaded);
        return loaded;
      } finally {
        span.end();
      }
    });
  }
}
