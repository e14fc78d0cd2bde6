import { Command, Option } from '@commander-js/extra-typings';
import { loadSession } from '../cluster/session.ts';
import { appImageReference, buildAppImage } from '../local/build-app-image.ts';
import { loadArchive, printDigests, saveArchive } from '../local/image-archive.ts';
import { imageTable, listImages, missingImages } from '../local/images.ts';
import { requireEngine } from '../local/preflight.ts';
import { extractPrograms } from '../local/programs.ts';
import { UserError } from '../process/errors.ts';
import { print } from '../process/output.ts';
import { userPath } from '../process/user-path.ts';
import { addDefaultCommand } from './default-command.ts';

const fileOption = () =>
  new Option('--file <path>', 'path of the archive').default('mantis-images.tar');

const list = new Command('list')
  .description('list the images, and whether they are on this machine')
  .option('--check', 'exit with 1 if an image is missing')
  .action(async ({ check }) => {
    await requireEngine();
    const listed = await listImages(loadSession().settings);
    print(imageTable(listed));
    const missing = missingImages(listed);
    if (check && missing !== undefined) throw new UserError(missing);
  });

const save = new Command('save')
  .description('save every image to an archive, for an air-gapped machine')
  .addOption(fileOption())
  .action(async ({ file }) => {
    await requireEngine();
    await saveArchive(loadSession().settings, userPath(file));
  });

const load = new Command('load')
  .description('load the images of an archive into the local Docker or Podman')
  .addOption(fileOption())
  .action(async ({ file }) => {
    await requireEngine();
    await loadArchive(loadSession().settings, userPath(file));
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

const extract = new Command('extract-programs')
  .description('copy the programs that validate configurations out of local images to .build/bin')
  .action(() => extractPrograms(loadSession().settings));

export const imagesCommand = addDefaultCommand(
  new Command('images').description('list, save, load and build container images'),
  list,
)
  .addCommand(save)
  .addCommand(load)
  .addCommand(digests)
  .addCommand(build)
  .addCommand(extract);
