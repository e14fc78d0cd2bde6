import { z } from 'zod';
import { pulled } from '../model/images.ts';
import { dedicatedNamespace } from './common.ts';
import { dnsLabel, dnsName, text } from './units.ts';

/** The settings that every pod follows: where it runs, and where its image and volume come from. */
export const platformSettings = {
  namespace: dedicatedNamespace
    .default('observability')
    .describe('Namespace of the whole stack, which it has to itself'),
  imagePrefix: text(/^[^\s/]+(\/[^\s/]+)*$/, 'a registry and path without a slash at its end')
    .optional()
    .describe('A mirror put in front of every image name'),
  imageDigests: z
    .partialRecord(
      z.enum(pulled as [string, ...string[]]),
      text(/^sha256:[0-9a-f]{64}$/, 'a digest: sha256: and 64 hexadecimal digits'),
      {
        error: (issue) =>
          (issue.code as string) === 'unrecognized_keys'
            ? 'no image of this release; ./mantis images lists them'
            : undefined,
      },
    )
    .default({})
    .describe(
      'The digest of each image, as `name:tag: sha256:…`, which a node then takes and nothing else; `./mantis images digests` prints them',
    ),
  imagePullPolicy: z
    .enum(['IfNotPresent', 'Always'], 'IfNotPresent or Always')
    .default('IfNotPresent')
    .describe(
      'Whether a node that has an image asks its registry all the same at each start, so that a registry that is away keeps pods away: `IfNotPresent` or `Always`',
    ),
  imagePullSecret: dnsLabel
    .optional()
    .describe('Name of an existing Secret with the credentials of the registry'),
  storageClass: dnsName
    .optional()
    .describe("StorageClass of every volume; left out, the cluster's default"),
};

export type Platform = z.output<z.ZodObject<typeof platformSettings>>;
