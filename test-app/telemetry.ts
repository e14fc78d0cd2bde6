/**
 * Starts OpenTelemetry. Loaded by `node --import ./telemetry.ts`, so before Koa loads node:http:
 * what is imported earlier stays dark. The exporters come from the OTEL_* variables alone.
 */
import { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { attributes } from '../lib/telemetry/app.ts';
import { adminPrefix, probePaths, providerPrefix } from '../lib/telemetry/app-paths.ts';
import { PromiseContextManager } from './context-manager.ts';
import { onFlush } from './flush.ts';

// Only what this app uses: undici's covers fetch. Routes are named in request.ts and lines are sent
// by logger.ts, so Koa's and winston's instrumentations would only cost (npm run bench).
process.env.OTEL_NODE_ENABLED_INSTRUMENTATIONS ??= 'http,undici,runtime-node';
// Of two detectors that set the same attribute the later one wins, so `env` comes last:
// otherwise `serviceinstance` replaces the service.instance.id of OTEL_RESOURCE_ATTRIBUTES.
process.env.OTEL_NODE_RESOURCE_DETECTORS ??= 'serviceinstance,host,os,env';

const sdk = new NodeSDK({
  contextManager: new PromiseContextManager(),
  instrumentations: getNodeAutoInstrumentations({
    '@opentelemetry/instrumentation-http': {
      // Probes come every few seconds; in the request rate they would drown the users.
      ignoreIncomingRequestHook: ({ url = '' }) =>
        probePaths.includes(url) || url.startsWith(adminPrefix) || url.startsWith(providerPrefix),
      // Only the exporters use node:http as a client.
      disableOutgoingRequestInstrumentation: true,
    },
    // The name under which the provider, which sends no spans itself, is in the service graph.
    '@opentelemetry/instrumentation-undici': {
      startSpanHook: ({ path }) =>
        path.startsWith(providerPrefix) ? { [attributes.peerService]: 'payment-provider' } : {},
    },
  }),
});
sdk.start();

onFlush(() => sdk.shutdown());
