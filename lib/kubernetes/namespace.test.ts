import { synthConstruct } from '../../test/construct.ts';
import { findManifest } from '../../test/synthesized.ts';
import { Namespace } from './namespace.ts';

test.each(['enforce', 'audit', 'warn'])(
  'the namespace has the Pod Security mode %s at level "restricted"',
  (mode) => {
    const manifests = synthConstruct((chart) => {
      new Namespace(chart, 'namespace', 'telemetry');
    });
    const { labels } = findManifest(manifests, 'Namespace', 'telemetry').metadata;
    expect(labels?.[`pod-security.kubernetes.io/${mode}`]).toBe('restricted');
  },
);
