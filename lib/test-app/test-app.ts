import type { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { Workload } from '../kubernetes/workload.ts';
import { appImage, images } from '../model/images.ts';
import { ports, readyPaths, type TestAppComponent } from '../model/topology.ts';
import type { Platform } from '../settings/platform.ts';
import { attributes } from '../telemetry/app.ts';
import { livePath } from '../telemetry/app-paths.ts';
import type { TestAppSettings } from './settings.ts';

export interface TestAppProps {
  readonly platform: Platform;
  readonly settings: TestAppSettings;
  readonly environment: string;
  /** Which part of the shop this is; also its service name. */
  readonly role: TestAppComponent;
  /** Where telemetry goes, as OTLP over HTTP. */
  readonly otlpEndpoint: string;
  /** What this role alone is told, such as where it finds the roles that it calls. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Values that only the running pod knows. */
const fromPod = {
  POD_NAME: 'metadata.name',
  POD_UID: 'metadata.uid',
  POD_NAMESPACE: 'metadata.namespace',
  NODE_NAME: 'spec.nodeName',
};

/** Where each pod switches faults, on its loopback interface only: `kubectl port-forward` gets there. */
export const adminPort = 5900;

/** The role that owns the data: one replica with a volume. All others hold nothing and scale. */
const dataOwner: TestAppComponent = 'orders';
const dataPath = '/data';

/** One role of the instrumented Koa app (test-app/). */
export class TestApp extends Construct {
  constructor(scope: Construct, id: string, props: TestAppProps) {
    super(scope, id);
    const { role, settings } = props;
    const { http } = ports[role];
    new Workload(this, 'workload', {
      name: role,
      role: 'test-app',
      image: appImage(settings),
      platform: props.platform,
      resources: settings,
      ports: [http],
      env: environment(props),
      scratch: ['/tmp'],
      ready: { port: http, path: readyPaths[role] },
      live: { port: http, path: livePath },
      startupSeconds: 60,
      ...(role === dataOwner
        ? { data: { mountPath: dataPath, size: settings.storage } }
        : { maxReplicas: settings.maxReplicas }),
    });
  }
}

/**
 * How any OpenTelemetry SDK is told to send all three signals to one place
 * (https://opentelemetry.io/docs/languages/sdk-configuration/otlp-exporter/).
 */
export function exporterVariables(otlpEndpoint: string): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
    OTEL_TRACES_EXPORTER: 'otlp',
    OTEL_METRICS_EXPORTER: 'otlp',
    OTEL_LOGS_EXPORTER: 'otlp',
    // Milliseconds; the default of a minute is coarse for graphs of a quarter of one.
    OTEL_METRIC_EXPORT_INTERVAL: '15000',
  };
}

/** OpenTelemetry is configured by its standard variables alone. */
function environment(props: TestAppProps): k8s.EnvVar[] {
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
    // As long as it takes until every node knows that this pod is going, and until clients have
    // closed the connections that they keep.
    DRAIN_SECONDS: '5',
    ...(role === dataOwner && { DATABASE: `${dataPath}/shop.db` }),
    ...props.variables,
    OTEL_SERVICE_NAME: role,
    // Kubernetes expands $(…) only where the variable is declared above.
    OTEL_RESOURCE_ATTRIBUTES: Object.entries(resource)
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
    ...exporterVariables(props.otlpEndpoint),
    // The other detectors ask cloud metadata addresses and delay the first export. Of two that
    // know an attribute the later one wins, so env, with the pod's own identity, is last.
    OTEL_NODE_RESOURCE_DETECTORS: 'host,os,env',
  };
  return [
    ...Object.entries(fromPod).map(([name, fieldPath]) => ({
      name,
      valueFrom: { fieldRef: { fieldPath } },
    })),
    ...Object.entries(values).map(([name, value]) => ({ name, value })),
  ];
}
