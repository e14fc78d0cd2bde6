import { rmSync } from 'node:fs';
import { deepmerge } from 'deepmerge-ts';
import { synthesize } from '../../charts/synth.ts';
import { type Settings, type SettingsInput, settingsSchema } from '../../lib/schema.ts';
import { apply } from '../../ops/cluster/apply.ts';
import { waitForRollout } from '../../ops/cluster/rollout.ts';
import type { Session } from '../../ops/cluster/session.ts';
import { receiverPort, receiverUrl } from './receiver.ts';

/** Settings with which alerts fire within a minute or two instead of ten, and tell somebody. */
const impatient = {
  alerts: {
    window: '1m',
    for: '15s',
    stackFor: '15s',
    silence: '1m',
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
      { name: 'unwell', severities: ['none'], webhook: { url: receiverUrl('/unwell') } },
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

/** On top: what is wrong from the start. */
export const broken = {
  alerts: { maxSeries: 1000 },
  collector: {
    extraConfig: { processors: { memory_limiter: { limit_mib: 10, spike_limit_mib: 2 } } },
  },
} satisfies SettingsInput;

/** The user's own settings, impatient. */
export function profile(own: Settings, extra: SettingsInput = {}): Settings {
  const { alerts, alertmanager, collector } = settingsSchema.parse(deepmerge(impatient, extra));
  const { egress, receivers, extraConfig } = alertmanager;
  return {
    ...own,
    alerts,
    alertmanager: { ...own.alertmanager, egress, receivers, extraConfig },
    collector: { ...own.collector, extraConfig: collector.extraConfig },
  };
}

/** Lets the cluster run with these settings. */
export async function deploy({ target }: Session, settings: Settings): Promise<void> {
  const outdir = '.build/e2e-alerts';
  rmSync(outdir, { recursive: true, force: true });
  synthesize(settings, outdir);
  await apply(target, outdir);
  await waitForRollout(target, { timeoutSeconds: 300, onReady: () => {} });
}
