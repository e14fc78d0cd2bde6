import type { Logger } from 'winston';
import { shopAttributes } from '../../lib/telemetry/app.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { background } from './background.ts';
import { type FaultName, faultNames, type OptionsOf } from './catalogue.ts';
import type { FaultRequest } from './parse.ts';

interface Active extends FaultRequest {
  readonly endsAt: number;
  end(): void;
}

/** An active fault in the response of the admin endpoint. */
export interface ListedFault extends FaultRequest {
  readonly endsInSeconds: number;
}

/**
 * The active faults of this process. The affected code queries them; background faults run here. Each
 * ends after its duration.
 */
export class Faults {
  private readonly running = new Map<FaultName, Active>();
  private readonly logger: Logger;

  constructor(logger: Logger, metrics: Metrics) {
    this.logger = logger;
    metrics.gauge('faultActive', (result) => {
      for (const name of faultNames) {
        result.observe(this.running.has(name) ? 1 : 0, { [shopAttributes.fault]: name });
      }
    });
  }

  /** The options of an active fault, undefined otherwise. */
  active<Name extends FaultName>(name: Name): OptionsOf<Name> | undefined {
    return this.running.get(name)?.options as OptionsOf<Name> | undefined;
  }

  /** Starts a fault; an active one is restarted. */
  start(fault: FaultRequest): void {
    const { name, seconds, options } = fault;
    this.stop(name);
    const stopWork = background(name, options, this.logger);
    const timer = setTimeout(() => this.stop(name), seconds * 1000).unref();
    const end = () => {
      clearTimeout(timer);
      stopWork();
    };
    this.running.set(name, { ...fault, endsAt: Date.now() + seconds * 1000, end });
    const line = { [shopAttributes.fault]: name, 'shop.fault.seconds': seconds };
    this.logger.warn(`fault ${name} is on for ${seconds} s`, { ...line, ...prefixed(options) });
  }

  stop(name: FaultName): void {
    const fault = this.running.get(name);
    if (fault === undefined) return;
    this.running.delete(name);
    fault.end();
    this.logger.warn(`fault ${name} is off`, { [shopAttributes.fault]: name });
  }

  stopAll(): void {
    for (const name of this.running.keys()) this.stop(name);
  }

  list(): ListedFault[] {
    return [...this.running.values()].map(({ name, seconds, options, endsAt }) => ({
      name,
      seconds,
      options,
      endsInSeconds: Math.ceil((endsAt - Date.now()) / 1000),
    }));
  }
}

function prefixed(options: FaultRequest['options']): Record<string, number | string> {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [`shop.fault.${key}`, value]),
  );
}
