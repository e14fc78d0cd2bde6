import { ownDashboards } from './own.ts';

const file = (path: string, content: object, subdirectory?: string) => ({
  path,
  text: JSON.stringify(content, null, 2),
  subdirectory,
});
const mistakes = (...files: Parameters<typeof ownDashboards>[0]) => ownDashboards(files).mistakes;

test('a dashboard becomes a file of its own, in the folder of its directory', () => {
  const checkout = file('dashboards/Checkout.json', { uid: 'check_Out-1', title: 'Checkout' });
  const cart = file('dashboards/Shop/cart.json', { uid: 'cart', title: 'Checkout' }, 'Shop');
  expect(ownDashboards([checkout, cart])).toEqual({
    dashboards: [
      {
        name: 'dashboards-checkout',
        folder: 'Own',
        files: { 'check_Out-1.json': checkout.text },
        sources: ['dashboards/Checkout.json'],
      },
      {
        name: 'dashboards-shop-cart',
        folder: 'Shop',
        files: { 'cart.json': cart.text },
        sources: ['dashboards/Shop/cart.json'],
      },
    ],
    mistakes: [],
  });
});

test.each([
  [{ title: 'A' }, 'a.json:1:1: uid: got nothing, wanted a uid'],
  [{ uid: 'a/b', title: 'A' }, 'a.json:2:10: uid: got "a/b", wanted a uid'],
  [{ uid: 'a' }, 'a.json:1:1: title: got nothing, wanted a title'],
  [{ uid: 'a', title: ' ' }, 'a.json:3:12: title: got " ", wanted a title'],
  [
    { uid: 'mantis-stack', title: 'A' },
    'a.json:2:10: uid: got "mantis-stack", wanted another one, because Mantis itself has it',
  ],
  [
    { uid: 'a', title: 'A', __inputs: [{ name: 'DS_PROMETHEUS' }] },
    'a.json:4:15: __inputs: got [{"name":"DS_PROMETHEUS"}], wanted none',
  ],
  [[], 'a.json:1:1: got [], wanted a dashboard'],
])('%j is refused by file, line and column', (content, expected) => {
  const found = mistakes(file('a.json', content));
  expect(found).toHaveLength(1);
  expect(found[0]?.slice(0, expected.length)).toBe(expected);
});

test('a uid, and a title in one folder, are unique', () => {
  const first = file('a.json', { uid: 'a', title: 'A' });
  expect(mistakes(first, file('b.json', { uid: 'a', title: 'B' }))).toEqual([
    'b.json:2:10: uid: got "a", wanted another one, because a.json has it',
  ]);
  expect(mistakes(first, file('b.json', { uid: 'b', title: 'A' }))).toEqual([
    'b.json:3:12: title: got "A", wanted another one, because a.json has it',
  ]);
  expect(mistakes(file('a.json', { uid: 'a', title: 'Logs' }, 'Mantis'))).toHaveLength(1);
});
