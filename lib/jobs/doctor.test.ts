import { podTemplateOf, synthConstruct } from '../../test/construct.ts';
import { findManifest, type Manifest, settingsOf, synth } from '../../test/synthesized.ts';
import { images, taggedName } from '../model/images.ts';
import { doctorLabels, selectorLabels } from '../model/labels.ts';
import { enabledServices } from '../model/parts.ts';
import { doctorEdgesOf, endpoints } from '../model/topology.ts';
import type { SettingsInput } from '../schema.ts';
import { DoctorConfigMap, DoctorJob, DoctorPolicies } from './doctor.ts';
import { doctorCommand, doctorFileNames, doctorJobName } from './doctor-job-contract.ts';

const owner = { apiVersion: 'batch/v1', kind: 'Job', name: doctorJobName, uid: 'u' };
const files = {
  data: { [doctorFileNames.plan]: '{}' },
  binaryData: { [doctorFileNames.program]: 'AAAA' },
};

function doctorOf(input: SettingsInput = {}): Manifest[] {
  const settings = settingsOf(input);
  return synthConstruct((chart) => {
    new DoctorJob(chart, 'job', { settings, deadlineSeconds: 390, suspend: true });
    new DoctorConfigMap(chart, 'files', { owner, files });
    new DoctorPolicies(chart, 'policies', { owner, settings });
  });
}

const settings = settingsOf();
const manifests = doctorOf();
const job = findManifest(manifests, 'Job', doctorJobName);
const pod = podTemplateOf(job);

test('the pod meets Pod Security restricted, has no API token and opens no port', () => {
  expect(pod.spec).toMatchObject({
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: images.node.uid },
    restartPolicy: 'Never',
  });
  expect(pod.container.securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
  expect(pod.container.ports).toEqual([]);
  expect(pod.container.image).toBe(taggedName(images.node));
});

test('the program is in the working directory', () => {
  const { container, spec } = pod;
  expect(container.args).toEqual(doctorCommand);
  const [{ mountPath, name }] = container.volumeMounts;
  expect(container.workingDir).toBe(mountPath);
  const volume = spec.volumes.find((each: { name: string }) => each.name === name);
  const [{ configMap }] = volume.projected.sources;
  expect(findManifest(manifests, 'ConfigMap', configMap.name)).toMatchObject(files);
});

test("Grafana's login comes from the Secret, which is optional", () => {
  expect(pod.container.env).toHaveLength(2);
  for (const { value, valueFrom } of pod.container.env) {
    expect(value).toBeUndefined();
    expect(valueFrom.secretKeyRef).toMatchObject({ name: 'grafana-admin', optional: true });
  }
});

test('the Job runs once, has a deadline, and owns all other objects', () => {
  expect(job.spec).toMatchObject({
    suspend: true,
    backoffLimit: 0,
    activeDeadlineSeconds: 390,
    ttlSecondsAfterFinished: 300,
  });
  const others = manifests.filter(({ kind }) => kind !== 'Job');
  expect(others.length).toBeGreaterThan(5);
  for (const { metadata } of others) {
    expect((metadata as { ownerReferences?: object }).ownerReferences).toEqual([owner]);
  }
});

const policies = (all: readonly Manifest[]) => all.filter(({ kind }) => kind === 'NetworkPolicy');
const tcp = (port: number) => [{ protocol: 'TCP', port }];
const peer = (labels: object) => [{ podSelector: { matchLabels: labels } }];

test('the policy of the doctor allows egress to DNS and along its edges, and no ingress', () => {
  const { spec } = findManifest(manifests, 'NetworkPolicy', doctorJobName);
  expect(pod.metadata.labels).toMatchObject(spec.podSelector.matchLabels);
  expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
  expect(spec.ingress).toBeUndefined();
  const [, ...ways] = spec.egress;
  expect(ways).toEqual(
    doctorEdgesOf(settings).map(({ to }) => ({
      to: peer(selectorLabels(endpoints[to].service)),
      ports: tcp(endpoints[to].port.number),
    })),
  );
});

/** The services and ports to which the doctor's policies allow connections. */
function openedBy(all: readonly Manifest[]): string[] {
  return policies(all)
    .filter(({ metadata }) => metadata.name !== doctorJobName)
    .flatMap(({ spec }) => {
      expect(spec.policyTypes).toEqual(['Ingress']);
      return spec.ingress.map((rule: { from: object; ports: { port: number }[] }) => {
        expect(rule.from).toEqual(peer(doctorLabels));
        const name = spec.podSelector.matchLabels['app.kubernetes.io/name'];
        return `${name}:${rule.ports.map(({ port }) => port).join()}`;
      });
    });
}

const edgesTo = (names: readonly string[]) =>
  names.map((name) => {
    const { service, port } = endpoints[name as keyof typeof endpoints];
    return `${service}:${port.number}`;
  });

const asked = doctorEdgesOf(settings).map(({ to }) => to as string);
const otlp = ['otlpGrpc', 'otlpHttp'];

test('the policies allow connections to every endpoint but OTLP, which every namespace may use by default', () => {
  const expected = edgesTo(asked.filter((name) => !otlp.includes(name)));
  expect(openedBy(manifests).sort()).toEqual(expected.sort());
  expect(pod.metadata.labels).toMatchObject(doctorLabels);
});

test.each([
  [{ namespaces: ['shop'] }, true],
  [{ namespaces: ['shop', 'observability'] }, false],
  [{ labels: { telemetry: 'on' } }, true],
  [{ cidrs: ['10.0.0.0/16'] }, true],
  [{ namespaces: 'all' as const, cidrs: ['10.0.0.0/16'] }, false],
])('with allowedSenders %j a policy of the doctor allows OTLP: %s', (allowedSenders, given) => {
  const opened = openedBy(doctorOf({ collector: { allowedSenders } }));
  expect(edgesTo(otlp).every((target) => opened.includes(target))).toBe(given);
});

test('the doctor checks the deployed services only', () => {
  const services = (input: SettingsInput) => [
    ...new Set(doctorEdgesOf(settingsOf(input)).map(({ to }) => endpoints[to].service)),
  ];
  for (const input of [{}, { testApp: { enabled: false } }]) {
    expect(services(input).sort()).toEqual(enabledServices(settingsOf(input)).sort());
  }
});

test('no NetworkPolicy of the stack allows connections from the doctor', () => {
  expect(JSON.stringify(synth({}, { local: true }))).not.toContain(JSON.stringify(doctorLabels));
});
