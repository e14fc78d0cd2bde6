/**
 * Starts OpenTelemetry. Loaded by `node --import ./telemetry.ts`, so before Koa and winston: what
 * is imported earlier stays dark. The exporters come from the OTEL_* variables alone.
 */
import { register } from 'node:module';
import { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';
import { KoaLayerType } from '@opentelemetry/instrumentation-koa';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { attributes } from '../lib/telemetry.ts';
import { onFlush } from './flush.ts';
import { adminPrefix, healthPath, providerPrefix } from './paths.ts';

// Only what this app uses; Koa's instrumentation covers @koa/router, undici's covers fetch.
process.env.OTEL_NODE_ENABLED_INSTRUMENTATIONS ??= 'http,koa,undici,winston,runtime-node';
// Of two detectors that set the same attribute the later one wins, so `env` comes last:
// otherwise `serviceinstance` replaces the service.instance.id of OTEL_RESOURCE_ATTRIBUTES.
process.env.OTEL_NODE_RESOURCE_DETECTORS ??= 'serviceinstance,host,os,env';

// Without this hook an ES module's import of Koa is not patched and spans have no http.route.
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);

const sdk = new NodeSDK({
  instrumentations: getNodeAutoInstrumentations({
    '@opentelemetry/instrumentation-http': {
      // Probes come every few seconds; in the request rate they would drown the users.
      ignoreIncomingRequestHook: ({ url = '' }) =>
        url === healthPath || url.startsWith(adminPrefix) || url.startsWith(providerPrefix),
      // Only the exporters use node:http as a client.
      disableOutgoingRequestInstrumentation: true,
    },
    // The name under which the provider, which sends no spans itself, is in the service graph.
    '@opentelemetry/instrumentation-undici': {
      startSpanHook: ({ path }) =>
        path.startsWith(providerPrefix) ? { [attributes.peerService]: 'payment-provider' } : {},
    },
    // A span for each of the app's own middlewares says nothing that the route's span does not.
    '@opentelemetry/instrumentation-koa': { ignoreLayersType: [KoaLayerType.MIDDLEWARE] },
    // logger.ts has the one transport; the instrumentation would add a second and send twice.
    '@opentelemetry/instrumentation-winston': { disableLogSending: true },
  }),
});
sdk.start();

onFlush(() => sdk.shutdown());
