import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Faults } from '../faults/faults.ts';
import { readJson } from '../http/json-body.ts';
import { isRecord } from '../http/record.ts';
import type { Random } from '../simulation/random.ts';

/** A card that is always declined. */
export const declinedCard = '4000000000000002';

export interface ProviderProps {
  readonly random: Random;
  readonly faults: Faults;
}

/**
 * Simulates an external payment provider, which is slow and sometimes fails. It runs in the payments
 * process, behind a socket on 127.0.0.1.
 */
export function provider({ random, faults }: ProviderProps): Server {
  return createServer((request, response) => {
    charge(request, response).catch(() => response.destroy());
  });

  async function charge(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readJson(request);
    if (faults.active('provider-down')) {
      answer(response, 503, { error: 'closed for maintenance' });
      return;
    }
    // One call in two hundred gets no response, so that the timeout of the client ends it.
    if (random.chance(0.005)) return;
    await random.delay({ medianMs: 40, sigma: 0.6 });
    if (random.chance(0.01)) answer(response, 503, { error: 'too busy' });
    else answer(response, 200, { approved: approves(body) });
  }

  function approves(body: unknown): boolean {
    const card = isRecord(body) ? body.card : undefined;
    return card !== declinedCard && !random.chance(0.01);
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
