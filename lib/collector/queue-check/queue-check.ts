import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Size } from 'cdk8s';
import type { InitContainer } from '../../kubernetes/pod.ts';
import type { WorkloadFiles } from '../../kubernetes/workload.ts';
import { images } from '../../model/images.ts';
import { sourceFile } from '../../model/source.ts';

/** The receiver that reads the report of the check. */
export const queueCheckReceiver = 'file_log/queue_check';

/** The directory of the queue files, on the volume that is mounted at `dataDir`. */
export function queueDirectory(dataDir: string): string {
  return `${dataDir}/queue`;
}

/** The file to which the check appends a line for each damaged queue file. */
export function queueCheckReport(dataDir: string): string {
  return `${dataDir}/damaged-queues.log`;
}

const mountPath = '/etc/otelcol-queue-check';
/** With `.mts` Node.js does not have to find out that it is a module. */
const program = 'check-queue.mts';

/** The program of the check. */
export const queueCheckFiles: WorkloadFiles = {
  configMap: 'otel-collector-queue-check',
  mountPath,
  files: { [program]: readFileSync(join(import.meta.dirname, 'check-queue.ts'), 'utf8') },
  sources: [sourceFile(join(import.meta.dirname, 'check-queue.ts'))],
};

/** Renames damaged queue files before the collector starts; see check-queue.ts. */
export function queueCheckContainer(dataDir: string): InitContainer {
  return {
    name: 'queue-check',
    // The image of the collector has no shell and no other program.
    image: images.node,
    args: ['node', `${mountPath}/${program}`, queueDirectory(dataDir), queueCheckReport(dataDir)],
    resources: { cpu: '10m', memory: Size.mebibytes(64), memoryLimit: Size.mebibytes(256) },
  };
}
