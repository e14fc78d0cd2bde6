import { z } from 'zod';
import { gatewayApi } from '../../../lib/grafana/outside/objects.ts';
import { usesCertManager } from '../../../lib/grafana/outside/settings.ts';
import type { Settings } from '../../../lib/schema.ts';
import { kubectl, kubectlList } from '../../cluster/kubectl.ts';
import type { Session } from '../../cluster/session.ts';
import { failed, ok, type Requirement, warning } from './requirement.ts';

/** What the Ingresses of Grafana and of the collector, and Grafana's HTTPRoute, need of the cluster. */

const classSchema = z.object({
  metadata: z.object({
    name: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
});

export type IngressClass = z.output<typeof classSchema>;

/** What the cluster has; undefined where it may not be read. */
export interface OutsideCluster {
  readonly ingressClasses?: readonly IngressClass[];
  /** The kinds of the API group of HTTPRoutes; none without its CRDs. */
  readonly gatewayKinds: readonly string[];
}

const apiSchema = z.object({ resources: z.array(z.object({ kind: z.string() })) });

/** Reads nothing for settings that open nothing. */
export async function readOutsideCluster({ settings, target }: Session): Promise<OutsideCluster> {
  const isOpened = ingressesOf(settings).length > 0 || settings.grafana.httpRoute !== undefined;
  if (!isOpened) return { gatewayKinds: [] };
  const [ingressClasses, api] = await Promise.all([
    kubectlList(target, classSchema, ['get', 'ingressclasses']).catch(() => undefined),
    kubectl(target, ['get', '--raw', `/apis/${gatewayApi}`]).catch(() => '{ "resources": [] }'),
  ]);
  const { resources } = apiSchema.parse(JSON.parse(api));
  return { ingressClasses, gatewayKinds: resources.map(({ kind }) => kind) };
}

export function checkOutsideObjects(
  { grafana, collector }: Pick<Settings, 'grafana' | 'collector'>,
  cluster: OutsideCluster,
): Requirement[] {
  return [
    ...ingressesOf({ grafana, collector }).map((each) =>
      checkIngressClass(each, cluster.ingressClasses),
    ),
    ...(grafana.httpRoute === undefined ? [] : [checkGatewayApi(cluster.gatewayKinds)]),
  ];
}

/** Ingresses of one setting, with the same class and the same Secret. */
interface Ingresses {
  readonly setting: 'grafana.ingress' | 'collector.externalAccess.ingress';
  readonly className?: string;
  readonly tlsSecret?: string;
  /** The annotations of each. */
  readonly annotations: readonly Readonly<Record<string, string>>[];
}

function ingressesOf({
  grafana: { ingress },
  collector: { externalAccess },
}: Pick<Settings, 'grafana' | 'collector'>): Ingresses[] {
  const external = externalAccess?.ingress;
  const found: Ingresses[] = [];
  if (ingress !== undefined) {
    found.push({ ...ingress, setting: 'grafana.ingress', annotations: [ingress.annotations] });
  }
  if (external !== undefined) {
    const { className, tlsSecret, grpc, http, browsers } = external;
    const annotations = [grpc, http, browsers].flatMap((host) =>
      host === undefined ? [] : [host.annotations],
    );
    const setting = 'collector.externalAccess.ingress';
    found.push({ setting, className, tlsSecret, annotations });
  }
  return found;
}

/** Before there were IngressClasses, this annotation named the controller; many still read it. */
const classAnnotation = 'kubernetes.io/ingress.class';

/** Without its class no controller would serve the Ingress, and nothing would say so. */
function checkIngressClass(
  { setting, className: wanted, annotations }: Ingresses,
  classes: OutsideCluster['ingressClasses'],
): Requirement {
  const name = 'IngressClass';
  if (wanted === undefined && annotations.every((each) => each[classAnnotation] !== undefined)) {
    const named = annotations.map((each) => each[classAnnotation]);
    return ok(name, `${[...new Set(named)].join(', ')} (annotation of ${setting})`);
  }
  if (classes === undefined) {
    return warning(name, 'you may not list IngressClasses', 'ask an administrator');
  }
  const names = classes.map(({ metadata }) => metadata.name);
  const list = names.length === 0 ? 'none: install an ingress controller' : names.join(', ');
  const todo = `set ${setting}.className to one that the cluster has (${list})`;
  if (wanted !== undefined) {
    if (names.includes(wanted)) return ok(name, wanted);
    return failed(name, `there is no ${wanted} (${setting}.className)`, todo);
  }
  const isDefault = ({ metadata }: IngressClass) =>
    metadata.annotations['ingressclass.kubernetes.io/is-default-class'] === 'true';
  const found = classes.find(isDefault);
  return found === undefined
    ? // Some controllers serve Ingresses without a class.
      warning(name, `the cluster has no default class, and ${setting} names none`, todo)
    : ok(name, `${found.metadata.name}, the default`);
}

function checkGatewayApi(kinds: readonly string[]): Requirement {
  const name = 'Gateway API';
  if (kinds.includes('HTTPRoute')) return ok(name, gatewayApi);
  return failed(
    name,
    `the cluster has no HTTPRoute of ${gatewayApi} (grafana.httpRoute)`,
    'install the CRDs of the Gateway API and a controller for it (https://gateway-api.sigs.k8s.io/guides/), or use grafana.ingress',
  );
}

/** The Secrets with certificates of Ingresses, unless cert-manager creates them. */
export function ingressTlsSecrets(settings: Settings) {
  return ingressesOf(settings)
    .filter((each) => !each.annotations.some((annotations) => usesCertManager({ annotations })))
    .map(({ setting, tlsSecret }) => ({
      setting: `${setting}.tlsSecret`,
      name: tlsSecret,
      keys: ['tls.crt', 'tls.key'],
    }));
}
