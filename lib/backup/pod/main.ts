/**
 * The program of a scheduled backup: stops a store, copies its volume to S3, and starts it again. The
 * result is a backup as `./mantis backup` makes it. Node.js runs it as it is from a ConfigMap, so it
 * imports nothing but the files beside it and Node.js' own modules.
 */
import { createHash } from 'node:crypto';
import { createGzip } from 'node:zlib';
import { archive, measure } from './archive.ts';
import { api, ownNamespace, StoreScale, sleep } from './kubernetes.ts';
import { Lock } from './lock.ts';
import type { BackupPlan } from './plan.ts';
import { partSize, S3 } from './s3.ts';

const plan = JSON.parse(process.argv[2] ?? '') as BackupPlan;
const { store, prefix } = plan;
const namespace = ownNamespace();
const variable = (name: string) => {
  const value = process.env[name]?.trim();
  if (value) return value;
  throw new Error(`the Secret has no key ${name}`);
};
const s3 = new S3({
  ...plan,
  accessKeyId: variable('AWS_ACCESS_KEY_ID'),
  secretAccessKey: variable('AWS_SECRET_ACCESS_KEY'),
  sessionToken: process.env.AWS_SESSION_TOKEN?.trim(),
});
const scale = new StoreScale(namespace, store);
const manifestFile = 'manifest.json';

async function* once(text: string) {
  yield Buffer.from(text);
}

async function main(): Promise<void> {
  const lock = new Lock(namespace, plan.lease, `backing up ${store} in`);
  await lock.acquire();
  let stopped = false;
  const start = async () => {
    if (stopped) await scale.start();
    stopped = false;
    await lock.release();
  };
  process.once('SIGTERM', () => {
    console.error('terminated: starts the store again');
    void start().finally(() => process.exit(143));
  });
  try {
    // Of a former pod of this Job that was killed.
    stopped = (await scale.replicas()) === 0 && !!lock.takenFrom?.startsWith(`backup-${store}-`);
    if (stopped) await scale.start();
    stopped = false;
    if ((await scale.replicas()) === 0) throw new Error(`${store} is scaled to 0: start it first`);
    // Finds a wrong bucket before the store is stopped.
    await s3.list(`${prefix}/`);
    const takenAt = new Date();
    stopped = true;
    await scale.stop();
    const saved = await copy(takenAt, lock);
    await start();
    await complete(takenAt, { ...saved, awaySeconds: secondsSince(takenAt) });
    await removeOld();
    // A second backup would not help: the alert fires if no report arrives for long.
    await report().catch((error: Error) => console.error(`warning: ${error.message}`));
  } finally {
    await start();
  }
}

const secondsSince = (time: Date) => Math.round((Date.now() - time.getTime()) / 100) / 10;
const nameOf = (time: Date) =>
  `mantis-${time.toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '')}`;

async function copy(takenAt: Date, lock: Lock) {
  const totals = measure(plan.dataDir);
  const hash = createHash('sha256');
  let bytes = 0;
  const gzip = createGzip({ level: 1 });
  async function* compressed() {
    for await (const chunk of gzip as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      yield chunk;
    }
  }
  const reading = (async () => {
    for await (const chunk of archive(plan.dataDir)) {
      if (!gzip.write(chunk)) await new Promise((done) => gzip.once('drain', done));
    }
    gzip.end();
  })().catch((error: Error) => void gzip.destroy(error));
  const file = `${store}.tar.gz`;
  await s3.put(`${prefix}/${nameOf(takenAt)}/${file}`, compressed(), partSize(totals.bytes));
  await reading;
  lock.requireHeld();
  if (!(await scale.isStopped())) {
    throw new Error(`${store} was started during the copy, which is inconsistent: a GitOps tool?`);
  }
  return { ...totals, archive: { file, bytes }, sha256: hash.digest('hex') };
}

/** The manifest last: without it the copy does not count as a backup. */
async function complete(
  takenAt: Date,
  { sha256, ...saved }: Awaited<ReturnType<typeof copy>> & { awaySeconds: number },
): Promise<void> {
  const version = await api<{ gitVersion: string }>('GET', '/version');
  const manifest = {
    format: 1,
    mantis: plan.mantis,
    kubernetes: version?.gitVersion ?? 'unknown',
    context: plan.clusterName,
    namespace,
    createdAt: takenAt.toISOString(),
    stores: {
      [store]: { image: plan.image, takenAt: takenAt.toISOString(), ...saved, evidence: [] },
    },
  };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  const sum = createHash('sha256').update(text).digest('hex');
  const sums = `${sum}  ${manifestFile}\n${sha256}  ${saved.archive.file}\n`;
  const directory = `${prefix}/${nameOf(takenAt)}`;
  await s3.put(`${directory}/SHA256SUMS`, once(sums), partSize(0));
  await s3.put(`${directory}/${manifestFile}`, once(text), partSize(0));
  console.log(
    `${directory} made: ${saved.archive.bytes} bytes of ${saved.files} files; ${store} was down for ${saved.awaySeconds} s`,
  );
}

/** Removes complete backups beyond those to keep, and what remained of others; manifests first. */
async function removeOld(): Promise<void> {
  const keys = await s3.list(`${prefix}/`);
  const pattern = /\/(mantis-\d{8}T\d{6}Z)\/[^/]+$/;
  const complete = keys
    .filter((key) => key.endsWith(`/${manifestFile}`))
    .flatMap((key) => pattern.exec(key)?.[1] ?? [])
    .sort();
  const oldest = complete.at(-plan.keep);
  if (complete.length <= plan.keep || oldest === undefined) return;
  const old = keys.filter((key) => (pattern.exec(key)?.[1] ?? oldest) < oldest);
  const manifests = old.filter((key) => key.endsWith(`/${manifestFile}`));
  for (const key of [...manifests, ...old.filter((each) => !manifests.includes(each))]) {
    await s3.remove(key);
  }
  for (const key of manifests) console.log(`${key.replace(`/${manifestFile}`, '')} removed`);
}

/** Sends the time of this backup; an alert compares it. */
async function report(): Promise<void> {
  const { metric, metricsUrl } = plan;
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const time = Date.now();
  const point = {
    timeUnixNano: `${time}000000`,
    asDouble: time / 1000,
    attributes: [text(metric.attribute, store)],
  };
  const { name, unit, description } = metric;
  const body = JSON.stringify({
    resourceMetrics: [
      {
        resource: { attributes: [text('service.name', metric.service)] },
        scopeMetrics: [{ metrics: [{ name, unit, description, gauge: { dataPoints: [point] } }] }],
      },
    ],
  });
  for (let attempt = 1; ; attempt += 1) {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(metricsUrl, { method: 'POST', headers, body }).catch(String);
    if (typeof answer !== 'string' && answer.ok) return;
    const why = typeof answer === 'string' ? answer : answer.status;
    if (attempt === 5) throw new Error(`not reported: ${metricsUrl}: ${why}`);
    await sleep(5);
  }
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    console.error(`error: ${error.message}`);
    process.exit(1);
  },
);
