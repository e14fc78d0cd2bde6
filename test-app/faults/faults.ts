import type { Logger } from 'winston';
import { shopAttributes } from '../../lib/telemetry/app.ts';
import type { Metrics } from '../metrics.ts';
import { background } from './background.ts';
import { type FaultName, faultNames, type OptionsOf } from './catalogue.ts';
import type { FaultRequest } from './parse.ts';

interface Active extends FaultRequest {
  readonly endsAt: number;
  end(): void;
}

/** A fault that is on, as the admin endpoint shows it. */
export interface ListedFault extends FaultRequest {
  readonly endsInSeconds: number;
}

/**
 * The faults of this process. What they break asks here; those that need no request to show
 * themselves run from here. Each ends after its time, also when no one thinks of it again.
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

  /** The options of a fault that is on, undefined while it is off. */
  active<Name extends FaultName>(name: Name): OptionsOf<Name> | undefined {
    return this.running.get(name)?.options as OptionsOf<Name> | undefined;
  }

  /** Switches a fault on; one that is on already starts anew. */
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
