import type { z } from 'zod';
import { storeSettings } from '../settings/common.ts';

export const tempoSettings = storeSettings({
  signal: 'traces',
  retention: '48h',
  volumeHolds: 'traces and their write-ahead log',
  memory: '320Mi',
});

export type TempoSettings = z.output<typeof tempoSettings>;
