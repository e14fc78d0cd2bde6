import { z } from 'zod';
import { componentSettings, resources, volumeSize } from '../settings/common.ts';
import { placementSettings } from '../settings/placement.ts';
import { text } from '../settings/units.ts';

export const testAppSettings = componentSettings({
  enabled: z.boolean('true or false').default(true).describe('Deploy the instrumented test app'),
  image: text(/^[^\s/]+(\/[^\s/]+)*$/, 'the name of an image')
    .optional()
    .describe(
      'Reference of its image, such as registry.example.com/shop:1. Unset: the image that make kind-up builds, which is in no registry',
    ),
  maxReplicas: z
    .int('a whole number from 1 to 100')
    .min(1, 'a whole number from 1 to 100')
    .max(100, 'a whole number from 1 to 100')
    .default(1)
    .describe(
      'Maximum replicas of the autoscaler of each stateless role, by CPU; 1 for no autoscaler. Requires a metrics server',
    ),
  storage: volumeSize('1Gi', 'users, products and orders of the test app'),
  ...resources({ cpu: '50m', memory: '128Mi', memoryLimit: '256Mi' }),
  ...placementSettings,
});

export type TestAppSettings = z.output<typeof testAppSettings>;
