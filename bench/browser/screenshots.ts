import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { dashboardsOf } from '../../dashboards/index.ts';
import { dashboardUids } from '../../lib/model/uids.ts';
import { type AdminLogin, readAdminLogin } from '../../ops/cluster/secret.ts';
import type { Session } from '../../ops/cluster/session.ts';
import { withForwards } from '../../ops/connections/endpoint-urls.ts';
import { UserError } from '../../ops/process/errors.ts';
import { print } from '../../ops/process/output.ts';
import { authHeaders } from '../../ops/stores/grafana.ts';
import { fetchJson } from '../../ops/stores/http.ts';

const settingsSchema = z.object({ rendererAvailable: z.boolean().default(false) });
const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47]);

/**
 * `npm run screenshots`: saves a screenshot of each dashboard, rendered by Grafana's image renderer
 * (https://grafana.com/docs/grafana/latest/setup-grafana/image-rendering/).
 *
 * @throws UserError if Grafana has none, as it would return a picture of an error message
 */
export async function screenshots(session: Session, directory: string): Promise<void> {
  const login = await readAdminLogin(session.target);
  await withForwards(session, ['grafana'], ({ grafana }) =>
    saveScreenshots(grafana, login, directory, dashboardsOf(session.settings)),
  );
}

export async function saveScreenshots(
  url: string,
  login: AdminLogin,
  directory: string,
  dashboards: readonly { readonly uid?: string }[],
): Promise<void> {
  const authorization = authHeaders({ login });
  const settings = await fetchJson(url, '/api/frontend/settings', settingsSchema, {
    headers: authorization,
  });
  if (!settings.rendererAvailable) {
    throw new UserError(
      'this Grafana has no image renderer: deploy grafana/grafana-image-renderer, set grafana.extraConfig.rendering, and let Grafana reach it (networkPolicies: false on a local cluster)',
    );
  }
  mkdirSync(directory, { recursive: true });
  for (const [name, uid] of Object.entries(dashboardUids)) {
    if (!dashboards.some((each) => each.uid === uid)) continue;
    const query = 'width=1280&height=-1&theme=light&tz=UTC&kiosk&from=now-30m&to=now';
    const answer = await fetch(new URL(`/render/d/${uid}?${query}`, url), {
      headers: authorization,
      signal: AbortSignal.timeout(120_000),
    });
    const picture = Buffer.from(await answer.arrayBuffer());
    if (!answer.ok || !picture.subarray(0, pngSignature.length).equals(pngSignature)) {
      throw new UserError(`Grafana answered ${answer.status} without a picture of ${name}`);
    }
    const file = join(directory, `${name}.png`);
    writeFileSync(file, picture);
    print(`${file}  ${(picture.length / 1000).toFixed(0)} kB`);
  }
}
