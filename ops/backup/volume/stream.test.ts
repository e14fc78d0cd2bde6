import { Readable } from 'node:stream';
import { untilMarker } from './stream.ts';

/** The text that is passed on, and how often the marker arrived. */
async function pass(chunks: readonly string[]) {
  let arrived = 0;
  const parts: string[] = [];
  const source = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  for await (const part of untilMarker('<end>', () => arrived++)(source)) parts.push(String(part));
  return { text: parts.join(''), arrived };
}

test.each([[['data<end>']], [['da', 'ta<e', 'nd>']], [['data', '<', 'e', 'n', 'd', '>']]])(
  '%j is complete',
  async (chunks) => {
    expect(await pass(chunks)).toEqual({ text: 'data', arrived: 1 });
  },
);

test('a marker within the data is passed on', async () => {
  expect((await pass(['a<end>b', 'c<end>'])).text).toBe('a<end>bc');
});

test.each([[['data']], [['data<en']], [[]]])('%j is incomplete', async (chunks) => {
  await expect(pass(chunks)).rejects.toThrow('the copy is incomplete');
});
