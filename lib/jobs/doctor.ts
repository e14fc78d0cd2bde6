import { Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { adminSecret } from '../grafana/grafana.ts';
import { dns, egress, ingress } from '../kubernetes/network-policies.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { images } from '../model/images.ts';
import { commonLabels, doctorLabels, labelKeys, selectorLabels } from '../model/labels.ts';
import { doctorEdgesOf, endpoints, type TopologySettings } from '../model/topology.ts';
import type { Platform } from '../settings/platform.ts';
import { doctorFiles, doctorLogin, doctorName } from './doctor-names.ts';

const labels = { ...selectorLabels(doctorName), ...commonLabels, ...doctorLabels };

export interface DoctorJobProps {
  readonly settings: Platform;
  /** How long it may take, with the time to get its image. */
  readonly deadlineSeconds: number;
  /** Whether it waits, for what it needs is not there yet. */
  readonly suspend: boolean;
}

/** The doctor within the cluster: one pod that looks once, and says what it found in its log. */
export class DoctorJob extends Construct {
  constructor(scope: Construct, id: string, props: DoctorJobProps) {
    super(scope, id);
    const { settings, deadlineSeconds, suspend } = props;
    const mountPath = '/doctor';
    const template = podTemplate({
      name: doctorName,
      image: images.node,
      platform: settings,
      resources: { cpu: '50m', memory: Size.mebibytes(64), memoryLimit: Size.mebibytes(256) },
      ports: [],
      args: ['node', doctorFiles.program],
      env: [
        login(doctorLogin.user, adminSecret.user),
        login(doctorLogin.password, adminSecret.password),
      ],
      config: [{ mountPath, configMaps: [doctorName] }],
      scratch: [],
      terminationGracePeriodSeconds: 1,
      labels: { ...labels, [labelKeys.version]: images.node.tag },
      annotations: {},
    });
    const { spec } = template;
    const containers = spec.containers.map((each) => ({ ...each, workingDir: mountPath }));
    new k8s.KubeJob(this, 'job', {
      metadata: { name: doctorName, labels },
      spec: {
        suspend,
        backoffLimit: 0,
        activeDeadlineSeconds: deadlineSeconds,
        // Should nobody be left to delete it; what it owns goes with it.
        ttlSecondsAfterFinished: 300,
        template: { ...template, spec: { ...spec, containers, restartPolicy: 'Never' } },
      },
    });
  }
}

/** Without the Secret it looks all the same, and says what it could not ask. */
function login(name: string, key: string): k8s.EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: adminSecret.name, key, optional: true } } };
}

export interface DoctorFilesProps {
  readonly owner: k8s.OwnerReference;
  /** What the pod has in its working directory, by file name. */
  readonly files: Readonly<Record<string, string>>;
}

/** What the Job reads. */
export class DoctorFiles extends Construct {
  constructor(scope: Construct, id: string, { owner, files }: DoctorFilesProps) {
    super(scope, id);
    new k8s.KubeConfigMap(this, 'files', {
      metadata: { name: doctorName, labels, ownerReferences: [owner] },
      data: { ...files },
    });
  }
}

export interface DoctorPoliciesProps {
  readonly owner: k8s.OwnerReference;
  readonly settings: TopologySettings;
}

/**
 * Lets the doctor's pod out to what it asks, and in there. Where apps may send, it is let in as one
 * of them and by nothing else: what is in their way has to be in its way too.
 */
export class DoctorPolicies extends Construct {
  constructor(scope: Construct, id: string, { owner, settings }: DoctorPoliciesProps) {
    super(scope, id);
    const edges = doctorEdgesOf(settings);
    const metadata = (name: string) => ({ name, labels, ownerReferences: [owner] });
    new k8s.KubeNetworkPolicy(this, 'egress', {
      metadata: metadata(doctorName),
      spec: {
        podSelector: { matchLabels: selectorLabels(doctorName) },
        policyTypes: ['Ingress', 'Egress'],
        egress: [dns, ...edges.flatMap((edge) => egress(edge, settings.namespace, settings))],
      },
    });
    const asApp = isSender(settings) ? ['otlpGrpc', 'otlpHttp'] : [];
    const opened = edges.filter(({ to }) => !asApp.includes(to));
    for (const component of new Set(opened.map(({ to }) => endpoints[to].component))) {
      const own = opened.filter(({ to }) => endpoints[to].component === component);
      new k8s.KubeNetworkPolicy(this, component, {
        metadata: metadata(`${doctorName}-to-${component}`),
        spec: {
          podSelector: { matchLabels: selectorLabels(component) },
          policyTypes: ['Ingress'],
          ingress: own.map((edge) => ingress(edge, settings.namespace, settings)),
        },
      });
    }
  }
}

/** Whether the namespace of the stack is one that may send. Labels of namespaces are not known here. */
function isSender({ namespace, collector: { senders } }: TopologySettings): boolean {
  return senders === 'all' || senders.namespaces.includes(namespace);
}
