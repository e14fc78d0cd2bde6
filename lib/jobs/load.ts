import { Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { dnsEgress, podPeer, tcpPort } from '../kubernetes/network-policies.ts';
import { type PodProps, podTemplate } from '../kubernetes/pod.ts';
import { type Image, images } from '../model/images.ts';
import { commonLabels, labelKeys, loadGeneratorLabels, selectorLabels } from '../model/labels.ts';
import { ports } from '../model/ports.ts';
import { declareSource, sourceFile } from '../model/source.ts';
import type { TopologySettings } from '../model/topology-settings.ts';
import type { Platform } from '../settings/platform.ts';

interface LoadGeneratorProps {
  readonly platform: Platform;
  /** URL of the test app's front-end service. */
  readonly shopUrl: string;
}

export interface CustomersProps extends LoadGeneratorProps {
  /** The test app's image, which contains the script of the customers. */
  readonly image: Image;
  /** Simulated customers per second; each makes one journey through the shop. */
  readonly journeysPerSecond: number;
}

/** Name of the customers' Deployment. */
export const customersName = 'customers';

/** A Deployment that simulates customers of the shop without end, so that dashboards show data. */
export class Customers extends Construct {
  constructor(scope: Construct, id: string, props: CustomersProps) {
    super(scope, id);
    declareSource(this, sourceFile(import.meta.filename));
    const name = customersName;
    const pod = podProps(name, props.image, props);
    const template = podTemplate({
      ...pod,
      resources: resources('25m', 48, 128),
      args: ['load/customers.ts'],
      env: variables({ SHOP_URL: props.shopUrl, RATE: String(props.journeysPerSecond) }),
    });
    new k8s.KubeDeployment(this, 'deployment', {
      metadata: { name, labels: pod.labels },
      spec: { replicas: 1, selector: { matchLabels: selectorLabels(name) }, template },
    });
  }
}

export interface LoadTestProps extends LoadGeneratorProps {
  /** The k6 script and what it imports, by path; the script is `load/k6.ts`. */
  readonly files: Readonly<Record<string, string>>;
  /** Journeys started per second. */
  readonly rate: number;
  /** Duration of the test in seconds. */
  readonly seconds: number;
  /** Name of a mix of journeys in test-app/load/. */
  readonly mix: string;
}

/** Name of the Job and of its ConfigMap. */
export const loadTestName = 'load';

/** A load test with k6 (https://grafana.com/docs/k6/) as a Job. */
export class LoadTest extends Construct {
  constructor(scope: Construct, id: string, props: LoadTestProps) {
    super(scope, id);
    declareSource(this, sourceFile(import.meta.filename));
    const { files, rate, seconds, mix } = props;
    const name = loadTestName;
    const mountPath = '/k6';
    const key = (path: string) => path.replaceAll('/', '_');
    const pod = podProps(name, images.k6, props);
    const template = podTemplate({
      ...pod,
      resources: resources('250m', 128, 1024),
      args: ['run', '--quiet', '--no-usage-report', `${mountPath}/load/k6.ts`],
      env: variables({
        SHOP_URL: props.shopUrl,
        RATE: String(rate),
        DURATION: `${seconds}s`,
        MIX: mix,
        HOME: '/tmp',
      }),
      configDirectories: [
        {
          mountPath,
          configMaps: [name],
          paths: Object.fromEntries(Object.keys(files).map((path) => [key(path), path])),
        },
      ],
    });
    const { labels } = pod;
    const configMap = new k8s.KubeConfigMap(this, 'files', {
      metadata: { name, labels },
      data: Object.fromEntries(Object.entries(files).map(([path, text]) => [key(path), text])),
    });
    declareSource(configMap, ...Object.keys(files).map((path) => `test-app/${path}`));
    new k8s.KubeJob(this, 'job', {
      metadata: { name, labels },
      spec: {
        backoffLimit: 0,
        // The deadline counts from the start of the Job, and make load waits up to 180 s for its
        // pod to be scheduled.
        activeDeadlineSeconds: seconds + 300,
        ttlSecondsAfterFinished: 3600,
        template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } },
      },
    });
  }
}

/** The NetworkPolicy of load generators: egress to the shop and DNS only. */
export class LoadGeneratorPolicy extends Construct {
  constructor(scope: Construct, id: string, { dns }: Pick<TopologySettings, 'dns'>) {
    super(scope, id);
    declareSource(this, sourceFile(import.meta.filename));
    new k8s.KubeNetworkPolicy(this, 'policy', {
      metadata: { name: 'load-generators', labels: { ...commonLabels, ...loadGeneratorLabels } },
      spec: {
        podSelector: { matchLabels: loadGeneratorLabels },
        policyTypes: ['Ingress', 'Egress'],
        egress: [
          dnsEgress(dns),
          { to: [podPeer('shop')], ports: [tcpPort(ports.shop.http.number)] },
        ],
      },
    });
  }
}

function podProps(name: string, image: Image, { platform }: LoadGeneratorProps) {
  return {
    name,
    image,
    platform,
    ports: [],
    env: [],
    configDirectories: [],
    emptyDirs: ['/tmp'],
    terminationGracePeriodSeconds: 15,
    labels: {
      ...selectorLabels(name),
      ...commonLabels,
      ...loadGeneratorLabels,
      [labelKeys.version]: image.tag,
    },
    annotations: {},
  } satisfies Partial<PodProps>;
}

function resources(cpu: string, memory: number, memoryLimit: number) {
  return { cpu, memory: Size.mebibytes(memory), memoryLimit: Size.mebibytes(memoryLimit) };
}

function variables(values: Readonly<Record<string, string>>): k8s.EnvVar[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}
