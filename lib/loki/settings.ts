import type { z } from 'zod';
import { storeSettings } from '../settings/common.ts';

export const lokiSettings = storeSettings(
  {
    signal: 'logs',
    retention: '7d',
    volumeHolds: 'logs, their index and write-ahead log',
    memory: '256Mi',
  },
  {},
);

export type LokiSettings = z.output<typeof lokiSettings>;
