import type { z } from 'zod';
import { ownFiles } from '../own-files/own-files.ts';
import { storeSettings } from '../settings/common.ts';
import {
  refuseCredentialArguments,
  refuseCredentials,
  requireSecretFor,
} from '../settings/credentials.ts';
import { dnsLabel } from '../settings/units.ts';

export const lokiSettings = storeSettings(
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
  },
).check(
  requireSecretFor('extraConfig'),
  refuseCredentials(['extraConfig'], {
    reference: /\$\{\w+\}/g,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Loki expands it
    wanted: '${NAME}, for the key NAME of the Secret that loki.secret names',
  }),
  refuseCredentialArguments('$(NAME), for the key NAME of the Secret that loki.secret names'),
);

export type LokiSettings = z.output<typeof lokiSettings>;
