import { z } from 'zod';
import { componentSettings, resources, volume } from '../settings/common.ts';
import { text } from '../settings/units.ts';

export const testAppSettings = componentSettings({
  enabled: z
    .boolean('true or false')
    .default(true)
    .describe('Whether the instrumented test app is deployed'),
  image: text(/^[^\s/]+(\/[^\s/]+)*$/, 'the name of an image')
    .optional()
    .describe(
      'Name of its image in a registry of yours, such as registry.example.com/shop:1; left out, the one that make kind-up builds, which is in no registry',
    ),
  maxReplicas: z
    .int('a whole number from 1 to 100')
    .min(1, 'a whole number from 1 to 100')
    .max(100, 'a whole number from 1 to 100')
    .default(1)
    .describe(
      'Up to how many replicas an autoscaler gives each stateless role, by CPU; 1 for no autoscaler. Needs a metrics server',
    ),
  storage: volume('1Gi', 'users, products and orders of the test app'),
  ...resources({ cpu: '50m', memory: '128Mi', memoryLimit: '256Mi' }),
});

export type TestAppSettings = z.output<typeof testAppSettings>;
