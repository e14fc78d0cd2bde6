import { Command, Option } from '@commander-js/extra-typings';
import { openSession } from '../cluster/session.ts';
import { appImageReference, buildAppImage } from '../local/app-image.ts';
import { loadArchive, printDigests, saveArchive } from '../local/image-archive.ts';
import { imageTable, listImages, missingImages } from '../local/images.ts';
import { requireEngine } from '../local/preflight.ts';
import { extractPrograms } from '../local/programs.ts';
import { UserError } from '../process/errors.ts';
import { say } from '../process/output.ts';

const fileOption = () =>
  new Option('--file <path>', 'path of the archive').default('mantis-images.tar');

const list = new Command('list')
  .description('list every image, and whether it is on this machine')
  .option('--check', 'exit with 1 if one is not')
  .action(async ({ check }) => {
    await requireEngine();
    const listed = await listImages(openSession().settings);
    say(imageTable(listed));
    const missing = missingImages(listed);
    if (check && missing !== undefined) throw new UserError(missing);
  });

const save = new Command('save')
  .description('put every image into one archive, for a machine without a network')
  .addOption(fileOption())
  .action(async ({ file }) => {
    await requireEngine();
    await saveArchive(openSession().settings, file);
  });

const load = new Command('load')
  .description('load the images of such an archive into the local Docker')
  .addOption(fileOption())
  .action(async ({ file }) => {
    await requireEngine();
    await loadArchive(openSession().settings, file);
  });

const digests = new Command('digests')
  .description('print the setting imageDigests: the digest of each image that this machine pulled')
  .action(async () => {
    await requireEngine();
    await printDigests(openSession().settings);
  });

const build = new Command('build').description("build the test app's image").action(async () => {
  await requireEngine();
  await buildAppImage(appImageReference(openSession().settings));
});

const extract = new Command('extract-programs')
  .description("copy the components' own programs out of their local images to .build/bin")
  .action(() => extractPrograms(openSession().settings));

export const imagesCommand = new Command('images')
  .description('list, save, load and build container images')
  .addCommand(list, { isDefault: true })
  .addCommand(save)
  .addCommand(load)
  .addCommand(digests)
  .addCommand(build)
  .addCommand(extract);
