import type { Signal } from '../../lib/telemetry/signal.ts';
import { nanoseconds } from '../../ops/stores/otlp.ts';
import { requestFields } from '../otlp/request-fields.ts';
import { brokenText, type OddItem, type Sent, text, traceIdOf } from './odd-item.ts';

/** The service of the well-formed items beside the odd ones. */
const wellFormedService = 'well-formed';

/** A well-formed item of each signal, with a marker of 16 hexadecimal digits. */
const wellFormed: Readonly<Record<Signal, (sent: Sent) => object>> = {
  logs: ({ marker, at }) => ({
    timeUnixNano: nanoseconds(at),
    severityNumber: 9,
    body: { stringValue: marker },
  }),
  traces: (sent) => ({
    ...{ traceId: traceIdOf(sent), spanId: sent.marker, name: 'well-formed', kind: 1 },
    startTimeUnixNano: nanoseconds(sent.at - 1),
    endTimeUnixNano: nanoseconds(sent.at),
  }),
  metrics: ({ marker, at }) => ({
    name: 'well.formed',
    gauge: {
      dataPoints: [
        { timeUnixNano: nanoseconds(at), asDouble: 1, attributes: [text('marker', marker)] },
      ],
    },
  }),
};

function resource(
  signal: Signal,
  service: string,
  items: readonly object[],
  more: { attributes?: readonly object[]; scope?: object } = {},
) {
  const [, scopes, list] = requestFields[signal];
  const own = JSON.stringify(more.attributes ?? []).includes('"service.name"');
  const attributes = [...(own ? [] : [text('service.name', service)]), ...(more.attributes ?? [])];
  return { resource: { attributes }, [scopes]: [{ scope: more.scope, [list]: items }] };
}

/** A request of well-formed items. */
export function wellFormedRequest(signal: Signal, items: readonly Sent[]): Buffer {
  return encode({
    [requestFields[signal][0]]: [
      resource(signal, wellFormedService, items.map(wellFormed[signal])),
    ],
  });
}

/** A request with an odd item and a well-formed one before and behind it. */
export function oddRequest(item: OddItem, odd: Sent, before: Sent, behind: Sent): Buffer {
  const { signal } = item;
  const made = item.item(odd);
  const [first, last] = [wellFormed[signal](before), wellFormed[signal](behind)];
  const more = { attributes: item.resource?.(odd), scope: item.scope?.(odd) };
  const resources =
    more.attributes === undefined && more.scope === undefined
      ? [resource(signal, 'odd', [first, made, last])]
      : [first, made, last].map((each) =>
          resource(signal, 'odd', [each], each === made ? more : {}),
        );
  return encode({ [requestFields[signal][0]]: resources });
}

/** JSON, in which bytes that are not UTF-8 replace `brokenText`. */
function encode(request: object): Buffer {
  const bytes = Buffer.from(JSON.stringify(request));
  const broken = Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0xe2, 0x82]);
  for (let at = bytes.indexOf(brokenText); at >= 0; at = bytes.indexOf(brokenText, at)) {
    broken.copy(bytes, at);
  }
  return bytes;
}
