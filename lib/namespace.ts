import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { commonLabels } from './labels.ts';

/** The namespace of the stack; the API server refuses any pod in it that is not "restricted". */
export class Namespace extends Construct {
  constructor(scope: Construct, id: string, name: string) {
    super(scope, id);
    const level = 'restricted';
    new k8s.KubeNamespace(this, 'namespace', {
      metadata: {
        name,
        labels: {
          ...commonLabels,
          'pod-security.kubernetes.io/enforce': level,
          'pod-security.kubernetes.io/audit': level,
          'pod-security.kubernetes.io/warn': level,
        },
      },
    });
  }
}
