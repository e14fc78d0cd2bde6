import { Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { adminSecret } from '../grafana/grafana.ts';
import { dnsEgress, egressRules, ingressRule } from '../kubernetes/network-policies.ts';
import { podTemplate } from '../kubernetes/pod.ts';
import { images } from '../model/images.ts';
import { commonLabels, doctorLabels, labelKeys, selectorLabels } from '../model/labels.ts';
import { declareSource, sourceFile } from '../model/source.ts';
import { doctorEdgesOf, endpoints } from '../model/topology.ts';
import type { TopologySettings } from '../model/topology-settings.ts';
import type { Platform } from '../settings/platform.ts';
import {
  type DoctorFiles,
  doctorCommand,
  doctorJobName,
  doctorLoginVariables,
} from './doctor-job-contract.ts';

const labels = { ...selectorLabels(doctorJobName), ...commonLabels, ...doctorLabels };

export interface DoctorJobProps {
  readonly settings: Platform;
  /** activeDeadlineSeconds, which includes pulling the image. */
  readonly deadlineSeconds: number;
  /** Whether the Job is created suspended, because its ConfigMap does not exist yet. */
  readonly suspend: boolean;
}

/** The Job of `make doctor INSIDE=1`: one pod that runs the checks once and logs the findings. */
export class DoctorJob extends Construct {
  constructor(scope: Construct, id: string, props: DoctorJobProps) {
    super(scope, id);
    declareSource(this, sourceFile(import.meta.filename));
    const { settings, deadlineSeconds, suspend } = props;
    const mountPath = '/doctor';
    const template = podTemplate({
      name: doctorJobName,
      image: images.node,
      platform: settings,
      resources: { cpu: '50m', memory: Size.mebibytes(64), memoryLimit: Size.mebibytes(256) },
      ports: [],
      args: [...doctorCommand],
      env: [
        loginVariable(doctorLoginVariables.user, adminSecret.user),
        loginVariable(doctorLoginVariables.password, adminSecret.password),
      ],
      configDirectories: [{ mountPath, configMaps: [doctorJobName] }],
      emptyDirs: [],
      terminationGracePeriodSeconds: 1,
      labels: { ...labels, [labelKeys.version]: images.node.tag },
      annotations: {},
    });
    const { spec } = template;
    const containers = spec.containers.map((each) => ({ ...each, workingDir: mountPath }));
    new k8s.KubeJob(this, 'job', {
      metadata: { name: doctorJobName, labels },
      spec: {
        suspend,
        backoffLimit: 0,
        activeDeadlineSeconds: deadlineSeconds,
        // In case the command ends before it deletes the Job; the objects that the Job owns are
        // deleted with it.
        ttlSecondsAfterFinished: 300,
        template: { ...template, spec: { ...spec, containers, restartPolicy: 'Never' } },
      },
    });
  }
}

/**
 * A variable from the Secret. Optional: without the Secret only the checks of Grafana are skipped.
 */
function loginVariable(name: string, key: string): k8s.EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: adminSecret.name, key, optional: true } } };
}

export interface DoctorConfigMapProps {
  readonly owner: k8s.OwnerReference;
  readonly files: DoctorFiles;
}

/** The ConfigMap that the pod of the Job mounts. */
export class DoctorConfigMap extends Construct {
  constructor(scope: Construct, id: string, { owner, files }: DoctorConfigMapProps) {
    super(scope, id);
    declareSource(this, sourceFile(import.meta.filename));
    new k8s.KubeConfigMap(this, 'files', {
      metadata: { name: doctorJobName, labels, ownerReferences: [owner] },
      data: { ...files.data },
      binaryData: { ...files.binaryData },
    });
  }
}

export interface DoctorPoliciesProps {
  readonly owner: k8s.OwnerReference;
  readonly settings: TopologySettings;
}

/**
 * NetworkPolicies for the edges of the doctor's pod, at both ends. Where the stack's namespace may
 * send telemetry, the collector's own policy lets the pod in and no policy is added for OTLP, so
 * that the doctor is blocked where apps are blocked.
 */
export class DoctorPolicies extends Construct {
  constructor(scope: Construct, id: string, { owner, settings }: DoctorPoliciesProps) {
    super(scope, id);
    declareSource(this, sourceFile(import.meta.filename));
    const edges = doctorEdgesOf(settings);
    const metadata = (name: string) => ({ name, labels, ownerReferences: [owner] });
    new k8s.KubeNetworkPolicy(this, 'egress', {
      metadata: metadata(doctorJobName),
      spec: {
        podSelector: { matchLabels: selectorLabels(doctorJobName) },
        policyTypes: ['Ingress', 'Egress'],
        egress: [
          dnsEgress(settings.dns),
          ...edges.flatMap((edge) => egressRules(edge, settings.namespace, settings)),
        ],
      },
    });
    const allowedAsApp = isAllowedSender(settings) ? ['otlpGrpc', 'otlpHttp'] : [];
    const opened = edges.filter(({ to }) => !allowedAsApp.includes(to));
    for (const service of new Set(opened.map(({ to }) => endpoints[to].service))) {
      const own = opened.filter(({ to }) => endpoints[to].service === service);
      new k8s.KubeNetworkPolicy(this, service, {
        metadata: metadata(`${doctorJobName}-to-${service}`),
        spec: {
          podSelector: { matchLabels: selectorLabels(service) },
          policyTypes: ['Ingress'],
          ingress: own.map((edge) => ingressRule(edge, settings.namespace, settings)),
        },
      });
    }
  }
}

/**
 * Whether pods of the stack's namespace may send telemetry; labels of namespaces and
 * addresses of pods are not known here.
 */
function isAllowedSender({ namespace, collector: { allowedSenders } }: TopologySettings): boolean {
  if (allowedSenders === 'all') return true;
  const { namespaces } = allowedSenders;
  return namespaces === 'all' || namespaces.includes(namespace);
}
