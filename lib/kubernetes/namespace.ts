import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { commonLabels } from '../model/labels.ts';
import { declareSource, sourceFile } from '../model/source.ts';

/** A level of https://kubernetes.io/docs/concepts/security/pod-security-standards/. */
export type PodSecurityLevel = 'restricted' | 'privileged';

/** A namespace with a Pod Security level, which the API server enforces on every pod in it. */
export class Namespace extends Construct {
  constructor(
    scope: Construct,
    id: string,
    name: string,
    level: PodSecurityLevel = 'restricted',
    labels: Readonly<Record<string, string>> = {},
  ) {
    super(scope, id);
    declareSource(this, sourceFile(import.meta.filename));
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
