import { type Routes, traceId } from '../http/request.ts';
import { type PageProps, page } from '../page/page.ts';

/** Only the app's own files may be loaded, and nothing inline runs (https://www.w3.org/TR/CSP3/). */
const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "img-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The homepage: sends requests, switches faults, and links to Grafana. */
export const home =
  (props: PageProps): Routes =>
  (router) => {
    router.get('/', (ctx) => {
      ctx.type = 'html';
      ctx.set('content-security-policy', contentSecurityPolicy);
      ctx.set('x-content-type-options', 'nosniff');
      ctx.set('referrer-policy', 'no-referrer');
      ctx.set('cache-control', 'no-store');
      ctx.body = page(props, { origin: ctx.URL.origin, traceId: traceId() });
    });
  };
