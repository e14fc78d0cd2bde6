import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { kubectl, withoutNamespace } from '../../../ops/cluster/kubectl.ts';
import { appImageReference } from '../../../ops/local/build-app-image.ts';
import { runEngine } from '../../../ops/local/engine.ts';
import { localImage } from '../../../ops/local/images.ts';
import { loadImages } from '../../../ops/local/node-images.ts';
import { session } from '../cluster.ts';
import type { Certificate } from './certificates.ts';

/** What stands before Grafana in an organisation: a proxy that ends TLS, and an identity provider. */

const { settings, target } = session;
export const there = { ...target, namespace: `${target.namespace}-e2e-edge` };
/** The port of both. */
export const edgePort = 8443;
export const providerHost = `login.${there.namespace}.svc`;
export const issuer = `https://${providerHost}:${edgePort}`;

const nginxImage = 'localhost/mantis-e2e/nginx:bookworm';
const dockerfile = `FROM debian:bookworm-slim
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends nginx-light
`;

/** Debian's nginx, which is built once; needs Debian's packages then. */
async function ensureNginx(): Promise<void> {
  if ((await localImage(nginxImage)) === undefined) {
    await runEngine(['build', '--tag', nginxImage, '-'], { input: dockerfile });
  }
  await loadImages(settings.kind.clusterName, [nginxImage]);
}

/** Passes everything below the path on as it comes; what is elsewhere is not Mantis'. */
const nginxConfig = (path: string) => `
error_log stderr;
events {}
http {
  map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  server {
    listen ${edgePort} ssl;
    ssl_certificate /etc/edge/tls.crt;
    ssl_certificate_key /etc/edge/tls.key;
    location ${path}/ {
      proxy_pass http://grafana.${target.namespace}:3000;
      proxy_http_version 1.1;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-Proto https;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $connection_upgrade;
    }
    location / { return 418 "another application"; }
  }
}
`;

/** Runs the program in the directory with its files. */
const startProvider = `const { writeFileSync, readFileSync } = require('node:fs');
const program = require('node:zlib').brotliDecompressSync(readFileSync('/etc/edge/provider.br'));
writeFileSync('/data/provider.mjs', program);
import('/data/provider.mjs');`;

async function bundleProvider(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [`${import.meta.dirname}/provider-program.mjs`],
    // Not minified: names of its classes are keys of its store.
    ...{ bundle: true, write: false, logLevel: 'silent' },
    ...{ platform: 'node', target: 'node20', format: 'esm' },
  });
  return brotliCompressSync(outputFiles[0]?.contents ?? '').toString('base64');
}

interface Server {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value: string }[];
}

const server = ({ name, ...container }: Server) => {
  const labels = { app: name };
  const volumes = [
    {
      name: 'files',
      projected: { sources: [{ secret: { name: 'edge' } }, { configMap: { name: 'edge' } }] },
    },
    { name: 'data', emptyDir: {} },
  ];
  const volumeMounts = [
    { name: 'files', mountPath: '/etc/edge' },
    { name: 'data', mountPath: '/data' },
  ];
  const containers = [{ name, ...container, imagePullPolicy: 'IfNotPresent', volumeMounts }];
  const spec = { terminationGracePeriodSeconds: 1, containers, volumes };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { selector: labels, ports: [{ port: edgePort }] },
    },
  ];
};

export interface Edge {
  /** The path that the proxy passes on to Grafana. */
  readonly path: string;
  readonly certificate: Certificate;
  /** The client of the provider, with its secret and redirect URI. */
  readonly client: object;
  /** Claims of people by their name. */
  readonly people: Readonly<Record<string, object>>;
}

/** Starts both, in a namespace of their own. */
export async function startEdge({ path, certificate, client, people }: Edge): Promise<void> {
  await ensureNginx();
  const provider = { issuer, client, people, port: edgePort, directory: '/etc/edge' };
  const metadata = { name: 'edge' };
  const items = [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: there.namespace } },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata,
      stringData: { 'tls.crt': certificate.certificate, 'tls.key': certificate.key },
    },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata,
      data: { 'nginx.conf': nginxConfig(path) },
      binaryData: { 'provider.br': await bundleProvider() },
    },
    ...server({
      name: 'edge',
      image: nginxImage,
      command: ['nginx', '-c', '/etc/edge/nginx.conf', '-g', 'daemon off;'],
    }),
    ...server({
      name: 'login',
      image: appImageReference(settings),
      command: ['node', '--eval', startProvider],
      env: [{ name: 'PROVIDER', value: JSON.stringify(provider) }],
    }),
  ];
  const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  await kubectl(there, ['apply', '--filename=-'], { input });
  for (const name of ['edge', 'login']) {
    await kubectl(there, ['rollout', 'status', `deployment/${name}`, '--timeout=120s']);
  }
}

export async function deleteEdge(): Promise<void> {
  const args = ['delete', 'namespace', there.namespace, '--ignore-not-found', '--wait=false'];
  await kubectl(withoutNamespace(target), args);
}
