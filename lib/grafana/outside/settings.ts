import { z } from 'zod';
import { qualifiedName } from '../../settings/scheduling.ts';
import { dnsLabel, dnsName } from '../../settings/units.ts';

/** How Grafana is reached from outside the cluster. Host and path are those of `grafana.url`. */

const annotations = z.record(qualifiedName, z.string('a text in quotes')).default({});

const ingress = z.strictObject({
  className: dnsName
    .optional()
    .describe(
      "IngressClass of Grafana's Ingress, which exists if `grafana.ingress` is set, if only to `{}`; its host and path are those of `grafana.url`. Unset: the cluster's default class",
    ),
  annotations: annotations.describe(
    "Annotations of Grafana's Ingress, such as `cert-manager.io/cluster-issuer: letsencrypt`",
  ),
  tlsSecret: dnsName
    .optional()
    .describe(
      "Name of the Secret of type kubernetes.io/tls with the certificate of Grafana's Ingress; cert-manager creates it if an annotation names an issuer. Unset: TLS is the controller's matter",
    ),
});

const parentRef = z.strictObject({
  name: dnsName.describe('Name of the Gateway'),
  namespace: dnsLabel.optional().describe('Namespace of the Gateway. Unset: that of Mantis'),
  sectionName: dnsName.optional().describe('Listener of the Gateway. Unset: all that match'),
});

const httpRoute = z.strictObject({
  parentRefs: z
    .array(parentRef, 'a list of Gateways, each with name, namespace and sectionName')
    .min(1, 'at least one Gateway')
    .describe(
      "Gateways of Grafana's HTTPRoute (Gateway API), each with `name`, `namespace` and `sectionName`; its host and path are those of `grafana.url`",
    ),
  annotations: annotations.describe("Annotations of Grafana's HTTPRoute"),
});

export const outsideSettings = { ingress: ingress.optional(), httpRoute: httpRoute.optional() };

export type IngressSettings = z.output<typeof ingress>;
export type HttpRouteSettings = z.output<typeof httpRoute>;

export interface OutsideSettings {
  readonly url: string;
  readonly ingress?: IngressSettings;
  readonly httpRoute?: HttpRouteSettings;
}

/** Whether an annotation lets cert-manager create the Secret with the certificate. */
export function usesCertManager({ annotations }: Pick<IngressSettings, 'annotations'>): boolean {
  return Object.keys(annotations).some((key) => /^cert-manager\.io\/(cluster-)?issuer$/.test(key));
}

/** A DNS name, as rules have it: no address, and not this machine. */
const publicHost =
  /^(?!localhost$)(?!.*\.localhost$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)*[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** Refuses what could not work together. */
export const checkOutside: z.core.CheckFn<OutsideSettings> = ({ value, issues }) => {
  const { url, ingress, httpRoute } = value;
  if (ingress === undefined && httpRoute === undefined) return;
  // A mistake that is reported already.
  if (!URL.canParse(url)) return;
  if (!publicHost.test(new URL(url).hostname)) {
    const setting = ingress === undefined ? 'httpRoute' : 'ingress';
    const message = `a URL with a DNS name, such as https://grafana.example.com: grafana.${setting} takes its host and path from it`;
    issues.push({ code: 'custom', input: url, path: ['url'], message });
  }
  if (ingress === undefined) return;
  const { tlsSecret } = ingress;
  const path = ['ingress', 'tlsSecret'];
  if (tlsSecret !== undefined && !url.startsWith('https:')) {
    const message = `none, or a grafana.url that begins with https://, not ${url}`;
    issues.push({ code: 'custom', input: tlsSecret, path, message });
  }
  if (tlsSecret === undefined && usesCertManager(ingress)) {
    const message = 'the name of the Secret that cert-manager is to create, such as grafana-tls';
    issues.push({ code: 'custom', input: tlsSecret, path, message });
  }
};
