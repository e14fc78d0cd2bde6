import { Ledger } from './ledger.ts';
import type { Sender } from './sender.ts';
import { sendSteadily } from './steady-load.ts';
import { deliveryTable, slowMessage } from './verify.ts';

const rates = { logs: 10, spans: 40, samples: 1000 };

/** A sender whose requests take some time. */
const slowSender = (ms: number) =>
  ({
    send: async (entry) => {
      await new Promise((resolve) => setTimeout(resolve, ms));
      entry.acknowledged = true;
    },
  }) as Pick<Sender, 'send'> as Sender;

test('the load has exactly as many items as its rates say', async () => {
  const ledger = new Ledger();
  const reached = await sendSteadily(slowSender(1), ledger, { rates, seconds: 1 });
  expect(ledger.deliveries()).toMatchObject({
    logs: { sent: 10, acknowledged: 10 },
    spans: { sent: 40 },
    samples: { sent: 1000 },
  });
  for (const type of ['logs', 'spans', 'samples'] as const) {
    expect(slowMessage(type, rates, reached)).toBeUndefined();
  }
});

test('the table has a row for each type, with the numbers that are missing', () => {
  const ledger = new Ledger();
  ledger.add('logs', 3, 1000).acknowledged = true;
  const lines = deliveryTable(ledger.deliveries()).split('\n');
  expect(lines).toHaveLength(4);
  expect(lines[1]).toMatch(/logs +3 +3 +0 +3 +0 +1-3$/);
});

test('a rate that was not reached is named', () => {
  expect(slowMessage('samples', rates, { ...rates, samples: 700 })).toMatch(
    /^reached 700 of 1000 samples per second/,
  );
});
