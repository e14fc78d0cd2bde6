import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { pathOf } from '../../model/base-path.ts';
import { commonLabels, selectorLabels } from '../../model/labels.ts';
import { ports } from '../../model/ports.ts';
import { declareSource, sourceFile } from '../../model/source.ts';
import type { HttpRouteSettings, IngressSettings, OutsideSettings } from './settings.ts';

const name = 'grafana';
const labels = { ...selectorLabels(name), ...commonLabels };
const { http } = ports.grafana;

/** The API of HTTPRoutes, whose CRD is the cluster's. */
export const gatewayApi = 'gateway.networking.k8s.io/v1';

/** The Ingress and the HTTPRoute that lead to Grafana, as far as there are settings for them. */
export function outsideObjects(
  scope: Construct,
  { url, ingress, httpRoute }: OutsideSettings,
): void {
  const objects = [
    ingress && ingressOf(scope, new URL(url), ingress),
    httpRoute && httpRouteOf(scope, new URL(url), httpRoute),
  ];
  for (const object of objects) {
    if (object !== undefined) declareSource(object, sourceFile(import.meta.filename));
  }
}

const annotated = (annotations: Readonly<Record<string, string>>) =>
  Object.keys(annotations).length === 0 ? undefined : { ...annotations };

function ingressOf(
  scope: Construct,
  { hostname, href }: URL,
  { className, annotations, tlsSecret }: IngressSettings,
): ApiObject {
  const service = { name, port: { name: http.name } };
  const path = { path: pathOf(href) || '/', pathType: 'Prefix', backend: { service } };
  return new k8s.KubeIngress(scope, 'ingress', {
    metadata: { name, labels, annotations: annotated(annotations) },
    spec: {
      ingressClassName: className,
      tls: tlsSecret === undefined ? undefined : [{ hosts: [hostname], secretName: tlsSecret }],
      rules: [{ host: hostname, http: { paths: [path] } }],
    },
  });
}

/** With the defaults of its CRD written out, so that nothing differs after an apply. */
function httpRouteOf(
  scope: Construct,
  { hostname, href }: URL,
  { parentRefs, annotations }: HttpRouteSettings,
): ApiObject {
  const [group] = gatewayApi.split('/');
  return new ApiObject(scope, 'http-route', {
    apiVersion: gatewayApi,
    kind: 'HTTPRoute',
    metadata: { name, labels, annotations: annotated(annotations) },
    spec: {
      parentRefs: parentRefs.map((each) => ({ group, kind: 'Gateway', ...each })),
      hostnames: [hostname],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: pathOf(href) || '/' } }],
          backendRefs: [{ group: '', kind: 'Service', name, port: http.number, weight: 1 }],
        },
      ],
    },
  });
}
