import type { z } from 'zod';
import {
  componentSettings,
  extraArgs,
  extraConfig,
  kept,
  resources,
  volume,
} from '../settings/common.ts';

export const prometheusSettings = componentSettings({
  retention: kept('15d', 'metrics'),
  storage: volume('10Gi', 'metrics; the oldest go when 80 % of it is used'),
  ...resources({ cpu: '100m', memory: '256Mi', memoryLimit: '1Gi' }),
  extraArgs,
  extraConfig,
});

export type PrometheusSettings = z.output<typeof prometheusSettings>;
