import type { z } from 'zod';
import { externalStore, refuseBesideExternal } from '../external-stores/settings.ts';
import { storeSettings } from '../settings/common.ts';
import {
  refuseCredentialArguments,
  refuseCredentials,
  requireSecretFor,
} from '../settings/credentials.ts';
import { dnsLabel, wholeNumber } from '../settings/units.ts';

const settings = storeSettings(
  {
    signal: 'traces',
    retention: '48h',
    volumeHolds: 'traces and their write-ahead log',
    memory: '320Mi',
  },
  {
    maxActiveSeries: wholeNumber
      .optional()
      .describe(
        'Maximum number of series that Tempo generates from spans; spans beyond it are counted without their service. Unset: a fifth of alerts.maxSeries',
      ),
    secret: dnsLabel
      .optional()
      .describe(
        'Name of an existing Secret whose keys become environment variables of Tempo, which extraConfig may refer to',
      ),
    external: externalStore({
      title: 'Tempo',
      sends:
        'span metrics and the service graph to Prometheus, as the metrics generator of the store',
    }),
  },
);

export const tempoSettings = settings.check(
  refuseBesideExternal(settings, 'tempo'),
  requireSecretFor('extraConfig'),
  refuseCredentials(['extraConfig'], {
    reference: /\$\{\w+\}/g,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Tempo expands it
    wanted: '${NAME}, for the key NAME of the Secret that tempo.secret names',
  }),
  refuseCredentialArguments('$(NAME), for the key NAME of the Secret that tempo.secret names'),
);

export type TempoSettings = z.output<typeof tempoSettings>;

/** The series that are generated from spans, at most. */
export function maxActiveSeries(settings: {
  readonly tempo: Pick<TempoSettings, 'maxActiveSeries'>;
  readonly alerts: { readonly maxSeries: number };
}): number {
  return settings.tempo.maxActiveSeries ?? Math.ceil(settings.alerts.maxSeries / 5);
}
