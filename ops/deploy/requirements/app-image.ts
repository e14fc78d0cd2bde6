import { images } from '../../../lib/model/images.ts';
import type { Settings } from '../../../lib/schema.ts';
import type { Target } from '../../cluster/kubectl.ts';
import { kindContext } from '../../local/kind.ts';
import { failed, ok, type Requirement } from './requirement.ts';

/** The test app's image is in no registry: `make kind-up` loads it into the local kind cluster. */
export function checkAppImage(
  settings: Settings,
  { context, ssh }: Pick<Target, 'context' | 'ssh'>,
): Requirement {
  const name = 'test app';
  if (!settings.testApp.enabled) return ok(name, 'disabled');
  if (settings.testApp.image !== undefined) return ok(name, settings.testApp.image);
  if (settings.imagePrefix !== undefined)
    return ok(name, `its image is pulled from ${settings.imagePrefix}`);
  if (ssh === undefined && context === kindContext(settings.kind.clusterName)) {
    return ok(name, 'its image is loaded by ./mantis kind-up');
  }
  const { name: image, tag } = images.testApp;
  const reference = `${image}:${tag}`;
  const where = ssh === undefined ? '' : `on ${ssh.name}: `;
  const load = context.startsWith('kind-')
    ? `load it (${where}kind load docker-image ${reference} --name ${context.replace('kind-', '')}) and add --ignore-checks, `
    : '';
  return failed(
    name,
    `its image ${reference} is in no registry`,
    `${load}disable the app (MANTIS_TEST_APP_ENABLED=false, or testApp.enabled in mantis.yaml), push it to your registry and set testApp.image, or push every image (see ./mantis images) and set imagePrefix`,
  );
}
