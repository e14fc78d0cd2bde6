import type { z } from 'zod';
import {
  componentSettings,
  extraArgs,
  extraConfig,
  resources,
  retentionSetting,
  volumeSize,
} from '../settings/common.ts';

export const tempoSettings = componentSettings({
  retention: retentionSetting('48h', 'traces'),
  storage: volumeSize('10Gi', 'traces and their write-ahead log'),
  ...resources({ cpu: '100m', memory: '320Mi', memoryLimit: '1Gi' }),
  extraArgs,
  extraConfig,
});

export type TempoSettings = z.output<typeof tempoSettings>;
