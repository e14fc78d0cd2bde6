import type { z } from 'zod';
import { externalStore, refuseBesideExternal } from '../external-stores/settings.ts';
import { ownFiles } from '../own-files/own-files.ts';
import { storeSettings } from '../settings/common.ts';
import {
  refuseCredentialArguments,
  refuseCredentials,
  requireSecretFor,
} from '../settings/credentials.ts';
import { dnsLabel } from '../settings/units.ts';

const settings = storeSettings(
  {
    signal: 'logs',
    retention: '7d',
    volumeHolds: 'logs, their index and write-ahead log',
    memory: '256Mi',
  },
  {
    rules: ownFiles.describe(
      "Your own rule files for Loki's ruler, or directories with them, relative to mantis.yaml",
    ),
    secret: dnsLabel
      .optional()
      .describe(
        'Name of an existing Secret whose keys become environment variables of Loki, which extraConfig may refer to',
      ),
    external: externalStore({
      title: 'Loki',
      otlpPath: '/otlp',
      sends:
        'numbers of log lines to Prometheus and alerts to Alertmanager, as the ruler of the store',
    }),
  },
);

export const lokiSettings = settings.check(
  refuseBesideExternal(settings, 'loki'),
  requireSecretFor('extraConfig'),
  refuseCredentials(['extraConfig'], {
    reference: /\$\{\w+\}/g,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Loki expands it
    wanted: '${NAME}, for the key NAME of the Secret that loki.secret names',
  }),
  refuseCredentialArguments('$(NAME), for the key NAME of the Secret that loki.secret names'),
);

export type LokiSettings = z.output<typeof lokiSettings>;
