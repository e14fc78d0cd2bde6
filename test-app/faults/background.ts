import type { Logger } from 'winston';
import type { FaultName } from './catalogue.ts';

type Stop = () => void;

const noop: Stop = () => {};
const mebibyte = 2 ** 20;

/** Starts the background work of a fault. @returns a function that stops it */
export function background(
  name: FaultName,
  options: Readonly<Record<string, number | string>>,
  logger: Logger,
): Stop {
  const amount = (key: string) => Number(options[key] ?? 0);
  if (name === 'log-flood') return floodLog(amount('perSecond'), logger);
  if (name === 'memory-leak') return leakMemory(amount('mibPerSecond'), amount('capMib'));
  if (name === 'cpu-burn') return burnCpu(amount('percent'));
  return noop;
}

function floodLog(perSecond: number, logger: Logger): Stop {
  let line = 0;
  return every(100, () => {
    for (let i = 0; i < perSecond / 10; i += 1) {
      line += 1;
      logger.info(`flood: this line says nothing, for the ${line}th time`);
    }
  });
}

function leakMemory(perSecond: number, cap: number): Stop {
  const held: Buffer[] = [];
  const stop = every(1000, () => {
    const free = cap * mebibyte - held.reduce((sum, { length }) => sum + length, 0);
    const size = Math.min(perSecond * mebibyte, free);
    // Filled, because an unwritten page takes no memory.
    if (size > 0) held.push(Buffer.alloc(Math.floor(size), 1));
  });
  return () => {
    stop();
    held.length = 0;
  };
}

/** In short bursts, so that requests are slowed down but still served. */
function burnCpu(percent: number): Stop {
  const period = 50;
  return every(period, () => {
    const end = performance.now() + (period * percent) / 100;
    while (performance.now() < end);
  });
}

function every(milliseconds: number, work: () => void): Stop {
  const timer = setInterval(work, milliseconds).unref();
  return () => clearInterval(timer);
}
