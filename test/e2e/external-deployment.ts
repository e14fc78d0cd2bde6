import { type SettingsInput, settingsSchema } from '../../lib/schema.ts';
import { kubectl } from '../../ops/cluster/kubectl.ts';
import type { Session } from '../../ops/cluster/session.ts';
import { deploy } from '../../ops/deploy/deploy.ts';
import { session } from './cluster.ts';
import {
  type Authority,
  createAuthority,
  putCertificate,
  putSecret,
} from './external-authority.ts';
import { type ExternalSender, nodeAddress, onlyAddress, ownAddress } from './external-sender.ts';

const { settings, target } = session;
const ports = { grpc: 32317, http: 32318, browsers: 32319 };

/** The Secrets of these tests; the one of credentials has what a test puts there. */
export const secrets = {
  tls: 'mantis-e2e-otlp-tls',
  ca: 'mantis-e2e-otlp-ca',
  credentials: 'mantis-e2e-otlp-credentials',
} as const;

type Access = NonNullable<NonNullable<SettingsInput['collector']>['externalAccess']>;

/** The session with this access in the settings. */
export function sessionWith(externalAccess: Access | undefined): Session {
  const { collector } = settingsSchema.parse({ collector: { externalAccess } });
  return {
    ...session,
    settings: {
      ...settings,
      collector: { ...settings.collector, externalAccess: collector.externalAccess },
    },
  };
}

export async function deployWith(externalAccess: Access | undefined): Promise<void> {
  await deploy(sessionWith(externalAccess), {
    yes: true,
    wait: '6m',
    timeout: '35s',
    doctor: false,
  });
}

/** This machine, as one outside the cluster. */
export interface Outside {
  readonly authority: Authority;
  /** Without a credential. */
  readonly sender: ExternalSender;
  readonly browserPort: number;
  /** Settings that admit it by its address. @param namespaces whose pods are admitted too */
  readonly access: (more: Partial<Access>, namespaces?: string[]) => Access;
}

/** Creates the Secrets with the certificate and its CA. */
export async function createOutside(): Promise<Outside> {
  const authority = await createAuthority();
  const address = await nodeAddress();
  const cidrs = [onlyAddress(await ownAddress(address))];
  await putCertificate(secrets.tls, await authority.issue('collector'));
  await putSecret(secrets.ca, { 'ca.crt': authority.ca });
  return {
    authority,
    sender: { address, ports, ca: authority.ca },
    browserPort: ports.browsers,
    access: (more, namespaces = []) => ({
      tls: { secret: secrets.tls },
      allowedSources: { cidrs, namespaces },
      service: { type: 'NodePort', externalTrafficPolicy: 'Local', nodePorts: ports },
      ...more,
    }),
  };
}

/** Closes the ports and deletes the Secrets. */
export async function deleteOutside(): Promise<void> {
  await deployWith(undefined);
  await kubectl(target, ['delete', 'secret', ...Object.values(secrets), '--ignore-not-found']);
}
