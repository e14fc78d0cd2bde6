import type { Settings } from '../../lib/schema.ts';
import { loadSettings } from '../../settings/load.ts';
import { kindContext } from '../local/kind.ts';
import type { Target } from './kubectl.ts';

/** What every command starts from: the user's settings and the cluster that they mean. */
export interface Session {
  readonly settings: Settings;
  readonly target: Target;
}

/**
 * Reads mantis.yaml and MANTIS_* variables.
 *
 * @param context a kubectl context; the variable KUBE_CONTEXT names one too
 * @default - the context of the local kind cluster
 */
export function openSession(context?: string): Session {
  const settings = loadSettings({ file: 'mantis.yaml', env: process.env });
  return { settings, target: targetOf(settings, context || process.env.KUBE_CONTEXT) };
}

export function targetOf(settings: Settings, context?: string): Target {
  return {
    context: context || kindContext(settings.kind.clusterName),
    namespace: settings.namespace,
  };
}

/** Whether the commands work on the local kind cluster of the settings. */
export function isLocal({ settings, target }: Session): boolean {
  return target.via === undefined && target.context === kindContext(settings.kind.clusterName);
}
