import { readDuration, readMix, readRate, readShopUrl } from './settings.ts';

const mix = (env: Record<string, string>) => readMix(env);
const rate = (env: Record<string, string>) => readRate(env, { max: 10, fallback: 0.5 });
const duration = (env: Record<string, string>) => readDuration(env, '2m');
const shop = (env: Record<string, string>) => readShopUrl(env, 'http://shop:5000');

test('unset variables have a default', () => {
  expect(mix({})).toBe('default');
  expect(rate({})).toBe(0.5);
  expect(duration({})).toBe(120);
  expect(shop({})).toBe('http://shop:5000');
});

test.each([
  ['90s', 90],
  ['2m', 120],
  ['1h30m', 5400],
  ['1h1m1s', 3661],
  ['24h', 86_400],
])('a duration of %s is %i seconds', (text, seconds) => {
  expect(duration({ DURATION: text })).toBe(seconds);
});

test('variables are parsed', () => {
  expect(mix({ MIX: 'errors' })).toBe('errors');
  expect(rate({ RATE: '2.5' })).toBe(2.5);
  expect(shop({ SHOP_URL: 'https://example.com/shop/' })).toBe('https://example.com/shop');
});

const aRate = 'a number from 0.001 to 10';
const aDuration = 'from 1s to 24h, such as 90s or 1h30m';
const aUrl = 'an http or https URL such as http://shop:5000';

test.each([
  [
    () => mix({ MIX: 'all' }),
    'MIX must be one of default, browse, checkout, errors, slow, got "all"',
  ],
  [() => rate({ RATE: '0' }), `RATE must be ${aRate}, got "0"`],
  [() => rate({ RATE: '-1' }), `RATE must be ${aRate}, got "-1"`],
  [() => rate({ RATE: '0.0001' }), `RATE must be ${aRate}, got "0.0001"`],
  [() => rate({ RATE: '11' }), `RATE must be ${aRate}, got "11"`],
  [() => rate({ RATE: '1e3' }), `RATE must be ${aRate}, got "1e3"`],
  [() => rate({ RATE: '' }), `RATE must be ${aRate}, got ""`],
  [() => rate({ RATE: '5/s' }), `RATE must be ${aRate}, got "5/s"`],
  [() => duration({ DURATION: '' }), `DURATION must be ${aDuration}, got ""`],
  [() => duration({ DURATION: '0s' }), `DURATION must be ${aDuration}, got "0s"`],
  [() => duration({ DURATION: '60' }), `DURATION must be ${aDuration}, got "60"`],
  [() => duration({ DURATION: '25h' }), `DURATION must be ${aDuration}, got "25h"`],
  [() => shop({ SHOP_URL: 'shop:5000' }), `SHOP_URL must be ${aUrl}, got "shop:5000"`],
  [() => shop({ SHOP_URL: 'http://' }), `SHOP_URL must be ${aUrl}, got "http://"`],
  [() => shop({ SHOP_URL: 'http://a b' }), `SHOP_URL must be ${aUrl}, got "http://a b"`],
])('an error names the variable, the allowed values and the given one (%#)', (read, message) => {
  expect(read).toThrow(message);
});
