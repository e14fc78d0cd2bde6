import { App, Chart, Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { podTemplate } from '../../lib/kubernetes/pod.ts';
import { images } from '../../lib/model/images.ts';
import { labelKeys } from '../../lib/model/labels.ts';
import { session } from './cluster.ts';

const idlePodPort = 5000;

const idleProgram = `require('node:net').createServer().listen(${idlePodPort})`;

/** The manifest of a pod that is no part of the stack and listens on one port, or runs another program. */
export function idlePod(name: string, program = idleProgram): string {
  const template = podTemplate({
    name,
    image: images.testApp,
    platform: session.settings,
    resources: { cpu: '10m', memory: Size.mebibytes(32), memoryLimit: Size.mebibytes(128) },
    ports: [],
    args: ['--eval', program],
    env: [],
    configDirectories: [],
    emptyDirs: [],
    terminationGracePeriodSeconds: 0,
    labels: { [labelKeys.name]: name },
    annotations: {},
  });
  const chart = new Chart(new App(), name);
  const pod = new k8s.KubePod(chart, 'pod', {
    metadata: { name, labels: template.metadata?.labels },
    spec: template.spec,
  });
  return JSON.stringify(pod.toJson());
}
