import { Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { dns, pods, tcp } from '../kubernetes/network-policies.ts';
import { type PodProps, podTemplate } from '../kubernetes/pod.ts';
import { type Image, images } from '../model/images.ts';
import { commonLabels, labelKeys, loadGeneratorLabels, selectorLabels } from '../model/labels.ts';
import { ports } from '../model/topology.ts';
import type { Platform } from '../settings/platform.ts';

/** What every load generator is given. */
interface LoadProps {
  readonly platform: Platform;
  /** The test app's front, as a URL. */
  readonly shopUrl: string;
}

export interface CustomersProps extends LoadProps {
  /** The test app's, which has the customers in it. */
  readonly image: Image;
  /** How many begin their way through the shop each second. */
  readonly journeysPerSecond: number;
}

/** Name of the customers' Deployment. */
export const customersName = 'customers';

/** A few customers who never stop, so that there is always something to see. */
export class Customers extends Construct {
  constructor(scope: Construct, id: string, props: CustomersProps) {
    super(scope, id);
    const name = customersName;
    const template = podTemplate({
      ...pod(name, props.image, props),
      resources: resources('25m', 48, 128),
      args: ['load/customers.ts'],
      env: variables({ SHOP_URL: props.shopUrl, RATE: String(props.journeysPerSecond) }),
    });
    new k8s.KubeDeployment(this, 'deployment', {
      metadata: { name, labels: template.metadata.labels },
      spec: { replicas: 1, selector: { matchLabels: selectorLabels(name) }, template },
    });
  }
}

export interface LoadTestProps extends LoadProps {
  /** The k6 script and what it imports, by path; the script is `load/k6.ts`. */
  readonly files: Readonly<Record<string, string>>;
  /** Journeys begun per second. */
  readonly rate: number;
  /** How long it lasts. */
  readonly seconds: number;
  /** Which journeys, by the name of their mix. */
  readonly mix: string;
}

/** Name of the Job, and of all that comes with it. */
export const loadTestName = 'load';

/** A load test with k6 (https://grafana.com/docs/k6/): one Job, which ends by itself. */
export class LoadTest extends Construct {
  constructor(scope: Construct, id: string, props: LoadTestProps) {
    super(scope, id);
    const { files, rate, seconds, mix } = props;
    const name = loadTestName;
    const mountPath = '/k6';
    const key = (path: string) => path.replaceAll('/', '_');
    const template = podTemplate({
      ...pod(name, images.k6, props),
      resources: resources('250m', 128, 1024),
      args: ['run', '--quiet', '--no-usage-report', `${mountPath}/load/k6.ts`],
      env: variables({
        SHOP_URL: props.shopUrl,
        RATE: String(rate),
        DURATION: `${seconds}s`,
        MIX: mix,
        HOME: '/tmp',
      }),
      config: [
        {
          mountPath,
          configMaps: [name],
          paths: Object.fromEntries(Object.keys(files).map((path) => [key(path), path])),
        },
      ],
    });
    const labels = template.metadata.labels;
    new k8s.KubeConfigMap(this, 'files', {
      metadata: { name, labels },
      data: Object.fromEntries(Object.entries(files).map(([path, text]) => [key(path), text])),
    });
    new k8s.KubeJob(this, 'job', {
      metadata: { name, labels },
      spec: {
        backoffLimit: 0,
        // The clock starts with the Job, and make load gives its pod 180 s to find room on a node.
        activeDeadlineSeconds: seconds + 300,
        ttlSecondsAfterFinished: 3600,
        template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } },
      },
    });
  }
}

/** Load generators reach the shop and nothing else. */
export class LoadPolicy extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    new k8s.KubeNetworkPolicy(this, 'policy', {
      metadata: { name: 'load-generators', labels: { ...commonLabels, ...loadGeneratorLabels } },
      spec: {
        podSelector: { matchLabels: loadGeneratorLabels },
        policyTypes: ['Ingress', 'Egress'],
        egress: [dns, { to: [pods('shop')], ports: [tcp(ports.shop.http.number)] }],
      },
    });
  }
}

function pod(name: string, image: Image, { platform }: LoadProps) {
  return {
    name,
    image,
    platform,
    ports: [],
    env: [],
    config: [],
    scratch: ['/tmp'],
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
