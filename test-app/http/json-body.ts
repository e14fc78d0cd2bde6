import type { IncomingMessage } from 'node:http';
import { InvalidRequest, RequestTooLarge } from './problems.ts';

/** Reads the JSON body of a request, by default up to 64 KiB. @throws Problem */
export async function readJson(request: IncomingMessage, maxBytes = 64 * 1024): Promise<unknown> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > maxBytes) throw new RequestTooLarge(`the body is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidRequest('the body is not JSON', { cause });
  }
}
