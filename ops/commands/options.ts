import { Option } from '@commander-js/extra-typings';

/** Options that several commands have. */

export const contextOption = new Option(
  '--context <name>',
  'kubectl context (default: $KUBE_CONTEXT, or the kind cluster)',
);

export const sshOption = new Option(
  '--ssh <user@host[:port]>',
  'use the kubectl of that machine, and its contexts',
);

/** Of every command that changes an installation. */
export const forceUnlockOption = new Option(
  '--force-unlock',
  'go on although somebody else is deploying, removing or restoring',
);

export const jsonOption = new Option('--json', 'print one JSON document');

export const yesOption = new Option('--yes', 'do not ask');
