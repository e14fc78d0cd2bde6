import type { z } from 'zod';
import {
  componentSettings,
  extraArgs,
  extraConfig,
  resources,
  volumeSize,
} from '../settings/common.ts';
import { placementSettings } from '../settings/placement.ts';
import { checkReceivers, receiverSettings } from './receivers.ts';

export const alertmanagerSettings = componentSettings({
  ...receiverSettings,
  storage: volumeSize('1Gi', 'silences and the notification log'),
  ...resources({ cpu: '10m', memory: '32Mi', memoryLimit: '128Mi' }),
  ...placementSettings,
  extraArgs,
  extraConfig,
}).check(checkReceivers);

export type AlertmanagerSettings = z.output<typeof alertmanagerSettings>;
