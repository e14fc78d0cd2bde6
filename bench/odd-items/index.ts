import { oddLogs } from './logs.ts';
import { oddMetrics } from './metrics.ts';
import type { OddItem } from './odd-item.ts';
import { oddTraces } from './traces.ts';

/** Every kind of odd item: what the tests send, and what docs/troubleshooting.md lists. */
export const oddItems: readonly OddItem[] = [...oddMetrics, ...oddLogs, ...oddTraces];
