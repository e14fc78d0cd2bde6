import { z } from 'zod';
import { cidr, dnsName, text } from '../../settings/units.ts';

/** Settings of the Service and of the Ingresses by which senders outside reach the collector. */

const portNumber = 'a port number from 1 to 65535';

const nodePort = (of: string) =>
  z
    .int(portNumber)
    .min(1, portNumber)
    .max(65535, portNumber)
    .optional()
    .describe(`Node port of ${of}. Unset: Kubernetes chooses it`);

const annotations = (of: string) =>
  z.record(z.string().min(1), z.string()).default({}).describe(`Annotations of the ${of}`);

export const serviceSettings = z
  .strictObject({
    type: z
      .enum(['ClusterIP', 'NodePort', 'LoadBalancer'], 'ClusterIP, NodePort or LoadBalancer')
      .default('ClusterIP')
      .describe('Type of the Service otel-collector-external'),
    annotations: annotations('Service'),
    loadBalancerClass: z
      .string()
      .min(1)
      .optional()
      .describe("Class of the load balancer. Unset: the cluster's default"),
    loadBalancerSourceRanges: z
      .array(cidr)
      .default([])
      .describe('Addresses that the load balancer admits, as CIDR blocks'),
    externalTrafficPolicy: z
      .enum(['Cluster', 'Local'], 'Cluster or Local')
      .optional()
      .describe(
        "With `Local` the collector sees the sender's address, which `cidrs` of allowedSources need. Unset: Cluster",
      ),
    nodePorts: z
      .strictObject({
        grpc: nodePort('OTLP over gRPC'),
        http: nodePort('OTLP over HTTP'),
        browsers: nodePort('browsers'),
      })
      .default({}),
  })
  .check(({ value, issues }) => {
    const { type } = value;
    const refuse = (key: keyof typeof value, message: string) => {
      issues.push({ code: 'custom', input: value[key], path: [key], message });
    };
    if (type !== 'LoadBalancer') {
      const message = 'none unless type is LoadBalancer';
      if (value.loadBalancerSourceRanges.length > 0) refuse('loadBalancerSourceRanges', message);
      if (value.loadBalancerClass !== undefined) refuse('loadBalancerClass', message);
    }
    if (type !== 'ClusterIP') return;
    const message = 'none unless type is NodePort or LoadBalancer';
    if (Object.values(value.nodePorts).some((each) => each !== undefined)) {
      refuse('nodePorts', message);
    }
    if (value.externalTrafficPolicy !== undefined) refuse('externalTrafficPolicy', message);
  });

const host = text(
  /^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/,
  'a host name such as otlp.example.com',
);

const rule = (of: string) =>
  z
    .strictObject({
      host: host.describe(`Host name of ${of}`),
      annotations: annotations('Ingress'),
    })
    .optional();

/** An Ingress for each protocol, because controllers take the protocol of a backend from annotations. */
export const ingressSettings = z
  .strictObject({
    className: dnsName.optional().describe("Class of the Ingresses. Unset: the cluster's default"),
    tlsSecret: dnsName
      .optional()
      .describe(
        "Name of the Secret with the controller's certificate, which cert-manager can make. Unset: the controller's default certificate",
      ),
    grpc: rule('OTLP over gRPC'),
    http: rule('OTLP over HTTP'),
    browsers: rule('what browsers send'),
  })
  .refine(
    ({ grpc, http, browsers }) => (grpc ?? http ?? browsers) !== undefined,
    'at least one of grpc, http and browsers, each with host',
  );
