import { z } from 'zod';
import { ownFiles } from '../own-files/own-files.ts';
import { mountDirectories, storeSettings } from '../settings/common.ts';
import { refuseCredentialArguments, refuseCredentials } from '../settings/credentials.ts';
import { dnsLabel, size, text, wholeNumber } from '../settings/units.ts';
import { scrapeLimits } from '../telemetry/limits.ts';

const someNamespaces =
  'all, or a list of names of namespaces; annotatedPods.enabled: false for none';

/** Pods that are scraped because of their annotations. */
const annotatedPodsSettings = z.strictObject({
  enabled: z
    .boolean('true or false')
    .default(true)
    .describe('Scrape pods with the annotation `prometheus.io/scrape: "true"`'),
  namespaces: z
    .union([z.literal('all'), z.array(dnsLabel).min(1, someNamespaces)], someNamespaces)
    .default('all')
    .describe('Namespaces whose annotated pods are scraped: `all`, or a list of names'),
  sampleLimit: wholeNumber
    .default(scrapeLimits.samples)
    .describe(
      'Maximum number of samples of one scrape; a larger one fails, and nothing of it is stored',
    ),
  bodySizeLimit: size
    .prefault(scrapeLimits.body)
    .describe(
      'Maximum uncompressed size of one scrape; a larger one fails, and nothing of it is stored',
    ),
});

export type AnnotatedPodsSettings = z.output<typeof annotatedPodsSettings>;

export const prometheusSettings = storeSettings(
  {
    signal: 'metrics',
    retention: '15d',
    volumeHolds: 'metrics; the oldest are deleted above 80 % of it',
    memory: '256Mi',
  },
  {
    annotatedPods: annotatedPodsSettings.prefault({}),
    remoteWrite: z
      .array(
        z.looseObject({
          url: text(/^https?:\/\/[^\s/@]+(\/\S*)?$/, 'a URL beginning with http:// or https://'),
        }),
      )
      .check(({ value, issues }) => {
        const keys = value.map(({ url, name }) => String(name ?? url));
        const twice = keys.find((key, index) => keys.indexOf(key) < index);
        if (twice === undefined) return;
        const message = 'a name for each entry, or another url, that no other has';
        issues.push({ code: 'custom', input: twice, message });
      })
      .default([])
      .describe(
        'remote_write in the format of Prometheus, for further stores of all metrics, recording rules and span metrics included',
      ),
    rules: ownFiles.describe(
      'Your own rule files, or directories with them, relative to mantis.yaml; `*_test.yaml` and `*.test.yaml` are tests for promtool',
    ),
  },
).check(
  refuseCredentials(['remoteWrite', 'extraConfig'], {
    wanted: `a key that ends in _file, with ${mountDirectories.secrets}/<name>/<key> of a Secret in prometheus.mountedSecrets`,
  }),
  refuseCredentialArguments('a file of prometheus.mountedSecrets'),
);

export type PrometheusSettings = z.output<typeof prometheusSettings>;
