import { podOf, synthConstruct } from '../../test/construct.ts';
import { find, type Manifest, settingsOf, synth } from '../../test/synthesized.ts';
import { images, releaseOf } from '../model/images.ts';
import { doctorLabels, selectorLabels } from '../model/labels.ts';
import { doctorEdgesOf, enabledServices, endpoints } from '../model/topology.ts';
import type { SettingsInput } from '../schema.ts';
import { DoctorFiles, DoctorJob, DoctorPolicies } from './doctor.ts';
import { doctorFiles, doctorName } from './doctor-names.ts';

const owner = { apiVersion: 'batch/v1', kind: 'Job', name: doctorName, uid: 'u' };
const files = { [doctorFiles.program]: 'program', [doctorFiles.plan]: '{}' };

function doctorOf(input: SettingsInput = {}): Manifest[] {
  const settings = settingsOf(input);
  return synthConstruct((chart) => {
    new DoctorJob(chart, 'job', { settings, deadlineSeconds: 390, suspend: true });
    new DoctorFiles(chart, 'files', { owner, files });
    new DoctorPolicies(chart, 'policies', { owner, settings });
  });
}

const settings = settingsOf();
const manifests = doctorOf();
const job = find(manifests, 'Job', doctorName);
const pod = podOf(job);

test('its pod is restricted, cannot ask Kubernetes, and serves nobody', () => {
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
  expect(pod.container.image).toBe(releaseOf(images.node));
});

test('it finds its program where it is started', () => {
  const { container, spec } = pod;
  expect(container.args).toEqual(['node', doctorFiles.program]);
  const [{ mountPath, name }] = container.volumeMounts;
  expect(container.workingDir).toBe(mountPath);
  const volume = spec.volumes.find((each: { name: string }) => each.name === name);
  const [{ configMap }] = volume.projected.sources;
  expect(find(manifests, 'ConfigMap', configMap.name).data).toEqual(files);
});

test("Grafana's login comes from the Secret, and the doctor starts without it too", () => {
  expect(pod.container.env).toHaveLength(2);
  for (const { value, valueFrom } of pod.container.env) {
    expect(value).toBeUndefined();
    expect(valueFrom.secretKeyRef).toMatchObject({ name: 'grafana-admin', optional: true });
  }
});

test('it looks once, ends by itself, and all that it needs goes with it', () => {
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

test('it is let out to DNS and along its edges, and nothing is let in to it', () => {
  const { spec } = find(manifests, 'NetworkPolicy', doctorName);
  expect(pod.metadata.labels).toMatchObject(spec.podSelector.matchLabels);
  expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
  expect(spec.ingress).toBeUndefined();
  const [, ...ways] = spec.egress;
  expect(ways).toEqual(
    doctorEdgesOf(settings).map(({ to }) => ({
      to: peer(selectorLabels(endpoints[to].component)),
      ports: tcp(endpoints[to].port.number),
    })),
  );
});

/** Who is let in where by the doctor's policies: component and port. */
function openedBy(all: readonly Manifest[]): string[] {
  return policies(all)
    .filter(({ metadata }) => metadata.name !== doctorName)
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
    const { component, port } = endpoints[name as keyof typeof endpoints];
    return `${component}:${port.number}`;
  });

const asked = doctorEdgesOf(settings).map(({ to }) => to as string);
const otlp = ['otlpGrpc', 'otlpHttp'];

test('where apps send it is let in as one of them, elsewhere from its pod alone', () => {
  const expected = edgesTo(asked.filter((name) => !otlp.includes(name)));
  expect(openedBy(manifests).sort()).toEqual(expected.sort());
  expect(pod.metadata.labels).toMatchObject(doctorLabels);
});

test.each([
  [{ namespaces: ['shop'] }, true],
  [{ namespaces: ['shop', 'observability'] }, false],
  [{ labels: { telemetry: 'on' } }, true],
])('senders %j: is the doctor given a way of its own? %s', (senders, given) => {
  const opened = openedBy(doctorOf({ collector: { senders } }));
  expect(edgesTo(otlp).every((door) => opened.includes(door))).toBe(given);
});

test('it asks every component, and none that is not deployed', () => {
  const components = (input: SettingsInput) => [
    ...new Set(doctorEdgesOf(settingsOf(input)).map(({ to }) => endpoints[to].component)),
  ];
  for (const input of [{}, { testApp: { enabled: false } }]) {
    expect(components(input).sort()).toEqual(enabledServices(settingsOf(input)).sort());
  }
});

test('nothing that stays in the cluster lets the doctor in', () => {
  expect(JSON.stringify(synth({}, { local: true }))).not.toContain(JSON.stringify(doctorLabels));
});
