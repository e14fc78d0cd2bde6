import { synthConstruct } from '../../test/construct.ts';
import { find } from '../../test/synthesized.ts';
import { Namespace } from './namespace.ts';

test.each(['enforce', 'audit', 'warn'])('the API server is told to %s "restricted"', (mode) => {
  const manifests = synthConstruct((chart) => {
    new Namespace(chart, 'namespace', 'telemetry');
  });
  const { labels } = find(manifests, 'Namespace', 'telemetry').metadata;
  expect(labels?.[`pod-security.kubernetes.io/${mode}`]).toBe('restricted');
});
