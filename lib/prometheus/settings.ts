import type { z } from 'zod';
import {
  componentSettings,
  extraArgs,
  extraConfig,
  resources,
  retentionSetting,
  volumeSize,
} from '../settings/common.ts';

export const prometheusSettings = componentSettings({
  retention: retentionSetting('15d', 'metrics'),
  storage: volumeSize('10Gi', 'metrics; the oldest are deleted above 80 % of it'),
  ...resources({ cpu: '100m', memory: '256Mi', memoryLimit: '1Gi' }),
  extraArgs,
  extraConfig,
});

export type PrometheusSettings = z.output<typeof prometheusSettings>;
