import type { BackupManifest } from '../backup-manifest.ts';

type Saved = NonNullable<BackupManifest['stores']['loki']>;

export function manifestOf(loki: Pick<Saved, 'files' | 'bytes' | 'archive'>): BackupManifest {
  return {
    format: 1,
    mantis: '0.1.0',
    kubernetes: 'v1.34.0',
    context: 'kind-mantis',
    namespace: 'observability',
    createdAt: '2026-11-23T19:10:55.123Z',
    stores: {
      loki: {
        image: 'grafana/loki:3.7.8',
        takenAt: '2026-11-23T19:11:05.000Z',
        awaySeconds: 7,
        evidence: [],
        ...loki,
      },
    },
  };
}
