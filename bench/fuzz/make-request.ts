import { deliveryService } from '../../lib/telemetry/probes.ts';
import type { Signal } from '../../lib/telemetry/signal.ts';
import { keyValues } from '../../ops/stores/otlp.ts';
import type { Entry, Ledger } from '../delivery/ledger.ts';
import { batchItems, type ItemType, itemTypes, signalOf } from '../delivery/numbered-batch.ts';
import { decodeRequest, encodeRequest } from '../otlp/messages.ts';
import { requestFields } from '../otlp/request-fields.ts';
import { byteMutations } from './mutations/bytes.ts';
import { metricTypesOf, mutationsFor } from './mutations/catalog.ts';
import { invalidUtf8 } from './mutations/mutation.ts';
import {
  type MutatedItem,
  metricTypes,
  newOddItem,
  oddItemAttribute,
  oddMessages,
  oddRunAttribute,
} from './mutations/odd-item.ts';
import { Random } from './mutations/random.ts';

/** A request with one odd item. */
export interface FuzzRequest {
  readonly number: number;
  readonly kind: string;
  readonly type: ItemType;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly headers: Readonly<Record<string, string>>;
  readonly grpc: boolean;
  /** Whether it is valid protobuf by construction. */
  readonly structural: boolean;
  /** Whether the odd item can be found, if a store has it. */
  readonly marked: boolean;
  /** The trace id of an odd span in hex, if it is valid. */
  readonly traceId: string | undefined;
  /** Well-formed items before and behind the odd one. */
  readonly good: readonly Entry[];
}

export interface RequestOptions {
  readonly seed: number;
  readonly number: number;
  readonly ledger: Ledger;
  /** Gives a time in milliseconds that no other item has. */
  readonly now: () => number;
}

const percent = { structural: 70, goodItems: 60, sameScope: 50, grpc: 15 };

/** Makes the request with a number, which is the same for the same seed, except for its times. */
export function makeRequest(options: RequestOptions): FuzzRequest {
  const random = new Random(options.seed * 1_000_003 + options.number);
  const type = random.pick(itemTypes);
  return random.chance(percent.structural)
    ? structuralRequest(type, random, options)
    : byteRequest(type, random, options);
}

function structuralRequest(type: ItemType, random: Random, options: RequestOptions): FuzzRequest {
  const { number, ledger, now } = options;
  const mutation = random.pick(mutationsFor(type));
  if (mutation === undefined) throw new Error(`no mutation for ${type}`);
  const metricType = random.pick(metricTypesOf(mutation));
  const odd = newOddItem(type, random, { run: ledger.run, number, metricType, at: now() });
  mutation.apply(odd, random);
  const withGood = random.chance(percent.goodItems) && mutation.contradictory !== true;
  const good = withGood ? [ledger.add(type, 1, now()), ledger.add(type, 1, now())] : [];
  const sameScope = mutation.outer !== true && random.chance(percent.sameScope);
  const encoded = encodeRequest(signalOf[type], requestWith(type, odd, good, sameScope));
  return {
    ...{ number, type, kind: mutation.kind, good, structural: true, headers: {} },
    grpc: random.chance(percent.grpc),
    body: writeInvalidUtf8(encoded),
    marked: mutation.empty !== true && mutation.unmarked !== true,
    traceId: type === 'spans' ? validTraceId(odd.item.traceId) : undefined,
  };
}

function byteRequest(type: ItemType, random: Random, options: RequestOptions): FuzzRequest {
  const { number, ledger, now } = options;
  const metricType = random.pick(metricTypes);
  const odd = newOddItem(type, random, { run: ledger.run, number, metricType, at: now() });
  const encoded = encodeRequest(signalOf[type], requestWith(type, odd, [], false));
  const mutation = random.pick(byteMutations) ?? byteMutations[0];
  if (mutation === undefined) throw new Error('no mutation of bytes');
  const { body, headers, plain } = mutation.apply(Buffer.from(encoded), random);
  return {
    ...{ number, type, kind: mutation.kind, good: [], structural: false, headers, grpc: false },
    body: new Uint8Array(body),
    ...whatIsLeft(signalOf[type], plain, { run: ledger.run, number }),
  };
}

/** A request with an odd item, and good ones before and behind it in its scope or beside its resource. */
function requestWith(
  type: ItemType,
  odd: MutatedItem,
  good: readonly Entry[],
  sameScope: boolean,
): object {
  const [resources, scopes, items] = requestFields[signalOf[type]];
  const group = (resource: object, scope: object, messages: readonly object[]) => ({
    resource,
    [scopes]: [{ scope, [items]: messages }],
  });
  const messages = oddMessages(type, odd);
  const [before = [], behind = []] = good.map(({ batch }) => batchItems(batch));
  if (sameScope) {
    return { [resources]: [group(odd.resource, odd.scope, [...before, ...messages, ...behind])] };
  }
  const own = { attributes: keyValues({ 'service.name': deliveryService }) };
  const beside = (list: readonly object[]) => (list.length === 0 ? [] : [group(own, {}, list)]);
  const oddGroup = group(odd.resource, odd.scope, messages);
  return { [resources]: [...beside(before), oddGroup, ...beside(behind)] };
}

/** Whether the marker of an odd item survived, and its trace id, as the collector reads them. */
function whatIsLeft(
  signal: Signal,
  plain: Buffer,
  { run, number }: { run: string; number: number },
) {
  try {
    const text = JSON.stringify(decodeRequest(signal, plain));
    const attribute = (key: string, value: string) =>
      text.includes(JSON.stringify({ key, value: { stringValue: value } }));
    const [, traceId = ''] = /"traceId":"([^"]*)"/.exec(text) ?? [];
    return {
      marked: attribute(oddRunAttribute, run) && attribute(oddItemAttribute, String(number)),
      traceId: validTraceId(Buffer.from(traceId, 'base64')),
    };
  } catch {
    return { marked: false, traceId: undefined };
  }
}

function validTraceId(id: unknown): string | undefined {
  if (!(id instanceof Buffer) || id.length !== 16 || id.every((byte) => byte === 0)) return;
  return id.toString('hex');
}

/** Replaces the character that stands for invalid UTF-8, by as many bytes. */
function writeInvalidUtf8(encoded: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(encoded.buffer, encoded.byteOffset, encoded.byteLength);
  for (let at = bytes.indexOf(invalidUtf8); at >= 0; at = bytes.indexOf(invalidUtf8, at)) {
    bytes.set([0xff, 0xfe, 0xfd], at);
  }
  return encoded;
}
