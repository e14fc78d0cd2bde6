import { z } from 'zod';
import type { StoreName } from '../jobs/volume-helper.ts';
import { externalStoreOf } from '../model/external-store.ts';
import type { ExternalStores } from '../model/topology-settings.ts';
import { destinations, dnsLabel, duration, text, wholeNumber } from '../settings/units.ts';

const stores = ['alertmanager', 'grafana', 'loki', 'tempo', 'prometheus'] as const;

/** A field of a cron expression: `*`, numbers or names, ranges, steps and lists of them. */
const value = '(\\*|\\w+(-\\w+)?)(/\\d+)?';
const field = `${value}(,${value})*`;

/** Settings of scheduled backups, which `./mantis backup list` and `./mantis restore` can use. */
export const backupSettings = z
  .strictObject({
    schedule: text(
      new RegExp(`^(@(hourly|daily|weekly)|${field}( ${field}){4})$`),
      'a cron expression of five fields in quotes, such as "15 3 * * *", or @hourly, @daily or @weekly',
    )
      .optional()
      .describe(
        'When the stores are copied to S3, as a cron expression; each is stopped while it is copied. Unset: never',
      ),
    stores: z
      .array(z.enum(stores satisfies readonly StoreName[], `one of ${stores.join(', ')}`))
      .min(1, 'at least one store')
      .default([...stores])
      .describe('Stores that are copied, one after the other'),
    url: text(
      /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[\w.-]+)*$/,
      'a location in S3 such as s3://bucket/prefix',
    )
      .optional()
      .describe('Where scheduled backups are kept; each store has a folder of its own below'),
    endpoint: text(/^https?:\/\/[^\s/]+$/, 'a URL such as https://s3.example.com')
      .optional()
      .describe("URL of an S3 server that is not Amazon's"),
    region: text(/^[a-z0-9-]+$/, 'a region such as eu-central-1')
      .default('us-east-1')
      .describe('Region of the bucket'),
    secret: dnsLabel
      .optional()
      .describe(
        'Name of an existing Secret with the keys AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and AWS_SESSION_TOKEN if there is one',
      ),
    egress: destinations.describe('Addresses and ports of the S3 server, for the NetworkPolicy'),
    keep: wholeNumber.default(7).describe('Scheduled backups of each store that are kept'),
    maxAge: duration(['h', 'd'], '2d')
      .refine((age) => age.toHours() >= 2, 'at least 2h')
      .prefault('2d')
      .describe(
        'Age of the last scheduled backup of a store above which BackupMissing fires; twice the interval of the schedule is a good value',
      ),
  })
  .check(({ value, issues }) => {
    if (value.schedule === undefined) return;
    for (const key of ['url', 'secret'] as const) {
      if (value[key] !== undefined) continue;
      const message = `the ${key === 'url' ? 'location in S3' : 'Secret with the credentials of S3'}, because there is a schedule`;
      issues.push({ code: 'custom', input: undefined, path: [key], message });
    }
  });

export type BackupSettings = z.output<typeof backupSettings>;

/** The stores that are copied: those of the setting that are deployed. */
export function backedUpStores({
  backup,
  ...settings
}: { readonly backup: Pick<BackupSettings, 'stores'> } & ExternalStores): StoreName[] {
  return backup.stores.filter((store) => externalStoreOf(store, settings) === undefined);
}
