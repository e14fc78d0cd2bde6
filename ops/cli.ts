import { join } from 'node:path';
import { Command } from 'commander';
import { SettingsError } from '../lib/settings-error.ts';
import { customized } from '../settings-load.ts';
import { appImageReference, buildAppImage } from './app-image.ts';
import { addBackupCommands } from './backup/commands.ts';
import { checkApp } from './check-app.ts';
import { contextOption, forceUnlockOption } from './context-option.ts';
import { addDayTwo } from './day-two.ts';
import { parseDelivery, reportDelivery } from './delivery/verify.ts';
import { dryRunManifests } from './dry-run.ts';
import { clearFaults, listFaults, startFault } from './faults.ts';
import { forwardAll, openGrafana } from './forward-commands.ts';
import { loadArchive, printDigests, saveArchive } from './image-archive.ts';
import { imageTable, listImages, missingImages } from './images.ts';
import { Interrupted } from './interruptible.ts';
import { kindDown } from './kind-down.ts';
import { kindUp } from './kind-up.ts';
import { demo, type LoadOptions, load, stopLoad } from './load.ts';
import { type OnCluster, onCluster, sessionOn } from './on-cluster.ts';
import { onboard, parseNewcomer, parseService } from './onboard.ts';
import { say } from './output.ts';
import { preflight, requireEngine, requireTools } from './preflight.ts';
import { extractPrograms } from './programs.ts';
import { screenshots } from './screenshots.ts';
import { openSession, type Session } from './session.ts';
import { listenToSignals } from './signals.ts';
import { testAlert } from './test-alert.ts';
import { UserError } from './user-error.ts';

/** What make calls. Each command checks what it needs and leaves the work to a file of its own. */
process.chdir(join(import.meta.dirname, '..'));
listenToSignals();
const program = new Command('mantis').description('Operates Mantis on a cluster');

program
  .command('kind-up')
  .description('create or update the local cluster, deploy, and see telemetry arrive')
  .option(...forceUnlockOption)
  .action(({ forceUnlock }: { forceUnlock?: true }) => kindUp(openSession().settings, forceUnlock));

program
  .command('kind-down')
  .description('delete the local cluster')
  .action(() => kindDown(openSession().settings));

program
  .command('preflight')
  .description('check that this machine has what kind-up needs')
  .action(async () => {
    await preflight(openSession().settings);
    say('everything that make kind-up needs is here');
  });

program
  .command('images')
  .description('list every image, and whether it is on this machine')
  .option('--check', 'exit with 1 if one is not')
  .action(async ({ check }: { check?: true }) => {
    await requireEngine();
    const listed = await listImages(openSession().settings);
    say(imageTable(listed));
    const missing = missingImages(listed);
    if (check && missing !== undefined) throw new UserError(missing);
  });

const archive = ['--file <path>', 'the archive', 'mantis-images.tar'] as const;

program
  .command('images-save')
  .description('put every image into one archive')
  .option(...archive)
  .action(async ({ file }: { file: string }) => {
    await requireEngine();
    await saveArchive(openSession().settings, file);
  });

program
  .command('images-load')
  .description('give the images of an archive to the local Docker')
  .option(...archive)
  .action(async ({ file }: { file: string }) => {
    await requireEngine();
    await loadArchive(openSession().settings, file);
  });

program
  .command('digests')
  .description('the setting imageDigests: under which digest a registry gave each image')
  .action(async () => {
    await requireEngine();
    await printDigests(openSession().settings);
  });

program
  .command('build-app')
  .description("build the test app's image")
  .action(async () => {
    await requireEngine();
    await buildAppImage(appImageReference(openSession().settings));
  });

program
  .command('programs')
  .description("copy the components' own programs out of their local images, to check with")
  .action(() => extractPrograms(openSession().settings));

program
  .command('synth-dir')
  .description('print where synth writes: dist/ holds the defaults and nothing else')
  .action(() => {
    // cdk8s empties the directory before it runs the app, so a mistake has to be found here.
    openSession();
    const own = customized({ file: 'mantis.yaml', env: process.env });
    say(own ? '.build/manifests' : 'dist');
  });

plain('grafana', 'print the URL and login of Grafana, connecting to it if needed', openGrafana);
plain('port-forward', 'connect to every interface until interrupted', forwardAll);
plain('dry-run', 'let the API server check the manifests', dryRunManifests);
plain('load-stop', 'end a load test', (session) => stopLoad(session));
plain('demo', 'let a few customers into the shop, for as long as it is there', demo);
plain('fault-list', 'the faults of the test app that are on, and those there are', listFaults);
plain('fault-clear', 'end all faults of the test app', clearFaults);

function plain(name: string, description: string, work: (session: Session) => Promise<void>) {
  onCluster(program.command(name).description(description)).action(async (options: OnCluster) =>
    work(await sessionOn(options)),
  );
}

program
  .command('load')
  .description('drive the test app with k6, from within the cluster')
  .option('--rate <number>', 'journeys begun per second', '5')
  .option('--duration <duration>', 'how long', '2m')
  .option('--mix <name>', 'which journeys', 'default')
  .option(...contextOption)
  .action(async ({ context, ...options }: LoadOptions & { context?: string }) => {
    await requireTools('kubectl');
    await load(openSession(context), options);
  });

program
  .command('fault')
  .description('break the test app in one way, for a while')
  .argument('[name]', 'which fault; without it they are listed', '')
  .argument('[options...]', 'what it is told, such as rate=0.5')
  .option('--for <duration>', 'how long', '5m')
  .option('--role <name>', 'in which role (default: the one that shows it best)')
  .option(...contextOption)
  .action(async (name: string, options: string[], flags: FaultFlags) => {
    await requireTools('kubectl');
    const { context, ...rest } = flags;
    await startFault(openSession(context), name, { ...rest, options });
  });

program
  .command('test-alert')
  .description('send one alert the whole way, and say who was told')
  .option('--severity <name>', 'how severe it is', 'warning')
  .option(...contextOption)
  .action(async ({ severity, context }: { severity: string; context?: string }) => {
    await requireTools('kubectl');
    await testAlert(openSession(context), severity);
  });

addBackupCommands(program);

program
  .command('screenshots')
  .description('a picture of every dashboard, where Grafana has a renderer')
  .option(...contextOption)
  .action(async ({ context }: { context?: string }) => {
    await requireTools('kubectl');
    await screenshots(openSession(context), 'docs/screenshots');
  });

program
  .command('onboard')
  .description('what an app of any namespace needs to be part of it')
  .requiredOption('--namespace <name>', 'where it runs')
  .requiredOption('--service <name>', 'its service.name')
  .option(...contextOption)
  .action(async ({ namespace, service, context }: NewcomerFlags) => {
    await requireTools('kubectl');
    await onboard(openSession(context), parseNewcomer(namespace, service));
  });

program
  .command('check-app')
  .description('whether the three signals of an app arrive, and lead to each other')
  .requiredOption('--service <name>', 'its service.name')
  .option(...contextOption)
  .action(async ({ service, context }: NewcomerFlags) => {
    await requireTools('kubectl');
    await checkApp(openSession(context), parseService(service));
  });

program
  .command('verify-delivery')
  .description('send numbered telemetry, and see that all that was acknowledged is stored')
  .option('--rate <number>', 'lines, spans and samples per second, up to 1000', '100')
  .option('--duration <time>', 'how long', '30s')
  .option(...contextOption)
  .action(async ({ rate, duration, context }: DeliveryFlags) => {
    await requireTools('kubectl');
    await reportDelivery(openSession(context), parseDelivery(rate, duration));
  });

interface NewcomerFlags {
  readonly namespace: string;
  readonly service: string;
  readonly context?: string;
}

interface DeliveryFlags {
  readonly rate: string;
  readonly duration: string;
  readonly context?: string;
}

addDayTwo(program);

interface FaultFlags {
  readonly for: string;
  readonly role?: string;
  readonly context?: string;
}

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof UserError || error instanceof SettingsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error instanceof Interrupted ? error.exitCode : 1;
}
