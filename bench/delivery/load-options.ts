import { parseSeconds } from '../../ops/process/duration.ts';
import type { Load, Rates } from './steady-load.ts';
import { parseWhole } from './whole-number.ts';

/** The options of `npm run verify-delivery`. */
export interface LoadOptions {
  readonly rate: string;
  readonly logs?: string;
  readonly spans?: string;
  readonly samples?: string;
  readonly duration: string;
}

/** With more, a batch would not fit into one answer of Loki, or into one trace. */
const maxRates: Rates = { logs: 10_000, spans: 10_000, samples: 100_000 };

/** @throws UserError that names the option, the value and what is allowed */
export function parseLoad({ rate, logs, spans, samples, duration }: LoadOptions): Load {
  const each = parseRate('--rate', rate, Math.min(...Object.values(maxRates)));
  const rates = {
    logs: logs === undefined ? each : parseRate('--logs', logs, maxRates.logs),
    spans: spans === undefined ? each : parseRate('--spans', spans, maxRates.spans),
    samples: samples === undefined ? each : parseRate('--samples', samples, maxRates.samples),
  };
  return { rates, seconds: parseSeconds('--duration', duration) };
}

const parseRate = (option: string, value: string, max: number) => parseWhole(option, value, 1, max);
