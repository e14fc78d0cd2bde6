import { Option } from '@commander-js/extra-typings';

export const contextOption = new Option(
  '--context <name>',
  'kubectl context (default: $KUBE_CONTEXT, or the local kind cluster)',
);

export const sshOption = new Option(
  '--ssh <user@host[:port]>',
  'use kubectl and its contexts on another machine',
);

export const forceUnlockOption = new Option(
  '--force-unlock',
  'take the lock from another deploy, undeploy, restore or kind-up',
);

export const jsonOption = new Option('--json', 'print one JSON document');

export const yesOption = new Option('--yes', 'do not ask for confirmation');
