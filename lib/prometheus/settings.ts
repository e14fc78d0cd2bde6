import type { z } from 'zod';
import { storeSettings } from '../settings/common.ts';

export const prometheusSettings = storeSettings({
  signal: 'metrics',
  retention: '15d',
  volumeHolds: 'metrics; the oldest are deleted above 80 % of it',
  memory: '256Mi',
});

export type PrometheusSettings = z.output<typeof prometheusSettings>;
