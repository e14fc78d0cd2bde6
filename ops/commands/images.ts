import { Command } from '@commander-js/extra-typings';
import { loadSession } from '../cluster/session.ts';
import { appImageReference, buildAppImage } from '../local/build-app-image.ts';
import { printDigests } from '../local/image-digests.ts';
import { imageTable, listImages } from '../local/images.ts';
import { requireEngine } from '../local/preflight.ts';
import { print } from '../process/output.ts';
import { addDefaultCommand } from './default-command.ts';

const list = new Command('list')
  .description('list the images, and whether they are on this machine')
  .action(async () => {
    await requireEngine();
    print(imageTable(await listImages(loadSession().settings)));
  });

const digests = new Command('digests')
  .description('print the setting imageDigests for the images pulled on this machine')
  .action(async () => {
    await requireEngine();
    await printDigests(loadSession().settings);
  });

const build = new Command('build').description("build the test app's image").action(async () => {
  await requireEngine();
  await buildAppImage(appImageReference(loadSession().settings));
});

export const imagesCommand = addDefaultCommand(
  new Command('images').description('list and build container images, and print their digests'),
  list,
)
  .addCommand(digests)
  .addCommand(build);
