import type { z } from 'zod';
import {
  componentSettings,
  extraArgs,
  extraConfig,
  resources,
  retentionSetting,
  volumeSize,
} from '../settings/common.ts';

export const lokiSettings = componentSettings({
  retention: retentionSetting('7d', 'logs'),
  storage: volumeSize('10Gi', 'logs, their index and write-ahead log'),
  ...resources({ cpu: '100m', memory: '256Mi', memoryLimit: '1Gi' }),
  extraArgs,
  extraConfig,
});

export type LokiSettings = z.output<typeof lokiSettings>;
