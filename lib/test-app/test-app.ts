import type { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { WorkloadKind } from '../kubernetes/controller.ts';
import { fieldRef } from '../kubernetes/pod.ts';
import { Workload } from '../kubernetes/workload.ts';
import { images, testAppImage } from '../model/images.ts';
import { ports, services, type TestAppServiceName } from '../model/ports.ts';
import { declareSource, sourceFile } from '../model/source.ts';
import type { Platform } from '../settings/platform.ts';
import { attributes } from '../telemetry/app.ts';
import { livePath } from '../telemetry/app-paths.ts';
import type { TestAppSettings } from './settings.ts';

export interface TestAppServiceProps {
  readonly platform: Platform;
  readonly settings: TestAppSettings;
  readonly environment: string;
  /** The role in the shop; also the name of the Service and service.name. */
  readonly role: TestAppServiceName;
  /** The collector's endpoint for OTLP over HTTP. */
  readonly otlpEndpoint: string;
  /**
   * Environment variables of this role, such as the URLs of the services that it calls. @default -
   * none
   */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Environment variables from the downward API, by field path. */
const downwardApiFields = {
  POD_NAME: 'metadata.name',
  POD_UID: 'metadata.uid',
  POD_NAMESPACE: 'metadata.namespace',
  NODE_NAME: 'spec.nodeName',
};

/**
 * Port of the endpoint that switches faults. It listens on loopback only, which `kubectl
 * port-forward` reaches.
 */
export const adminPort = 5900;

/**
 * The role with the database: one replica with a volume. All others are stateless and can scale.
 */
const dataOwner: TestAppServiceName = 'orders';
const dataPath = '/data';

/** One role of the instrumented Koa app (test-app/). */
export class TestAppService extends Construct {
  constructor(scope: Construct, id: string, props: TestAppServiceProps) {
    super(scope, id);
    declareSource(this, sourceFile(import.meta.filename));
    const { role, settings } = props;
    const { http } = ports[role];
    new Workload(this, 'workload', {
      name: role,
      component: 'test-app',
      image: testAppImage(settings),
      platform: props.platform,
      resources: settings,
      ports: [http],
      env: environment(props),
      emptyDirs: ['/tmp'],
      readinessProbe: { port: http, path: services[role].readyPath },
      livenessProbe: { port: http, path: livePath },
      startupDeadlineSeconds: 60,
      ...workloadKind(props),
    });
  }
}

function workloadKind({ role, settings }: TestAppServiceProps): WorkloadKind {
  if (role === dataOwner) {
    return { kind: 'stateful', volumeClaim: { mountPath: dataPath, size: settings.storage } };
  }
  const { maxReplicas } = settings;
  return maxReplicas > 1 ? { kind: 'autoscaled', maxReplicas } : { kind: 'deployment' };
}

/**
 * Environment variables with which any OpenTelemetry SDK sends all three signals to one endpoint
 * (https://opentelemetry.io/docs/languages/sdk-configuration/otlp-exporter/).
 */
export function exporterVariables(otlpEndpoint: string): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_LOGS_EXPORTER: 'otlp',
    // In milliseconds. The default of a minute is longer than the scrape interval of 15 s.
    OTEL_METRIC_EXPORT_INTERVAL: '15000',
  };
}

/** The app's own variables and the standard variables of OpenTelemetry. */
function environment(props: TestAppServiceProps): k8s.EnvVar[] {
  const { role } = props;
  const workload =
    role === dataOwner ? attributes.k8sStatefulSetName : attributes.k8sDeploymentName;
  const resource = {
    [attributes.serviceNamespace]: 'shop',
    [attributes.serviceVersion]: images.testApp.tag,
    [attributes.deploymentEnvironmentName]: props.environment,
    [attributes.serviceInstanceId]: '$(POD_UID)',
    [attributes.k8sPodName]: '$(POD_NAME)',
    [attributes.k8sPodUid]: '$(POD_UID)',
    [attributes.k8sNamespaceName]: '$(POD_NAMESPACE)',
    [attributes.k8sNodeName]: '$(NODE_NAME)',
    [workload]: role,
    [attributes.k8sContainerName]: role,
  };
  const values = {
    ROLE: role,
    PORT: String(ports[role].http.number),
    ADMIN_PORT: String(adminPort),
    // Time for every node to remove the pod from its Services, and for clients to close idle
    // keep-alive connections.
    DRAIN_SECONDS: '5',
    ...(role === dataOwner && { DATABASE: `${dataPath}/shop.db` }),
    ...props.variables,
    OTEL_SERVICE_NAME: role,
    // Kubernetes expands $(…) only if the variable is declared before.
    OTEL_RESOURCE_ATTRIBUTES: Object.entries(resource)
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
    ...exporterVariables(props.otlpEndpoint),
    // The other detectors query cloud metadata services, which delays the first export. A later
    // detector takes precedence, so env, with the identity of the pod, is last.
    OTEL_NODE_RESOURCE_DETECTORS: 'host,os,env',
  };
  return [
    ...Object.entries(downwardApiFields).map(([name, fieldPath]) => ({
      name,
      valueFrom: { fieldRef: fieldRef(fieldPath) },
    })),
    ...Object.entries(values).map(([name, value]) => ({ name, value })),
  ];
}
