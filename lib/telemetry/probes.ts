import type { Metric } from './metric.ts';

/** Pushed as 1 by `./mantis test-alert`, so that an alert goes the whole way. */
export const testAlertMetric: Metric = {
  name: 'mantis.test_alert',
  type: 'gauge',
  unit: '{alert}',
  description: '1 while the test alert is to fire',
};

/** Pushed by `make doctor`; its value is the mark of one run. */
export const doctorMetric: Metric = {
  name: 'mantis.doctor.probe',
  type: 'gauge',
  unit: '{probe}',
  description: 'The mark of the last run of make doctor, by protocol',
};

/** The service under which `npm run verify-delivery` and the drill store what they count. */
export const deliveryService = 'mantis-delivery';

/** What `make doctor` sends comes from this service, and says by which protocol it came. */
export const doctorService = 'mantis-doctor';

export const doctorProtocol = 'mantis.doctor.protocol';

/** Services of our own, which no rule about what is kept is meant for. */
export const ownServices: readonly string[] = [doctorService, deliveryService];

/** A trace that carries this in its W3C trace state is kept, whatever the sampling. */
export const keptTraces = { key: 'mantis', value: 'keep' } as const;

/** The attribute that says how severe the test alert is to be. */
export const testAlertSeverity = 'alert.severity';
