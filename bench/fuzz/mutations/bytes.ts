import { gzipSync } from 'node:zlib';
import type { Random } from './random.ts';

/** What is sent over HTTP, after the message was encoded. */
export interface Payload {
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  /** The body before it was compressed. */
  readonly plain: Buffer;
}

/** A change to an encoded request, which need not be valid protobuf afterwards. */
export interface ByteMutation {
  readonly kind: string;
  readonly apply: (body: Buffer, random: Random) => Payload;
}

function change(kind: string, apply: (body: Buffer, random: Random) => Buffer): ByteMutation {
  return {
    kind: `bytes: ${kind}`,
    apply: (original, random) => {
      const body = apply(original, random);
      return { body, headers: {}, plain: body };
    },
  };
}

function declare(kind: string, headers: Readonly<Record<string, string>>): ByteMutation {
  return { kind: `bytes: ${kind}`, apply: (body) => ({ body, headers, plain: body }) };
}

function pack(kind: string, apply: (packed: Buffer, random: Random) => Buffer): ByteMutation {
  return {
    kind: `bytes: ${kind}`,
    apply: (plain, random) => ({
      body: apply(gzipSync(plain), random),
      headers: { 'content-encoding': 'gzip' },
      plain,
    }),
  };
}

function splice(body: Buffer, at: number, removed: number, added: Buffer): Buffer {
  return Buffer.concat([body.subarray(0, at), added, body.subarray(at + removed)]);
}

/** Bytes of fields that OTLP does not have, of each wire type. */
const unknownFields = Buffer.from([
  ...[0xc0, 0x3e, 0x07], // field 1000, varint
  ...[0xc9, 0x3e, 1, 2, 3, 4, 5, 6, 7, 8], // field 1001, 64 bits
  ...[0xd2, 0x3e, 3, 0x61, 0x62, 0x63], // field 1002, three bytes
  ...[0xdd, 0x3e, 1, 2, 3, 4], // field 1003, 32 bits
]);

export const byteMutations: readonly ByteMutation[] = [
  change('one bit flipped', flipBits(1)),
  change('some bits flipped', flipBits(8)),
  change('truncated', (body, random) => body.subarray(0, random.int(0, body.length - 1))),
  change('bytes inserted', (body, random) =>
    splice(body, random.int(0, body.length), 0, random.bytes(random.int(1, 20))),
  ),
  change('bytes removed', (body, random) =>
    splice(body, random.int(0, body.length), random.int(1, 20), Buffer.alloc(0)),
  ),
  change('a part repeated', (body, random) => {
    const at = random.int(0, body.length - 1);
    return splice(body, at, 0, body.subarray(at, at + random.int(1, 100)));
  }),
  change('random', (_, random) => random.bytes(random.int(1, 500))),
  change('empty', () => Buffer.alloc(0)),
  change('only zeros', () => Buffer.alloc(100)),
  change('the request twice', (body) => Buffer.concat([body, body])),
  change('unknown fields', (body) => Buffer.concat([unknownFields, body, unknownFields])),
  declare('sent as JSON', { 'content-type': 'application/json' }),
  declare('sent as text', { 'content-type': 'text/plain' }),
  declare('declared as gzip', { 'content-encoding': 'gzip' }),
  declare('declared as zstd', { 'content-encoding': 'zstd' }),
  declare('declared as snappy', { 'content-encoding': 'snappy' }),
  declare('unknown encoding', { 'content-encoding': 'odd' }),
  pack('gzip', (packed) => packed),
  pack('truncated gzip', (packed, random) => packed.subarray(0, random.int(0, packed.length - 1))),
  pack('damaged gzip', flipBits(4)),
];

function flipBits(count: number) {
  return (body: Buffer, random: Random): Buffer => {
    const copy = Buffer.from(body);
    for (let flip = 0; flip < count; flip++) {
      const at = random.int(0, copy.length - 1);
      copy[at] = (copy[at] ?? 0) ^ (1 << random.int(0, 7));
    }
    return copy;
  };
}
