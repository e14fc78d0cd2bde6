import { Size } from 'cdk8s';
import { z } from 'zod';
import { pulled } from './images.ts';
import { alertReceivers, alerts, checkReceivers } from './settings-alerting.ts';
import { checkHashKey, telemetryOptions } from './settings-collector.ts';
import {
  cidr,
  cpu,
  destinations,
  dnsLabel,
  dnsName,
  retention,
  size,
  text,
  written,
} from './settings-units.ts';

/**
 * Everything a user may choose. `settings-load.ts` fills it from mantis.yaml and MANTIS_* variables;
 * the JSON schema, `.env.example` and the table in docs/configuration.md are made from it.
 */

const extraArgs = z
  .array(z.string())
  .default([])
  .describe('Arguments added behind our own, as the program takes them');

const extraConfig = z
  .record(z.string(), z.unknown())
  .default({})
  .describe(
    "Raw configuration in the component's own keys, merged into ours: maps are merged, lists are appended, other values replace ours",
  );

interface ResourceDefaults {
  readonly cpu: string;
  readonly memory: string;
  readonly memoryLimit: string;
}

function resources(defaults: ResourceDefaults) {
  return {
    cpu: cpu
      .default(defaults.cpu)
      .describe('CPU requested; there is no CPU limit, so idle cores can be used'),
    memory: size.prefault(defaults.memory).describe('Memory requested'),
    memoryLimit: size
      .prefault(defaults.memoryLimit)
      .describe('Memory at which the container is killed; Go programs are told to stay below'),
  };
}

/** Below this the collector's queue could not hold one batch, and Prometheus would keep no block. */
const smallestVolume = Size.mebibytes(16);

const volume = (defaultSize: string, holds: string) =>
  size
    .check(({ value, issues }) => {
      if (value.toMebibytes() >= smallestVolume.toMebibytes()) return;
      const message = `at least ${smallestVolume.asString()}`;
      issues.push({ code: 'custom', input: value.asString(), message });
    })
    .prefault(defaultSize)
    .describe(`Size of the volume that holds ${holds}`);

/** The settings of one component; what it requests must fit below what it may use. */
function component<Shape extends ReturnType<typeof resources>>(shape: Shape) {
  return z.strictObject(shape).check(({ value, issues }) => {
    const { memory, memoryLimit } = value as Pick<Resources, 'memory' | 'memoryLimit'>;
    if (memory.toMebibytes() <= memoryLimit.toMebibytes()) return;
    issues.push({
      code: 'custom',
      input: memory.asString(),
      path: ['memory'],
      message: `at most memoryLimit, which is ${memoryLimit.asString()}`,
    });
  });
}

const kept = (defaultRetention: string, what: string) =>
  retention.prefault(defaultRetention).describe(`How long ${what} are kept`);

const hostPort = (defaultPort: number, what: string) =>
  z
    .int('a port number from 0 to 65535')
    .min(0, 'a port number from 0 to 65535')
    .max(65535, 'a port number from 0 to 65535')
    .default(defaultPort)
    .describe(`Port of this computer that leads to ${what} in the kind cluster; 0 for none`);

/** Namespaces by their names, or by labels that someone has put on them. */
const someNamespaces = z
  .strictObject({
    namespaces: z.array(dnsLabel).default([]),
    labels: z.record(z.string().min(1), z.string()).optional(),
  })
  .refine(
    ({ namespaces, labels }) => namespaces.length > 0 || Object.keys(labels ?? {}).length > 0,
    'all, or an object with namespaces (a list of names), labels, or both',
  );

const collector = component({
  storage: volume('2Gi', 'telemetry that waits for a store that is away'),
  ...resources({ cpu: '100m', memory: '128Mi', memoryLimit: '512Mi' }),
  scrapeConfigs: z
    .array(z.record(z.string(), z.unknown()))
    .default([])
    .describe("Prometheus scrape_configs for apps' own /metrics pages, scraped by the collector"),
  senders: z
    .union([z.literal('all'), someNamespaces], 'all, or namespaces by name or labels')
    .default('all')
    .describe(
      'Whose pods may send telemetry beside our own: `all`, or those of `namespaces` (names) or of namespaces with `labels`',
    ),
  egress: destinations.describe(
    'Where the collector may connect to beside the stack: what exporters in extraConfig need',
  ),
  secret: dnsLabel
    .optional()
    .describe(
      'Name of an existing Secret whose keys the collector sees as variables, for use in extraConfig',
    ),
  ...telemetryOptions,
  extraArgs,
  extraConfig,
}).check(checkHashKey);

const prometheus = component({
  retention: kept('15d', 'metrics'),
  storage: volume('10Gi', 'metrics; the oldest go when 80 % of it is used'),
  ...resources({ cpu: '100m', memory: '256Mi', memoryLimit: '1Gi' }),
  extraArgs,
  extraConfig,
});

const alertmanager = component({
  ...alertReceivers,
  storage: volume('1Gi', 'silences and the record of what was notified'),
  ...resources({ cpu: '10m', memory: '32Mi', memoryLimit: '128Mi' }),
  extraArgs,
  extraConfig,
}).check(checkReceivers);

const loki = component({
  retention: kept('7d', 'logs'),
  storage: volume('10Gi', 'logs, their index and write-ahead log'),
  ...resources({ cpu: '100m', memory: '256Mi', memoryLimit: '1Gi' }),
  extraArgs,
  extraConfig,
});

const tempo = component({
  retention: kept('48h', 'traces'),
  storage: volume('10Gi', 'traces and their write-ahead log'),
  ...resources({ cpu: '100m', memory: '320Mi', memoryLimit: '1Gi' }),
  extraArgs,
  extraConfig,
});

const grafana = component({
  url: text(/^https?:\/\/[^\s/]+(\/[^\s/]+)*$/, 'a URL without a slash at its end')
    .default('http://localhost:3000')
    .describe('Where people open Grafana; links in alerts lead there'),
  storage: volume('1Gi', "Grafana's own database: users and their dashboards"),
  ...resources({ cpu: '100m', memory: '256Mi', memoryLimit: '1Gi' }),
  visitors: someNamespaces
    .optional()
    .describe(
      "Whose pods may open Grafana, such as an ingress controller's: those of `namespaces` (names) or of namespaces with `labels`; left out, nobody's, and people come by port-forward",
    ),
  egress: destinations.describe(
    'Where Grafana may connect to beside the stack: a login service, a mail server, data sources of yours',
  ),
  secret: dnsLabel
    .optional()
    .describe(
      'Name of an existing Secret whose keys Grafana sees as variables, such as GF_SMTP_PASSWORD',
    ),
  extraArgs,
  extraConfig: z
    .record(z.string(), z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])))
    .default({})
    .describe('Sections and keys of grafana.ini, merged into ours'),
});

const testApp = component({
  enabled: z
    .boolean('true or false')
    .default(true)
    .describe('Whether the instrumented test app is deployed'),
  image: text(/^[^\s/]+(\/[^\s/]+)*$/, 'the name of an image')
    .optional()
    .describe(
      'Name of its image in a registry of yours, such as registry.example.com/shop:1; left out, the one that make kind-up builds, which is in no registry',
    ),
  maxReplicas: z
    .int('a whole number from 1 to 100')
    .min(1, 'a whole number from 1 to 100')
    .max(100, 'a whole number from 1 to 100')
    .default(1)
    .describe(
      'Up to how many replicas an autoscaler gives each stateless role, by CPU; 1 for no autoscaler. Needs a metrics server',
    ),
  storage: volume('1Gi', 'users, products and orders of the test app'),
  ...resources({ cpu: '50m', memory: '128Mi', memoryLimit: '256Mi' }),
});

/** A namespace that pods of others must not be in, because ours are cut off in it. */
const ownNamespace = dnsLabel.regex(
  /^(?!default$|kube-)/,
  'a namespace of its own: not default or kube-…, whose pods it would cut off',
);

const namespaceNames = z.array(dnsLabel);

/** What is seen of a cluster beside the telemetry that apps send by themselves. */
const clusterView = z.strictObject({
  enabled: z
    .boolean('true or false')
    .default(false)
    .describe(
      'Whether what pods print, metrics of nodes, events and the state of workloads are collected too',
    ),
  namespace: ownNamespace
    .default('observability-cluster')
    .describe(
      'Namespace of the cluster view, which it has to itself: its pods read from their nodes',
    ),
  logs: z
    .strictObject({
      namespaces: z
        .union([z.literal('all'), namespaceNames.min(1)], 'all, or a list of namespaces')
        .default('all')
        .describe('Whose pods are read: `all`, or a list of namespaces'),
      skip: namespaceNames
        .default([])
        .describe(
          "Namespaces whose pods are not read, beside Mantis' own; a single pod is left out by the annotation `mantis.dev/logs: otlp`",
        ),
    })
    .prefault({}),
  nodeCollector: component({
    storage: volume(
      '512Mi',
      'telemetry of a node that waits for the collector, on the node itself',
    ),
    ...resources({ cpu: '50m', memory: '128Mi', memoryLimit: '256Mi' }),
  }).prefault({}),
  eventCollector: component(
    resources({ cpu: '10m', memory: '64Mi', memoryLimit: '128Mi' }),
  ).prefault({}),
  kubeStateMetrics: component(
    resources({ cpu: '10m', memory: '64Mi', memoryLimit: '256Mi' }),
  ).prefault({}),
});

const kind = z.strictObject({
  journeysPerSecond: z
    .number('a number from 0 to 10')
    .min(0, 'a number from 0 to 10')
    .max(10, 'a number from 0 to 10')
    .default(0.5)
    .describe(
      'How many simulated customers a second begin their way through the shop, so that there is something to see; 0 for none',
    ),
  clusterName: dnsLabel
    .default('mantis')
    .describe('Name of the local cluster that make kind-up uses'),
  hostPorts: z
    .strictObject({
      grafana: hostPort(3000, 'Grafana'),
      shop: hostPort(8080, 'the test app'),
      otlpGrpc: hostPort(4317, 'OTLP over gRPC'),
      otlpHttp: hostPort(4318, 'OTLP over HTTP'),
    })
    .prefault({}),
});

/** What OTEL_RESOURCE_ATTRIBUTES takes without escapes; the collector stops at anything else. */
const attributeValue = text(/^[A-Za-z0-9._/-]+$/, 'letters, digits and . _ / - only');

export const settingsSchema = z
  .strictObject({
    namespace: ownNamespace
      .default('observability')
      .describe('Namespace of the whole stack, which it has to itself'),
    clusterDomain: dnsName.default('cluster.local').describe("The cluster's DNS domain"),
    clusterName: attributeValue
      .default('kubernetes')
      .describe('Value of k8s.cluster.name on telemetry that does not bring its own'),
    environment: attributeValue
      .default('development')
      .describe('Value of deployment.environment.name on telemetry that does not bring its own'),
    imagePrefix: text(/^[^\s/]+(\/[^\s/]+)*$/, 'a registry and path without a slash at its end')
      .optional()
      .describe('A mirror put in front of every image name'),
    imageDigests: z
      .partialRecord(
        z.enum(pulled as [string, ...string[]]),
        text(/^sha256:[0-9a-f]{64}$/, 'a digest: sha256: and 64 hexadecimal digits'),
        {
          error: (issue) =>
            (issue.code as string) === 'unrecognized_keys'
              ? 'no image of this release; make images lists them'
              : undefined,
        },
      )
      .default({})
      .describe(
        'The digest of each image, as `name:tag: sha256:…`, which a node then takes and nothing else; `make digests` prints them',
      ),
    imagePullPolicy: z
      .enum(['IfNotPresent', 'Always'], 'IfNotPresent or Always')
      .default('IfNotPresent')
      .describe(
        'Whether a node that has an image asks its registry all the same at each start, so that a registry that is away keeps pods away: `IfNotPresent` or `Always`',
      ),
    imagePullSecret: dnsLabel
      .optional()
      .describe('Name of an existing Secret with the credentials of the registry'),
    storageClass: dnsName
      .optional()
      .describe("StorageClass of every volume; left out, the cluster's default"),
    networkPolicies: z
      .boolean('true or false')
      .default(true)
      .describe('Whether pods are cut off from all but what the topology declares'),
    kubernetesApi: destinations.describe(
      'Where the API server answers those pods that need it, as NetworkPolicies see it; left out, any address on ports 443 and 6443',
    ),
    nodeCidrs: z
      .array(cidr)
      .default([])
      .describe(
        'Addresses of the nodes, as CIDR blocks, where kubelets answer on port 10250; left out, any address',
      ),
    collector: collector.prefault({}),
    prometheus: prometheus.prefault({}),
    alertmanager: alertmanager.prefault({}),
    loki: loki.prefault({}),
    tempo: tempo.prefault({}),
    grafana: grafana.prefault({}),
    testApp: testApp.prefault({}),
    alerts: alerts.prefault({}),
    clusterView: clusterView.prefault({}),
    kind: kind.prefault({}),
  })
  .check(({ value, issues }) => {
    const { imagePullPolicy, imagePrefix, testApp } = value;
    if (imagePullPolicy !== 'Always' || imagePrefix !== undefined) return;
    if (!testApp.enabled || testApp.image !== undefined) return;
    const message =
      "IfNotPresent, or testApp.image, or testApp.enabled: false: the test app's own image is in no registry";
    issues.push({ code: 'custom', input: imagePullPolicy, path: ['imagePullPolicy'], message });
  })
  .check(({ value, issues }) => {
    const { receivers, egress } = value.alertmanager;
    if (!value.networkPolicies || receivers.length === 0 || egress.length > 0) return;
    const message =
      'where the receivers are, such as [{ port: 443 }]: NetworkPolicies keep Alertmanager from all else';
    issues.push({ code: 'custom', input: egress, path: ['alertmanager', 'egress'], message });
  })
  .check(({ value, issues }) => {
    const { namespace } = value.clusterView;
    if (namespace !== value.namespace) return;
    const message = 'another namespace than that of the stack, whose pods may do less';
    issues.push({
      code: 'custom',
      input: namespace,
      path: ['clusterView', 'namespace'],
      message,
    });
  })
  .check(({ value, issues }) => {
    const { window } = value.alerts.slo;
    const { retention } = value.prometheus;
    if (window === undefined || window.toHours() <= retention.toHours()) return;
    issues.push({
      code: 'custom',
      input: written(window),
      path: ['alerts', 'slo', 'window'],
      message: `at most prometheus.retention, which is ${written(retention)}`,
    });
  });

/** Settings after defaults and parsing: sizes and durations are objects with their units. */
export type Settings = z.output<typeof settingsSchema>;

/** Settings as a person writes them in mantis.yaml. */
export type SettingsInput = z.input<typeof settingsSchema>;

/** The three figures that every component's container gets. */
export type Resources = Pick<Settings['loki'], 'cpu' | 'memory' | 'memoryLimit'>;
