import { spawnSync } from 'node:child_process';
import { chromiumHint, findChromium } from '../../bench/browser/chromium.ts';
import { realGrafanaVersion } from '../../bench/browser/real-grafana.ts';
import { messageOf } from '../../ops/process/errors.ts';
import { withUrls } from '../e2e/cluster.ts';

/**
 * `npm run e2e:browser`: runs the browser tests where there are a Chromium and a real Grafana, and
 * says otherwise what is missing.
 */
async function missing(): Promise<string | undefined> {
  if (findChromium() === undefined) return `Chromium (${chromiumHint})`;
  const version = await withUrls(['grafana'], ({ grafana }) => realGrafanaVersion(grafana));
  return version === undefined ? "a real Grafana: the cluster's has no user interface" : undefined;
}

function runTests(): number {
  const jest = ['--config', 'jest.browser.config.js', '--runInBand', ...process.argv.slice(2)];
  return spawnSync('npx', ['jest', ...jest], { stdio: 'inherit' }).status ?? 1;
}

try {
  const reason = await missing();
  if (reason === undefined) process.exitCode = runTests();
  else process.stderr.write(`SKIPPED: the browser tests, for lack of ${reason}\n`);
} catch (error) {
  // Such as a cluster that cannot be reached.
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
