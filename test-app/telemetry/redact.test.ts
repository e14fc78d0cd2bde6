import { redact } from './redact.ts';

test.each([
  ['4242424242424242', '[card]'],
  ['paid with 4242 4242 4242 4242 today', 'paid with [card] today'],
  ['378282246310005', '[card]'],
  ['4242-4242-4242-4242', '[card]'],
  ['order 1234567890123456', 'order 1234567890123456'],
  ['trace a42424242424242424', 'trace a42424242424242424'],
  ['2026-11-23T14:27:40.854Z', '2026-11-23T14:27:40.854Z'],
])('%j is logged as %j', (text, logged) => {
  expect(redact({ message: text })).toEqual({ message: logged });
});

test.each(['card', 'password', 'apiKey', 'authorization', 'set-cookie', 'access_token'])(
  'the field %s is always redacted',
  (field) => {
    expect(redact({ [field]: { deep: 'x' } })).toEqual({ [field]: '[redacted]' });
  },
);

test('a card number in a nested field is redacted', () => {
  expect(redact({ order: { id: 1, note: '4242424242424242' } })).toEqual({
    order: { id: 1, note: '[card]' },
  });
});

test('card numbers are redacted in the texts of an error and of its cause', () => {
  const cause = new Error('bank refused 4242424242424242');
  const err = new Error('no money on 4242424242424242', { cause });
  redact({ err });
  expect(`${err.message} ${err.stack} ${cause.message} ${cause.stack}`).not.toContain('4242');
  expect(err.message).toBe('no money on [card]');
});
