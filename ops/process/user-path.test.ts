import { userPath } from './user-path.ts';

test('a relative path is resolved from the directory of the user', () => {
  expect(userPath('mine', { INIT_CWD: '/home/lise' })).toBe('/home/lise/mine');
  expect(userPath('/mine', { INIT_CWD: '/home/lise' })).toBe('/mine');
});
