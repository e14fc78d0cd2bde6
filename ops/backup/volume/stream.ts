import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { type Target, targetArgs } from '../../cluster/kubectl.ts';
import { UserError } from '../../process/errors.ts';
import { CommandError, missingTool } from '../../process/run.ts';
import type { HelperPod } from './helper.ts';
import { packScript, unpackScript } from './volume.ts';

/**
 * Over WebSockets, kubectl ends a connection on which data arrives faster than it is read: its heartbeat
 * is delayed, and after a minute it fails with "unexpected EOF" (seen with kubectl 1.32 and a volume of
 * 1 GB). SPDY, the previous protocol, has no such limit.
 */
const environment = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false' };

/** After this time without data a connection counts as dead. */
const stallMs = 120_000;

/** Copies a volume to a compressed archive; gives its size and checksum as they were written. */
export async function download(target: Target, helper: HelperPod, file: string) {
  const marker = randomBytes(16).toString('hex');
  let bytes = 0;
  const hash = createHash('sha256');
  await execInHelper(target, helper, packScript(marker), ({ stdin, stdout }, onData) => {
    if (stdin === null || stdout === null) throw new Error('there are no pipes');
    const watched = tap(onData);
    const complete = untilMarker(marker, () => stdin.end());
    const counted = tap((chunk) => {
      bytes += chunk.length;
      hash.update(chunk);
    });
    // The stores compress their data already: a higher level would take time for little.
    const gzip = createGzip({ level: 1 });
    const sink = createWriteStream(file, { flags: 'wx', mode: 0o600 });
    return pipeline(stdout, watched, complete, gzip, counted, sink);
  });
  return { bytes, sha256: hash.digest('hex') };
}

export async function uploadArchive(
  target: Target,
  helper: HelperPod,
  file: string,
): Promise<void> {
  await execInHelper(target, helper, unpackScript, ({ stdin }, onData) => {
    if (stdin === null) throw new Error('there is no standard input');
    return pipeline(createReadStream(file), createGunzip(), tap(onData), stdin);
  });
}

/**
 * Passes on the data before a marker at the end of the stream. The end of the stream alone does not mean
 * that it is complete: kubectl may drop the last megabytes of a program that has ended, with exit code 0
 * (https://github.com/kubernetes/kubernetes/issues/124571; seen here with 1 GB). So the program waits
 * until `arrived` closes its standard input.
 */
export function untilMarker(marker: string, arrived: () => void) {
  const last = Buffer.from(marker);
  return async function* (source: AsyncIterable<Buffer>) {
    let held = Buffer.alloc(0);
    let complete = false;
    for await (const chunk of source) {
      const all = Buffer.concat([held, chunk]);
      const end = Math.max(0, all.length - last.length);
      held = all.subarray(end);
      if (end > 0) yield all.subarray(0, end);
      if (complete || !held.equals(last)) continue;
      complete = true;
      arrived();
    }
    if (!complete || !held.equals(last)) throw new UserError('the copy is incomplete');
  };
}

function tap(see: (chunk: Buffer) => void) {
  return async function* (source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      see(chunk);
      yield chunk;
    }
  };
}

/** Runs a script in the helper pod and streams its input or output; both must succeed. */
async function execInHelper(
  target: Target,
  { pod }: HelperPod,
  script: string,
  stream: (child: ChildProcess, onData: () => void) => Promise<void>,
): Promise<void> {
  const args = ['exec', '--stdin', pod, '--', 'sh', '-c', script];
  const child = spawn('kubectl', [...targetArgs(target), ...args], {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  let lastData = Date.now();
  let stalled = false;
  const watch = setInterval(() => {
    if (Date.now() - lastData < stallMs) return;
    stalled = true;
    child.kill();
  }, 5_000);
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', (error) => reject(missingTool('kubectl', error)));
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new CommandError('kubectl', ['exec', pod], code, errors));
    });
  });
  try {
    const streaming = stream(child, () => {
      lastData = Date.now();
    });
    // The program would not end by itself without a reader or writer on this side.
    streaming.catch(() => child.kill());
    // The error of the program first: it says more than a broken pipe.
    const [exit, streamed] = await Promise.allSettled([ended, streaming]);
    if (stalled) throw new UserError(`the copy stalled: no data for ${stallMs / 1000} s`);
    for (const outcome of [exit, streamed]) if (outcome.status === 'rejected') throw outcome.reason;
  } finally {
    clearInterval(watch);
    child.kill();
  }
}
