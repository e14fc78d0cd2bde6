import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { assetsPrefix } from '../../lib/telemetry/app-paths.ts';
import type { Routes } from '../http/request.ts';

const directory = join(import.meta.dirname, '../public');

/** The style sheet, the scripts and the icon of the homepage: the files in public/. */
export const assets: Routes = (router) => {
  for (const file of readdirSync(directory)) {
    const content = readFileSync(join(directory, file));
    router.get(`${assetsPrefix}/${file}`, (ctx) => {
      ctx.type = extname(file);
      // A new version of the app has new files under the same names.
      ctx.set('cache-control', 'no-cache');
      ctx.set('x-content-type-options', 'nosniff');
      ctx.body = content;
    });
  }
};
