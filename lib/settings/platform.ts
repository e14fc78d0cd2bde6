import { z } from 'zod';
import { registryImages } from '../model/images.ts';
import { dedicatedNamespace } from './common.ts';
import { egressProxySettings } from './networks.ts';
import { placementSettings } from './placement.ts';
import { dnsLabel, dnsName, text } from './units.ts';

const ipFamilyPolicies = ['SingleStack', 'PreferDualStack', 'RequireDualStack'] as const;

/** Settings of every pod: namespace, image source, storage class and nodes. */
export const platformSettings = {
  namespace: dedicatedNamespace
    .default('observability')
    .describe('Dedicated namespace of the stack'),
  imagePrefix: text(/^[^\s/]+(\/[^\s/]+)*$/, 'a registry and path without a slash at its end')
    .optional()
    .describe('Registry mirror that is prepended to every image name'),
  imageDigests: z
    .partialRecord(
      z.enum(registryImages as [string, ...string[]]),
      text(/^sha256:[0-9a-f]{64}$/, 'a digest: sha256: and 64 hexadecimal digits'),
      {
        error: (issue) =>
          (issue.code as string) === 'unrecognized_keys'
            ? 'no such image and tag; ./mantis images lists them'
            : undefined,
      },
    )
    .default({})
    .describe(
      'Digests that pin images, as `name:tag: sha256:…`; `./mantis images digests` prints them',
    ),
  imagePullPolicy: z
    .enum(['IfNotPresent', 'Always'], 'IfNotPresent or Always')
    .default('IfNotPresent')
    .describe('Pull policy of every container: `IfNotPresent` or `Always`'),
  imagePullSecret: dnsLabel
    .optional()
    .describe('Name of an existing Secret with the credentials of the registry'),
  assignedUserIds: z
    .boolean('true or false')
    .default(false)
    .describe(
      'Leave user and group ids out of pods, for clusters that assign them, such as OpenShift; elsewhere pods would not start',
    ),
  egressProxy: egressProxySettings.prefault({}),
  ipFamilyPolicy: z
    .enum(ipFamilyPolicies, `one of ${ipFamilyPolicies.join(', ')}`)
    .optional()
    .describe(
      'IP families of Services on a dual-stack cluster: `SingleStack`, `PreferDualStack` or `RequireDualStack`. Unset: the first family of the cluster',
    ),
  storageClass: dnsName
    .optional()
    .describe("StorageClass of every volume. Unset: the cluster's default"),
  ...placementSettings,
};

export type Platform = z.output<z.ZodObject<typeof platformSettings>>;
