import type { z } from 'zod';
import {
  componentSettings,
  extraArgs,
  extraConfig,
  resources,
  volume,
} from '../settings/common.ts';
import { alertReceivers, checkReceivers } from './receivers.ts';

export const alertmanagerSettings = componentSettings({
  ...alertReceivers,
  storage: volume('1Gi', 'silences and the record of what was notified'),
  ...resources({ cpu: '10m', memory: '32Mi', memoryLimit: '128Mi' }),
  extraArgs,
  extraConfig,
}).check(checkReceivers);

export type AlertmanagerSettings = z.output<typeof alertmanagerSettings>;
