import type { Settings } from '../../lib/schema.ts';
import { loadSettings } from '../../settings/load.ts';
import { kindContext } from '../local/kind.ts';
import type { Target } from './kubectl.ts';

export interface Session {
  readonly settings: Settings;
  readonly target: Target;
}

/**
 * Loads the settings from mantis.yaml and MANTIS_* variables.
 *
 * @param context a kubectl context. @default - $KUBE_CONTEXT, or the local kind cluster's
 */
export function loadSession(context?: string): Session {
  const settings = loadSettings({ file: 'mantis.yaml', env: process.env });
  return { settings, target: targetOf(settings, context || process.env.KUBE_CONTEXT) };
}

export function targetOf({ kind, namespace }: Settings, context?: string): Target {
  return { context: context || kindContext(kind.clusterName), namespace };
}

export function isLocal({ settings, target }: Session): boolean {
  return target.ssh === undefined && target.context === kindContext(settings.kind.clusterName);
}
