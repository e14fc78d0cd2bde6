import { withPackageCommands } from './output.ts';

test('texts name the command of the package', () => {
  expect(withPackageCommands('./mantis kind-down && ./mantis kind-up recreates it')).toBe(
    'npx --no mantis kind-down && npx --no mantis kind-up recreates it',
  );
  expect(withPackageCommands('make it work')).toBe('make it work');
});
