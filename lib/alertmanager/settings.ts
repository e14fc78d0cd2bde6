import type { z } from 'zod';
import {
  componentSettings,
  extraArgs,
  extraConfig,
  mountDirectories,
  mountSettings,
  resources,
  volumeSize,
} from '../settings/common.ts';
import { refuseCredentialArguments, refuseCredentials } from '../settings/credentials.ts';
import { placementSettings } from '../settings/placement.ts';
import { checkReceivers, receiverSettings } from './receivers.ts';

export const alertmanagerSettings = componentSettings({
  ...receiverSettings,
  storage: volumeSize('1Gi', 'silences and the notification log'),
  ...resources({ cpu: '10m', memory: '32Mi', memoryLimit: '128Mi' }),
  ...mountSettings,
  ...placementSettings,
  extraArgs,
  extraConfig,
}).check(
  checkReceivers,
  refuseCredentials(['extraConfig'], {
    wanted: `a key that ends in _file, with ${mountDirectories.secrets}/<name>/<key> of a Secret in alertmanager.mountedSecrets`,
  }),
  refuseCredentialArguments('a file of alertmanager.mountedSecrets'),
);

export type AlertmanagerSettings = z.output<typeof alertmanagerSettings>;
