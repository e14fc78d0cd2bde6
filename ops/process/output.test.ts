import { withPackageCommands } from './output.ts';

test.each([
  ['see ./mantis status --context a', 'see npx --no mantis status --context a'],
  ['run make kind-up', 'run npx --no mantis kind-up'],
  [
    'make deploy KUBE_CONTEXT=a SSH=b, or make kind-up for the local cluster',
    'npx --no mantis deploy --context a --ssh b, or npx --no mantis kind-up for the local cluster',
  ],
  [
    'make undeploy KUBE_CONTEXT=a VOLUMES=1 deletes',
    'npx --no mantis undeploy --context a --volumes deletes',
  ],
  [
    'make undeploy KUBE_CONTEXT=arn:aws:eks:eu-west-1:1:cluster/a VOLUMES=1: it deletes',
    'npx --no mantis undeploy --context arn:aws:eks:eu-west-1:1:cluster/a --volumes: it deletes',
  ],
  [
    'make kind-down kind-up recreates it',
    'npx --no mantis kind-down && npx --no mantis kind-up recreates it',
  ],
  ['`make restore FILE=latest`', '`npx --no mantis restore latest`'],
  ['make it work', 'make it work'],
])('in the package, %j is %j', (text, expected) => {
  expect(withPackageCommands(text)).toBe(expected);
});
