import type { z } from 'zod';
import {
  componentSettings,
  extraArgs,
  extraConfig,
  resources,
  retentionSetting,
  volume,
} from '../settings/common.ts';

export const prometheusSettings = componentSettings({
  retention: retentionSetting('15d', 'metrics'),
  storage: volume('10Gi', 'metrics; the oldest go when 80 % of it is used'),
  ...resources({ cpu: '100m', memory: '256Mi', memoryLimit: '1Gi' }),
  extraArgs,
  extraConfig,
});

export type PrometheusSettings = z.output<typeof prometheusSettings>;
