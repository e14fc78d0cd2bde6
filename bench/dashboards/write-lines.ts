import { attributes } from '../../lib/telemetry/app.ts';
import type { Session } from '../../ops/cluster/session.ts';
import { UserError } from '../../ops/process/errors.ts';
import { keyValues, logsRequest, severity } from '../../ops/stores/otlp.ts';
import { Sender } from '../delivery/sender.ts';
import { encodeRequest } from '../otlp/messages.ts';

/** The service whose lines these are. */
export const manyLinesService = 'many-lines';

const batchSize = 2000;
const concurrency = 4;

/** Writes log lines of requests, spread evenly over the last `seconds`. */
export async function writeLines(session: Session, count: number, seconds: number): Promise<void> {
  const sender = new Sender(session);
  const end = Date.now();
  const timeOf = (index: number) => end - seconds * 1000 + (index * seconds * 1000) / count;
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const first = next;
      next = Math.min(count, first + batchSize);
      const lines = Array.from({ length: next - first }, (_, n) =>
        line(first + n, timeOf(first + n)),
      );
      const request = logsRequest(manyLinesService, lines);
      const answer = await sender.post('logs', encodeRequest('logs', request));
      if (!answer.accepted) throw new UserError(`the collector refused log lines: ${answer.text}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, worker));
  } finally {
    await sender.close();
  }
}

/** One of fifty lines is an error; there are twenty endpoints. */
function line(number: number, milliseconds: number): object {
  const failed = number % 50 === 0;
  const route = `/api/resource-${number % 20}/:id`;
  const status = failed ? '500' : '200';
  return {
    timeUnixNano: String(BigInt(Math.floor(milliseconds * 1000)) * 1000n),
    ...severity(failed ? 'ERROR' : 'INFO'),
    body: {
      stringValue: `GET /api/resource-${number % 20}/${number} ${status} in ${number % 97} ms`,
    },
    traceId: Buffer.from(number.toString(16).padStart(32, '0'), 'hex'),
    spanId: Buffer.from((number + 1).toString(16).padStart(16, '0'), 'hex'),
    attributes: keyValues({
      [attributes.httpRoute]: route,
      [attributes.httpResponseStatusCode]: status,
      ...(failed && { [attributes.errorType]: `Error${number % 7}` }),
    }),
  };
}
