import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { commonLabels } from '../model/labels.ts';

/** A level of https://kubernetes.io/docs/concepts/security/pod-security-standards/. */
export type PodSecurity = 'restricted' | 'privileged';

/** A namespace of ours; the API server refuses any pod in it that is not of its level. */
export class Namespace extends Construct {
  constructor(
    scope: Construct,
    id: string,
    name: string,
    level: PodSecurity = 'restricted',
    labels: Readonly<Record<string, string>> = {},
  ) {
    super(scope, id);
    new k8s.KubeNamespace(this, 'namespace', {
      metadata: {
        name,
        labels: {
          ...commonLabels,
          ...labels,
          'pod-security.kubernetes.io/enforce': level,
          'pod-security.kubernetes.io/audit': level,
          'pod-security.kubernetes.io/warn': level,
        },
      },
    });
  }
}
