import { Readable } from 'node:stream';
import { upTo } from './stream.ts';

/** What is passed on of some chunks, and after which of them the marker had arrived. */
async function pass(chunks: readonly string[]) {
  let arrived = 0;
  const parts: string[] = [];
  const source = Readable.from(chunks.map((chunk) => Buffer.from(chunk)));
  for await (const part of upTo('<end>', () => arrived++)(source)) parts.push(String(part));
  return { text: parts.join(''), arrived };
}

test.each([[['data<end>']], [['da', 'ta<e', 'nd>']], [['data', '<', 'e', 'n', 'd', '>']]])(
  '%j is complete',
  async (chunks) => {
    expect(await pass(chunks)).toEqual({ text: 'data', arrived: 1 });
  },
);

test('a marker amid the data is data', async () => {
  expect((await pass(['a<end>b', 'c<end>'])).text).toBe('a<end>bc');
});

test.each([[['data']], [['data<en']], [[]]])('%j was cut short', async (chunks) => {
  await expect(pass(chunks)).rejects.toThrow('the copy was cut short');
});
