import { Command } from '@commander-js/extra-typings';
import { openBucket } from '../ops/backup/s3/open.ts';
import { sessionOn } from '../ops/cluster/open-session.ts';
import { helperOption, s3Option } from '../ops/commands/backup-options.ts';
import { contextOption } from '../ops/commands/options.ts';
import { runProgram } from '../ops/run-program.ts';
import { screenshots } from './browser/screenshots.ts';
import { parseDelivery, reportDelivery } from './delivery/verify.ts';
import { drill } from './drill/drill.ts';

const drillCommand = new Command('drill')
  .description('write telemetry, back up, delete everything, restore, and count what is back')
  .option('--yes', 'do not ask, on the local kind cluster')
  .option('--yes-delete-everything <namespace>', 'do it on another cluster, in this namespace')
  .option('--keep-backup', 'keep the backup that it makes')
  .addOption(s3Option('upload it there, delete it here, and restore from there'))
  .addOption(helperOption)
  .addOption(contextOption)
  .action(async ({ s3, ...options }) => {
    const bucket = s3 === undefined ? undefined : await openBucket(s3);
    await drill(await sessionOn(options), { ...options, bucket });
  });

const verifyDeliveryCommand = new Command('verify-delivery')
  .description('send numbered telemetry, and check that everything acknowledged is stored')
  .option('--rate <number>', 'log lines, spans and samples per second, up to 1000', '100')
  .option('--duration <duration>', 'how long', '30s')
  .addOption(contextOption)
  .action(async ({ rate, duration, ...where }) =>
    reportDelivery(await sessionOn(where), parseDelivery(rate, duration)),
  );

const screenshotsCommand = new Command('screenshots')
  .description('take a picture of every dashboard, where Grafana has a renderer')
  .addOption(contextOption)
  .action(async (options) => screenshots(await sessionOn(options), 'docs/screenshots'));

await runProgram(
  new Command('bench')
    .description('Tests Mantis itself on a cluster')
    .addCommand(drillCommand)
    .addCommand(verifyDeliveryCommand)
    .addCommand(screenshotsCommand),
);
