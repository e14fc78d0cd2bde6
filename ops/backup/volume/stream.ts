import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { type Target, targetArgs } from '../../cluster/kubectl.ts';
import { UserError } from '../../process/errors.ts';
import { CommandError, missingTool } from '../../process/run.ts';
import type { Helper } from './helper.ts';
import { pack, unpack } from './volume.ts';

/**
 * Over WebSockets, kubectl ends a connection on which data flows faster than it is taken: its own
 * heartbeat does not get through, and after a minute it gives up with "unexpected EOF" (seen with
 * kubectl 1.32 and a volume of 1 GB). SPDY, the protocol before, has no such limit.
 */
const environment = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false' };

/** A connection that moves nothing for so long will not move again. */
const stallMs = 120_000;

/** Copies a volume into a compressed archive; gives its size and checksum. */
export async function download(
  target: Target,
  helper: Helper,
  file: string,
): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  const marker = randomBytes(16).toString('hex');
  let bytes = 0;
  await withExec(target, helper, pack(marker), ({ stdin, stdout }, moved) => {
    if (stdin === null || stdout === null) throw new Error('there are no pipes');
    const watched = observe(moved);
    const complete = upTo(marker, () => stdin.end());
    const counted = observe((chunk) => {
      hash.update(chunk);
      bytes += chunk.length;
    });
    // The stores compress what they keep, so a higher level costs the store's time for little.
    const gzip = createGzip({ level: 1 });
    const sink = createWriteStream(file, { flags: 'wx', mode: 0o600 });
    return pipeline(stdout, watched, complete, gzip, counted, sink);
  });
  return { bytes, sha256: hash.digest('hex') };
}

/** Copies an archive onto a volume, beside what is there. */
export async function upload(target: Target, helper: Helper, file: string): Promise<void> {
  await withExec(target, helper, unpack, ({ stdin }, moved) => {
    if (stdin === null) throw new Error('there is no standard input');
    return pipeline(createReadStream(file), createGunzip(), observe(moved), stdin);
  });
}

/**
 * Passes on what comes before a marker. The end of a connection proves nothing: when a program has
 * ended, the last megabytes it wrote may be dropped, with exit code 0
 * (https://github.com/kubernetes/kubernetes/issues/124571; seen here with 1 GB). So the program waits
 * until it is told that its last word has arrived.
 */
export function upTo(marker: string, arrived: () => void) {
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
    if (!complete || !held.equals(last)) throw new UserError('the copy was cut short');
  };
}

function observe(see: (chunk: Buffer) => void) {
  return async function* (source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      see(chunk);
      yield chunk;
    }
  };
}

/** Runs a script in the helper while its input or output flows; both have to end well. */
async function withExec(
  target: Target,
  { pod }: Helper,
  script: string,
  flow: (child: ChildProcess, moved: () => void) => Promise<void>,
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
  let lastMove = Date.now();
  let stalled = false;
  const watch = setInterval(() => {
    if (Date.now() - lastMove < stallMs) return;
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
    const flowing = flow(child, () => {
      lastMove = Date.now();
    });
    // Without a reader or a writer on this side it would not end by itself.
    flowing.catch(() => child.kill());
    // Why the program failed says more than that its pipe broke.
    const [end, flowed] = await Promise.allSettled([ended, flowing]);
    if (stalled) throw new UserError(`the copy stalled: nothing moved for ${stallMs / 1000} s`);
    for (const outcome of [end, flowed]) if (outcome.status === 'rejected') throw outcome.reason;
  } finally {
    clearInterval(watch);
    child.kill();
  }
}
