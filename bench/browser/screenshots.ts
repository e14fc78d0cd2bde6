import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { z } from 'zod';
import { dashboardsOf } from '../../dashboards/index.ts';
import type { ClassicDashboard } from '../../dashboards/panels/dashboard.ts';
import { kubectlJson } from '../../ops/cluster/kubectl.ts';
import { type AdminLogin, readAdminLogin } from '../../ops/cluster/secret.ts';
import type { Session } from '../../ops/cluster/session.ts';
import { withForwards } from '../../ops/connections/endpoint-urls.ts';
import { UserError } from '../../ops/process/errors.ts';
import { print } from '../../ops/process/output.ts';
import { withChromium } from './chromium.ts';
import { logIn, waitForPanels } from './grafana-page.ts';
import {
  dashboardHash,
  type Pictures,
  pictureName,
  picturesDirectory,
  picturesFile,
  themes,
} from './pictures.ts';
import { realGrafanaVersion } from './real-grafana.ts';

/** The size of a picture in pixels, and of the window. */
const size = { width: 1600, height: 1000 };

/**
 * `npm run screenshots`: takes a picture of the top of each dashboard, in both themes, and writes
 * down with which Grafana and of which dashboard.
 *
 * @throws UserError without Chromium, if Grafana has no user interface, or other dashboards
 */
export async function screenshots(session: Session): Promise<void> {
  const login = await readAdminLogin(session.target);
  await withForwards(session, ['grafana'], async ({ grafana }) => {
    const grafanaVersion = await realGrafanaVersion(grafana);
    if (grafanaVersion === undefined) throw new UserError('this Grafana has no user interface');
    await withChromium(async (browser) => {
      const dashboards = dashboardsOf(session.settings);
      await expectDeployed(session, dashboards);
      const pictures = await takePictures(browser, grafana, login, dashboards);
      const takenAt = new Date().toISOString().slice(0, 10);
      const document: Pictures = { grafanaVersion, takenAt, pictures };
      writeFileSync(
        join(picturesDirectory, picturesFile),
        `${JSON.stringify(document, null, 2)}\n`,
      );
    });
  });
}

const configMapSchema = z.object({ data: z.record(z.string(), z.string()) });

/** A picture of an older dashboard would be recorded as one of this checkout's. */
async function expectDeployed({ target }: Session, dashboards: readonly ClassicDashboard[]) {
  for (const dashboard of dashboards) {
    const name = `grafana-dashboard-${dashboard.uid}`;
    const { data } = await kubectlJson(target, configMapSchema, ['get', 'configmap', name]);
    const deployed = JSON.parse(data[`${dashboard.uid}.json`] ?? '{}');
    if (dashboardHash(deployed) === dashboardHash(dashboard)) continue;
    throw new UserError(
      `${dashboard.title} on the cluster is not that of this checkout: run ./mantis deploy first`,
    );
  }
}

/** @returns the hash of the dashboard of each picture */
async function takePictures(
  browser: Browser,
  url: string,
  login: AdminLogin,
  dashboards: readonly ClassicDashboard[],
): Promise<Record<string, string>> {
  mkdirSync(picturesDirectory, { recursive: true });
  const context = await browser.newContext({ viewport: size, timezoneId: 'UTC' });
  const page = await context.newPage();
  await logIn(page, url, login);
  const pictures: Record<string, string> = {};
  for (const dashboard of dashboards) {
    for (const theme of themes) {
      await page.goto(`${url}/d/${dashboard.uid}?kiosk&theme=${theme}&from=now-30m&to=now`);
      await waitForPanels(page, dashboard, { inView: true });
      const name = pictureName(dashboard, theme);
      const file = join(picturesDirectory, name);
      const picture = await page.screenshot({ type: 'jpeg', quality: 65, animations: 'disabled' });
      writeFileSync(file, picture);
      pictures[name] = dashboardHash(dashboard);
      print(`${file}  ${(picture.length / 1000).toFixed(0)} kB`);
    }
  }
  return pictures;
}
