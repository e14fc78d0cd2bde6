import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { commonLabels, selectorLabels } from '../../model/labels.ts';
import { type Port, ports } from '../../model/ports.ts';
import { declareSource, sourceFile } from '../../model/source.ts';
import { acceptsCredentials } from '../../model/topology.ts';
import type { Platform } from '../../settings/platform.ts';
import type { ExternalAccess } from './settings.ts';

const collector = 'otel-collector';
const { externalGrpc, externalHttp, browserHttp } = ports[collector];

/** The ports that senders use, by their keys in the settings; the first two are those of OTLP. */
const servicePorts = {
  grpc: { port: 4317, target: externalGrpc },
  http: { port: 4318, target: externalHttp },
  browsers: { port: 4319, target: browserHttp },
} as const satisfies Record<string, { readonly port: number; readonly target: Port }>;

type PortKey = keyof typeof servicePorts;

/** The ports that the settings open. */
function openPorts(access: ExternalAccess): PortKey[] {
  const authenticated: PortKey[] = acceptsCredentials(access) ? ['grpc', 'http'] : [];
  return [...authenticated, ...(access.browsers === undefined ? [] : ['browsers' as const])];
}

/** The ports of the pod that the settings open. */
export function externalPorts(access: ExternalAccess | undefined): Port[] {
  return access === undefined ? [] : openPorts(access).map((key) => servicePorts[key].target);
}

export interface ExternalServiceProps {
  readonly access: ExternalAccess;
  readonly platform: Platform;
}

/** The Service of senders outside the cluster, and an Ingress for each host that settings name. */
export class ExternalService extends Construct {
  constructor(scope: Construct, id: string, { access, platform }: ExternalServiceProps) {
    super(scope, id);
    declareSource(this, sourceFile(import.meta.filename));
    const { service, ingress } = access;
    const name = `${collector}-external`;
    const labels = { ...selectorLabels(collector), ...commonLabels };
    const open = openPorts(access);
    new k8s.KubeService(this, 'service', {
      metadata: { name, labels, annotations: service.annotations },
      spec: {
        type: service.type,
        selector: selectorLabels(collector),
        ipFamilyPolicy: platform.ipFamilyPolicy,
        externalTrafficPolicy: service.externalTrafficPolicy,
        loadBalancerClass: service.loadBalancerClass,
        loadBalancerSourceRanges:
          service.loadBalancerSourceRanges.length > 0
            ? service.loadBalancerSourceRanges
            : undefined,
        ports: open.map((key) => ({
          name: servicePorts[key].target.name,
          port: servicePorts[key].port,
          targetPort: k8s.IntOrString.fromString(servicePorts[key].target.name),
          nodePort: service.nodePorts[key],
        })),
      },
    });
    if (ingress === undefined) return;
    for (const key of open) {
      const rule = ingress[key];
      if (rule === undefined) continue;
      const { host, annotations } = rule;
      const backend = { service: { name, port: { name: servicePorts[key].target.name } } };
      new k8s.KubeIngress(this, `${key}-ingress`, {
        metadata: { name: `${name}-${key}`, labels, annotations },
        spec: {
          ingressClassName: ingress.className,
          tls: [{ hosts: [host], secretName: ingress.tlsSecret }],
          rules: [{ host, http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }],
        },
      });
    }
  }
}
