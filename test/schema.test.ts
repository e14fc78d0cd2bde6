import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { kubernetesVersions } from '../lib/model/version.ts';
import { findManifest, kindAndName, type Manifest, synth } from './synthesized.ts';

const manifests = synth({}, { local: true });

const groups: Record<string, string> = {
  'apps/v1': 'apps.v1',
  v1: 'core.v1',
  'networking.k8s.io/v1': 'networking.v1',
  'rbac.authorization.k8s.io/v1': 'rbac.v1',
};

/** Kubernetes' strict schemas of one minor (test/schemas/README.md). */
function validator(version: string) {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(JSON.parse(readFileSync(`test/schemas/v${version}.json`, 'utf8')), 'kubernetes');
  return (manifest: Manifest): string => {
    const definition = `io.k8s.api.${groups[manifest.apiVersion]}.${manifest.kind}`;
    ajv.validate(`kubernetes#/$defs/${definition}`, manifest);
    return ajv.errorsText(ajv.errors);
  };
}

describe.each(kubernetesVersions)('Kubernetes %s', (version) => {
  const errors = validator(version);

  test.each(manifests.map((manifest) => ({ name: kindAndName(manifest), manifest })))(
    '$name fits the schema',
    ({ manifest }) => {
      expect(errors(manifest)).toBe('No errors');
    },
  );

  test('a misspelled field and a wrong type fail', () => {
    const loki = structuredClone(findManifest(manifests, 'StatefulSet', 'loki'));
    loki.spec.template.spec.containers[0].readinessProb = {};
    expect(errors(loki)).toContain('additional properties');
    const service = structuredClone(findManifest(manifests, 'Service', 'loki'));
    service.spec.ports[0].port = 'http';
    expect(errors(service)).toContain('must be integer');
  });
});
