import type { Colors } from './panel.ts';

/** Colors that mean the same in every panel. */

export const levelColors: Colors = {
  trace: 'purple',
  debug: 'blue',
  info: 'green',
  warn: 'yellow',
  error: 'red',
  critical: 'dark-red',
  fatal: 'dark-red',
  unknown: 'gray',
};

/** HTTP status codes by class; gray is a request without a response. */
export const statusColors: Colors = {
  '/^2/': 'green',
  '/^3/': 'blue',
  '/^4/': 'orange',
  '/^5/': 'red',
  '/^$/': 'gray',
};

export const percentileColors = { P50: 'green', P95: 'orange', P99: 'red' } as const;
