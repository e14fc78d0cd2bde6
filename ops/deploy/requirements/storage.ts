import { z } from 'zod';
import type { Settings } from '../../../lib/schema.ts';
import { failed, ok, type Requirement } from './requirement.ts';

const isDefault = 'storageclass.kubernetes.io/is-default-class';

export const storageClassSchema = z.object({
  metadata: z.object({
    name: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  allowVolumeExpansion: z.boolean().default(false),
});

type StorageClass = z.output<typeof storageClassSchema>;

export function storageClassOf(
  { storageClass }: Pick<Settings, 'storageClass'>,
  classes: readonly StorageClass[],
): StorageClass | undefined {
  return classes.find(({ metadata: { name, annotations } }) =>
    storageClass === undefined ? annotations[isDefault] === 'true' : name === storageClass,
  );
}

/** Without a StorageClass every pod with a volume would stay Pending. */
export function checkStorage(
  settings: Pick<Settings, 'storageClass'>,
  classes: readonly StorageClass[],
): Requirement {
  const name = 'StorageClass';
  const found = storageClassOf(settings, classes);
  if (found !== undefined) return ok(name, found.metadata.name);
  const names = classes.map(({ metadata }) => metadata.name);
  const there = names.length === 0 ? 'the cluster has none' : `there are ${names.join(', ')}`;
  return settings.storageClass === undefined
    ? failed(name, `no class is the default; ${there}`, 'name one in storageClass of mantis.yaml')
    : failed(
        name,
        `there is no ${settings.storageClass}; ${there}`,
        'correct storageClass in mantis.yaml',
      );
}
