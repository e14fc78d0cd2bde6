import type { z } from 'zod';
import { ownFiles } from '../own-files/own-files.ts';
import { storeSettings } from '../settings/common.ts';

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
  },
);

export type LokiSettings = z.output<typeof lokiSettings>;
