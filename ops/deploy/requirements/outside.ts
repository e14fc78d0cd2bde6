import { z } from 'zod';
import { gatewayApi } from '../../../lib/grafana/outside/objects.ts';
import { usesCertManager } from '../../../lib/grafana/outside/settings.ts';
import type { Settings } from '../../../lib/schema.ts';
import { kubectl, kubectlList, type Target } from '../../cluster/kubectl.ts';
import { failed, ok, type Requirement, warning } from './requirement.ts';

/** What Grafana's Ingress and HTTPRoute need of the cluster. */

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

export async function readOutsideCluster(target: Target): Promise<OutsideCluster> {
  const [ingressClasses, api] = await Promise.all([
    kubectlList(target, classSchema, ['get', 'ingressclasses']).catch(() => undefined),
    kubectl(target, ['get', '--raw', `/apis/${gatewayApi}`]).catch(() => '{ "resources": [] }'),
  ]);
  const { resources } = apiSchema.parse(JSON.parse(api));
  return { ingressClasses, gatewayKinds: resources.map(({ kind }) => kind) };
}

export function checkOutsideObjects(
  { grafana }: Pick<Settings, 'grafana'>,
  cluster: OutsideCluster,
): Requirement[] {
  return [
    ...(grafana.ingress === undefined
      ? []
      : [checkIngressClass(grafana.ingress.className, cluster.ingressClasses)]),
    ...(grafana.httpRoute === undefined ? [] : [checkGatewayApi(cluster.gatewayKinds)]),
  ];
}

/** Without its class no controller would serve the Ingress, and nothing would say so. */
function checkIngressClass(
  wanted: string | undefined,
  classes: OutsideCluster['ingressClasses'],
): Requirement {
  const name = 'IngressClass';
  if (classes === undefined) {
    return warning(name, 'you may not list IngressClasses', 'ask an administrator');
  }
  const names = classes.map(({ metadata }) => metadata.name);
  const list = names.length === 0 ? 'none: install an ingress controller' : names.join(', ');
  const todo = `set grafana.ingress.className to one that the cluster has (${list})`;
  if (wanted !== undefined) {
    if (names.includes(wanted)) return ok(name, wanted);
    return failed(name, `there is no ${wanted} (grafana.ingress.className)`, todo);
  }
  const isDefault = ({ metadata }: IngressClass) =>
    metadata.annotations['ingressclass.kubernetes.io/is-default-class'] === 'true';
  const found = classes.find(isDefault);
  return found === undefined
    ? failed(name, 'the cluster has no default class, and grafana.ingress names none', todo)
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

/** The Secret with the certificate of the Ingress, unless cert-manager creates it. */
export function ingressTlsSecret({ grafana: { ingress } }: Settings): string | undefined {
  return ingress === undefined || usesCertManager(ingress) ? undefined : ingress.tlsSecret;
}
