import type { Signal } from '../../lib/telemetry/signal.ts';
import { alertmanagerStore } from './alertmanager.ts';
import { grafanaStore } from './grafana.ts';
import { lokiStore } from './loki.ts';
import { prometheusStore } from './prometheus.ts';
import type { SignalStore, Store, StoreName } from './store.ts';
import { tempoStore } from './tempo.ts';

export const signalStores = {
  metrics: prometheusStore,
  logs: lokiStore,
  traces: tempoStore,
} as const satisfies Record<Signal, SignalStore>;

/**
 * The stores in the order in which they are backed up: the small ones first, Prometheus last because
 * Loki and Tempo write to it.
 */
export const stores: Readonly<Record<StoreName, Store>> = {
  alertmanager: alertmanagerStore,
  grafana: grafanaStore,
  loki: lokiStore,
  tempo: tempoStore,
  prometheus: prometheusStore,
};

export const storeNames = Object.keys(stores) as StoreName[];
