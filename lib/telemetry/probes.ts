import type { Metric } from './metric.ts';

/** `./mantis test-alert` sends the value 1, which makes the alert TestAlert fire. */
export const testAlertMetric: Metric = {
  name: 'mantis.test_alert',
  type: 'gauge',
  unit: '{alert}',
  description: '1 while TestAlert should fire',
};

/** Sent by `make doctor`; the value identifies one run. */
export const doctorMetric: Metric = {
  name: 'mantis.doctor.probe',
  type: 'gauge',
  unit: '{probe}',
  description: 'Value that identifies the last run of make doctor, by protocol',
};

/** The service.name of the items that `npm run verify-delivery` and the backup drill send. */
export const deliveryService = 'mantis-delivery';

/** The service.name of the items that `make doctor` sends. */
export const doctorService = 'mantis-doctor';

/** The attribute with the OTLP protocol by which `make doctor` sent an item. */
export const doctorProtocol = 'mantis.doctor.protocol';

/** Sent by a scheduled backup when it is complete. */
export const backupMetric: Metric = {
  name: 'mantis.backup.completion_timestamp',
  type: 'gauge',
  unit: 's',
  description: 'Time of the last complete scheduled backup, by store',
};

/** The service.name of this metric. */
export const backupService = 'mantis-backup';

/** The attribute with the store that was backed up. */
export const backupStore = 'mantis.backup.store';

/** Services of Mantis' own checks, whose telemetry is never dropped or sampled. */
export const ownServices: readonly string[] = [doctorService, deliveryService, backupService];

/** Entry of the W3C trace state that excludes a trace from sampling. */
export const keepTraceState = { key: 'mantis', value: 'keep' } as const;

/** The attribute with the severity of TestAlert. */
export const testAlertSeverity = 'alert.severity';
