import { images } from '../../../lib/model/images.ts';
import type { Settings } from '../../../lib/schema.ts';
import type { Target } from '../../cluster/kubectl.ts';
import { kindContext } from '../../local/kind.ts';
import { failed, ok, type Requirement } from './requirement.ts';

/** The test app's image is in no registry: only a local kind cluster is given it, by make kind-up. */
export function checkAppImage(
  settings: Settings,
  { context, via }: Pick<Target, 'context' | 'via'>,
): Requirement {
  const name = 'test app';
  if (!settings.testApp.enabled) return ok(name, 'left out');
  if (settings.testApp.image !== undefined) return ok(name, settings.testApp.image);
  if (settings.imagePrefix !== undefined)
    return ok(name, `its image is below ${settings.imagePrefix}`);
  if (via === undefined && context === kindContext(settings.kind.clusterName)) {
    return ok(name, 'its image is loaded by make kind-up');
  }
  const { name: image, tag } = images.testApp;
  const reference = `${image}:${tag}`;
  const where = via === undefined ? '' : `on ${via.name}: `;
  const load = context.startsWith('kind-')
    ? `load it (${where}kind load docker-image ${reference} --name ${context.replace('kind-', '')}) and add --ignore-checks, `
    : '';
  return failed(
    name,
    `its image ${reference} is in no registry`,
    `${load}leave the app out (MANTIS_TEST_APP_ENABLED=false, or testApp.enabled in mantis.yaml), or push it to a registry of yours and name it in testApp.image, or every image (./mantis images lists them) and name their place in imagePrefix`,
  );
}
