import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Session, targetOf } from '../ops/cluster/session.ts';
import { deploy } from '../ops/deploy/deploy.ts';
import { kindContext } from '../ops/local/kind.ts';
import { lowInotifyLimits, preflight } from '../ops/local/preflight.ts';
import { messageOf } from '../ops/process/errors.ts';
import { loadSettings } from '../settings/load.ts';
import {
  fakeDockerAndKind,
  fakeKubectl,
  fakeProgramPath,
  readCalls,
  type Scripts,
} from './fake-programs.ts';

// Starting programs takes a while on a busy machine.
jest.setTimeout(60_000);

const path = process.env.PATH;
let bin: string;

/** Puts only these programs on PATH. */
function useOnly(scripts: Scripts): void {
  bin = fakeProgramPath(scripts);
  process.env.PATH = bin;
}

/** A session on the local cluster, with settings from these variables. */
function sessionWith(variables: Readonly<Record<string, string>> = {}): Session {
  const settings = loadSettings({ file: 'none', env: variables });
  return { settings, target: targetOf(settings, kindContext(settings.kind.clusterName)) };
}

const deployTo = (session: Session) =>
  deploy(session, { yes: true, wait: '1s', timeout: '1s', doctor: false });

let warnings = '';

beforeEach(() => {
  warnings = '';
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    warnings += String(text);
    return true;
  });
});

afterEach(() => {
  process.env.PATH = path;
  jest.restoreAllMocks();
});

/** Runs `work` with a port that is in use. */
async function withBusyPort<T>(work: (port: string) => Promise<T>): Promise<T> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  try {
    return await work(String(typeof address === 'object' ? address?.port : 0));
  } finally {
    server.close();
  }
}

const kubectl = fakeKubectl({});
const without = (name: string, scripts: Scripts): Scripts =>
  Object.fromEntries(Object.entries(scripts).filter(([each]) => each !== name));
const all: Scripts = { ...fakeDockerAndKind, kubectl };

const machineProblems: { name: string; scripts: Scripts; message: RegExp }[] = [
  {
    name: 'Docker is not installed',
    scripts: without('docker', all),
    message: /^docker is not on PATH: install it \(https:\S+\) and run the command again$/m,
  },
  {
    name: 'Docker does not run',
    scripts: { ...all, docker: `echo 'Cannot connect to the Docker daemon' >&2; exit 1` },
    message: /^docker is installed but its daemon does not answer: start Docker/m,
  },
  {
    name: 'kind is not installed',
    scripts: without('kind', all),
    message: /^kind is not on PATH: install it \(https:\S+\) and run the command again$/m,
  },
  {
    name: 'kind is too old',
    scripts: { ...all, kind: 'echo kind v0.11.1 go1.16.4 linux/amd64' },
    message: /^kind 0\.11\.1 is too old: install 0\.20 or newer \(https:\S+\)$/m,
  },
  {
    name: 'kubectl is not installed',
    scripts: without('kubectl', all),
    message: /^kubectl is not on PATH: install it \(https:\S+\) and run the command again$/m,
  },
  {
    name: 'kubectl is too old',
    scripts: { ...all, kubectl: fakeKubectl({ client: 'v1.21.3' }) },
    message: /^kubectl 1\.21\.3 is too old: install 1\.26 or newer \(https:\S+\)$/m,
  },
];

test.each(machineProblems)('kind-up refuses and creates nothing: $name', async (given) => {
  useOnly(given.scripts);
  await expect(preflight(sessionWith().settings)).rejects.toThrow(given.message);
  expect(readCalls(bin).join('\n')).not.toContain('create');
});

test('an error is one line on stderr, and the exit code is 1', () => {
  const env = {
    ...process.env,
    PATH: fakeProgramPath(without('kind', all)),
    KIND_EXPERIMENTAL_PROVIDER: '',
  };
  const args = ['--import', 'tsx', 'ops/cli.ts', 'preflight'];
  const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  expect(stderr).toMatch(/^kind is not on PATH: [^\n]*\n$/);
  expect(status).toBe(1);
}, 60_000);

test('kind-up names the setting of a port in use', async () => {
  await withBusyPort(async (port) => {
    useOnly(all);
    const { settings } = sessionWith({ MANTIS_KIND_HOST_PORTS_GRAFANA: port });
    await expect(preflight(settings)).rejects.toThrow(
      `host port ${port} (kind.hostPorts.grafana) is in use: free it, or choose another with MANTIS_KIND_HOST_PORTS_GRAFANA=`,
    );
  });
});

test('kind-up warns of too little memory of Docker', async () => {
  useOnly({ ...all, docker: fakeDockerAndKind.docker.replace('17179869184', '1073741824') });
  const hostPorts = ['GRAFANA', 'SHOP', 'OTLP_GRPC', 'OTLP_HTTP'];
  const none = Object.fromEntries(hostPorts.map((each) => [`MANTIS_KIND_HOST_PORTS_${each}`, '0']));
  await preflight(sessionWith(none).settings);
  expect(warnings).toMatch(/^warning: docker has 1\.0 GiB of memory, .* need 3: raise its limit/m);
});

test.each([
  ['max_user_instances', '128', 'sudo sysctl fs.inotify.max_user_instances=512'],
  ['max_user_watches', '8192', 'sudo sysctl fs.inotify.max_user_watches=524288'],
])('a low inotify limit comes with the command that raises it: %s', (name, limit, command) => {
  const directory = mkdtempSync(join(tmpdir(), 'mantis-inotify-'));
  writeFileSync(join(directory, name), `${limit}\n`);
  expect(lowInotifyLimits(directory)).toEqual([expect.stringContaining(command)]);
  writeFileSync(join(directory, name), '1048576\n');
  expect(lowInotifyLimits(directory)).toEqual([]);
});

const clusterProblems: {
  name: string;
  cluster: Parameters<typeof fakeKubectl>[0];
  variables?: Record<string, string>;
  message: RegExp;
}[] = [
  {
    name: 'is too old',
    cluster: { server: 'v1.23.4', client: 'v1.26.0' },
    message: /^Kubernetes: 1\.23 is too old\n {2}a cluster of 1\.28 or newer/m,
  },
  {
    name: 'has no default StorageClass',
    cluster: { defaultClass: false },
    message:
      /^StorageClass: no class is the default; there are standard\n {2}name one in storageClass/m,
  },
  {
    name: 'has too little memory',
    cluster: { memory: '1Gi' },
    message: /^capacity: .* 1\.\d+ GiB requested, .* 1\.00 GiB free\n {2}add a node, or lower/m,
  },
  {
    name: 'has tainted nodes only',
    cluster: { taints: [{ key: 'dedicated', value: 'monitoring', effect: 'NoSchedule' }] },
    message:
      /^nodes: no node admits the pods of otel-collector, .*, customers: taint dedicated=monitoring:NoSchedule \(node node\)\n {2}set tolerations \(all pods\) or collector\.tolerations in mantis\.yaml to \[\{ key: dedicated, operator: Equal, value: "monitoring", effect: NoSchedule \}\]/m,
  },
  {
    name: 'denies permissions',
    cluster: { allowed: false },
    message:
      /^permissions: you may not .*clusterroles.*\n {2}use a context with these permissions/m,
  },
  {
    name: 'lacks the imagePullSecret',
    cluster: {},
    variables: {
      MANTIS_IMAGE_PREFIX: 'mirror.example.com',
      MANTIS_IMAGE_PULL_SECRET: 'registry-login',
    },
    message:
      /^Secrets: there is no registry-login \(imagePullSecret\)\n {2}create it in namespace observability: kubectl .* create secret docker-registry registry-login/m,
  },
  {
    name: "lacks the collector's Secret",
    cluster: { secrets: ['other'] },
    variables: { MANTIS_COLLECTOR_SECRET: 'vendor', MANTIS_ALERTMANAGER_SECRET: 'other' },
    message:
      /^Secrets: there is no vendor \(collector\.secret\)\n {2}create it in namespace observability: kubectl .* create secret generic vendor/m,
  },
  {
    name: "lacks Alertmanager's Secret",
    cluster: {},
    variables: { MANTIS_ALERTMANAGER_SECRET: 'pager' },
    message: /^Secrets: there is no pager \(alertmanager\.secret\)$/m,
  },
];

test.each(clusterProblems)(
  'deploy refuses with the remedy and changes nothing: the cluster $name',
  async (given) => {
    useOnly({ kubectl: fakeKubectl(given.cluster) });
    const refusal = await deployTo(sessionWith(given.variables)).catch(messageOf);
    expect(refusal).toMatch(given.message);
    expect(refusal).toContain('nothing was changed');
    const changes = /apply|delete|replace|create --filename=(?!-)/;
    expect(readCalls(bin).filter((call) => changes.test(call))).toEqual([]);
  },
);

test('deploy accepts a cluster that meets all requirements', async () => {
  useOnly({ kubectl: fakeKubectl({ secrets: ['pager'] }) });
  const session = sessionWith({ MANTIS_ALERTMANAGER_SECRET: 'pager' });
  // The next call reads the Lease, which the fake kubectl does not support.
  await expect(deployTo(session)).rejects.toThrow('asked for more than was expected');
  expect(
    readCalls(bin)
      .filter((call) => call !== '')
      .at(-1),
  ).toContain('get lease');
});

test.each([
  [
    'an unknown context',
    `echo 'error: context "kind-mantis" does not exist' >&2; exit 1`,
    /^there is no kubectl context kind-mantis: run .\/mantis kind-up, or name another with KUBE_CONTEXT$/,
  ],
  [
    'a cluster that does not answer',
    `echo 'The connection to the server 127.0.0.1:1 was refused' >&2; exit 1`,
    /^the cluster of context kind-mantis does not answer: start it/,
  ],
])('%s is an error of one line', async (_what, kubectl, message) => {
  useOnly({ kubectl });
  await expect(deployTo(sessionWith())).rejects.toThrow(message);
});

test('docs/troubleshooting.md covers every requirement', () => {
  const page = readFileSync('docs/troubleshooting.md', 'utf8');
  const [, section = ''] = page.split('## Failed requirements');
  for (const word of [
    'Docker',
    'kind',
    'kubectl',
    'port',
    'memory',
    'inotify',
    'StorageClass',
    'Secret',
    'permissions',
    'context',
    'ssh',
    'image',
  ]) {
    expect(section.split('\n## ')[0]).toContain(word);
  }
});
