import { rmSync } from 'node:fs';
import { deepmerge } from 'deepmerge-ts';
import { synthesize } from '../../charts/synth.ts';
import { type Settings, type SettingsInput, settingsSchema } from '../../lib/schema.ts';
import { apply } from '../../ops/cluster/apply.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import type { Session } from '../../ops/cluster/session.ts';
import { receiverPort, receiverUrl } from './alert-receiver.ts';

/** Settings with which alerts fire within a minute or two and notify the alert receiver. */
const fastAlerts = {
  alerts: {
    window: '1m',
    pending: '15s',
    stackPending: '15s',
    absentAfter: '2m',
    slo: { window: '24h' },
  },
  alertmanager: {
    egress: [{ port: receiverPort }],
    receivers: [
      {
        name: 'e2e',
        severities: ['critical', 'warning'],
        webhook: { url: receiverUrl('/') },
      },
      { name: 'failing', severities: ['none'], webhook: { url: receiverUrl('/failing') } },
    ],
    extraConfig: { route: { group_wait: '1s', group_interval: '15s' } },
  },
  collector: {
    extraConfig: {
      exporters: {
        'otlp_grpc/tempo': {
          sending_queue: {
            num_consumers: 1,
            queue_size: 100_000,
            batch: { min_size: 20_000, max_size: 40_000 },
          },
        },
      },
    },
  },
} satisfies SettingsInput;

/** Additional settings that cause alerts. */
export const brokenSettings = {
  alerts: { maxSeries: 1000 },
  collector: {
    extraConfig: { processors: { memory_limiter: { limit_mib: 10, spike_limit_mib: 2 } } },
  },
} satisfies SettingsInput;

/** The settings of the user with `fastAlerts`. */
export function alertTestSettings(own: Settings, extra: SettingsInput = {}): Settings {
  const { alerts, alertmanager, collector } = settingsSchema.parse(deepmerge(fastAlerts, extra));
  const { egress, receivers, extraConfig } = alertmanager;
  return {
    ...own,
    alerts,
    alertmanager: { ...own.alertmanager, egress, receivers, extraConfig },
    collector: { ...own.collector, extraConfig: collector.extraConfig },
  };
}

export async function deploySettings({ target }: Session, settings: Settings): Promise<void> {
  const outdir = '.build/e2e-alerts';
  rmSync(outdir, { recursive: true, force: true });
  synthesize(settings, outdir);
  await apply(target, outdir);
  await waitForRollout(target, { timeoutSeconds: 300, onReady: () => {} });
}
