import { chmodSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Shell scripts by the name of the program that they replace. */
export type Scripts = Readonly<Record<string, string>>;

/** Creates a PATH with these programs, node and the tools of a shell only. */
export function fakeProgramPath(scripts: Scripts): string {
  const bin = mkdtempSync(join(tmpdir(), 'mantis-fake-'));
  symlinkSync(process.execPath, join(bin, 'node'));
  for (const [name, text] of Object.entries(scripts)) {
    const path = join(bin, name);
    writeFileSync(path, `#!/bin/sh\nPATH=/usr/bin:/bin\necho "$*" >> ${bin}/calls\n${text}\n`);
    chmodSync(path, 0o755);
  }
  writeFileSync(join(bin, 'calls'), '');
  return bin;
}

/** The arguments of every call. */
export function readCalls(bin: string): string[] {
  return readFileSync(join(bin, 'calls'), 'utf8').split('\n');
}

export const fakeDockerAndKind = {
  docker: `case "$*" in
    version*) echo 28.2.2;;
    info*) echo 17179869184;;
  esac`,
  kind: `case "$*" in
    version) echo 'kind v0.30.0 go1.26.8 linux/amd64';;
  esac`,
};

export interface FakeCluster {
  /** @default v1.34.0 */
  readonly server?: string;
  /** @default v1.34.0 */
  readonly client?: string;
  /** Memory of its only node. @default 16Gi */
  readonly memory?: string;
  /** Taints of its only node. @default - none */
  readonly taints?: readonly object[];
  /** Whether its only StorageClass is the default. @default true */
  readonly defaultClass?: boolean;
  /** Whether every right is given. @default true */
  readonly allowed?: boolean;
  /** Names of the Secrets that are there. */
  readonly secrets?: readonly string[];
}

/** A kubectl for this cluster that supports the calls before an apply. */
export function fakeKubectl(cluster: FakeCluster): string {
  const { server = 'v1.34.0', client = 'v1.34.0', memory = '16Gi', taints } = cluster;
  const { defaultClass = true, allowed = true, secrets = [] } = cluster;
  const node = {
    metadata: { name: 'node' },
    spec: { taints },
    status: {
      nodeInfo: { kubeletVersion: server },
      allocatable: { cpu: '8', memory },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
  const annotations = { 'storageclass.kubernetes.io/is-default-class': String(defaultClass) };
  const json = (value: object) => `cat <<'JSON'\n${JSON.stringify(value)}\nJSON`;
  const version = (gitVersion: string) => ({ gitVersion });
  return `case "$*" in
    *'version --client'*) ${json({ clientVersion: version(client) })}
    ;;
    *version*) ${json({ clientVersion: version(client), serverVersion: version(server) })}
    ;;
    *'get namespace'*) echo namespace/observability;;
    *'create --filename=-'*) grep -o SelfSubjectAccessReview | sed 's/.*/${allowed}/';;
    *'get storageclasses'*) ${json({ items: [{ metadata: { name: 'standard', annotations } }] })}
    ;;
    *'get nodes'*) ${json({ items: [node] })}
    ;;
    ${secrets.map((name) => `*'get secret ${name} '*) echo there;;`).join('\n')}
    *'get secret '*) ;;
    *'get configmaps'*) ;;
    *'get pods'*|*'get statefulsets'*) echo '{"items": []}';;
    *) echo "asked for more than was expected: $*" >&2; exit 1;;
  esac`;
}
