import { Command } from '@commander-js/extra-typings';
import { openBucket } from '../ops/backup/s3/open.ts';
import { openSession } from '../ops/cluster/open-session.ts';
import { loadSession } from '../ops/cluster/session.ts';
import { s3Option } from '../ops/commands/backup-options.ts';
import { contextOption } from '../ops/commands/options.ts';
import { runProgram } from '../ops/run-program.ts';
import { screenshots } from './browser/screenshots.ts';
import { reportDashboardLatency } from './dashboards/report.ts';
import { parseLoad } from './delivery/load-options.ts';
import { reportDelivery } from './delivery/verify.ts';
import { parseWhole } from './delivery/whole-number.ts';
import { drill } from './drill/drill.ts';
import { parseFuzz } from './fuzz/options.ts';
import { reportFuzz } from './fuzz/report.ts';
import { extractPrograms } from './programs/extract.ts';

const drillCommand = new Command('drill')
  .description('write telemetry, back up, delete everything, restore, and verify what was restored')
  .option('--yes', 'do not ask for confirmation on the local kind cluster')
  .option('--yes-delete-everything <namespace>', 'run on another cluster, in this namespace')
  .option('--keep-backup', 'keep the backup')
  .addOption(s3Option('S3 URL to upload the backup to and to restore it from'))
  .addOption(contextOption)
  .action(async ({ s3, ...options }) => {
    const bucket = s3 === undefined ? undefined : await openBucket(s3);
    await drill(await openSession(options), { ...options, bucket });
  });

const verifyDeliveryCommand = new Command('verify-delivery')
  .description('send numbered telemetry, and verify that everything acknowledged is stored')
  .option('--rate <number>', 'items of each type per second', '100')
  .option('--logs <number>', 'log lines per second (default: --rate)')
  .option('--spans <number>', 'spans per second (default: --rate)')
  .option('--samples <number>', 'samples per second (default: --rate)')
  .option('--duration <duration>', 'duration of the test', '30s')
  .addOption(contextOption)
  .action(async ({ context, ...load }) =>
    reportDelivery(await openSession({ context }), parseLoad(load)),
  );

const fuzzCommand = new Command('fuzz')
  .description('send mutated telemetry beside good, on a throw-away cluster, and count both')
  .option('--seed <number>', 'the same seed makes the same requests', '1')
  .option('--requests <number>', 'how many mutated requests', '10000')
  .option('--yes', 'confirm that odd telemetry may stay in the stores')
  .addOption(contextOption)
  .action(async ({ context, yes, ...options }) =>
    reportFuzz(await openSession({ context }), { ...parseFuzz(options), yes }),
  );

const screenshotsCommand = new Command('screenshots')
  .description('take a picture of every dashboard in both themes, with Chromium')
  .addOption(contextOption)
  .action(async (options) => screenshots(await openSession(options)));

const latencyCommand = new Command('dashboard-latency')
  .description('open each dashboard through Grafana, and print how long its queries took')
  .option('--lines <number>', 'log lines of one service to write before', '0')
  .addOption(contextOption)
  .action(async ({ context, lines }) =>
    reportDashboardLatency(
      await openSession({ context }),
      parseWhole('--lines', lines, 0, 10_000_000),
    ),
  );

const extractCommand = new Command('extract-programs')
  .description('copy the programs that validate configurations out of local images to .build/bin')
  .action(() => extractPrograms(loadSession().settings));

await runProgram(
  new Command('bench')
    .description('Tests Mantis itself on a cluster')
    .addCommand(drillCommand)
    .addCommand(verifyDeliveryCommand)
    .addCommand(fuzzCommand)
    .addCommand(latencyCommand)
    .addCommand(screenshotsCommand)
    .addCommand(extractCommand),
);
