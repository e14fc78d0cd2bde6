/**
 * Starts OpenTelemetry. Loaded by `node --import ./telemetry.ts` before Koa loads node:http, because
 * modules that are imported earlier are not instrumented. OTEL_* variables configure the exporters.
 */
import { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { attributes } from '../lib/telemetry/app.ts';
import { healthPath, isQuiet, providerPrefix } from '../lib/telemetry/app-paths.ts';
import { PromiseContextManager } from './telemetry/context-manager.ts';
import { onFlush } from './telemetry/flush.ts';

// Only what this app uses: undici's covers fetch. Routes are named in http/request.ts and lines are sent
// by telemetry/logger.ts, so Koa's and winston's instrumentations would only cost (npm run bench).
process.env.OTEL_NODE_ENABLED_INSTRUMENTATIONS ??= 'http,undici,runtime-node';
// Of two detectors that set the same attribute the later one wins, so `env` comes last:
// otherwise `serviceinstance` replaces the service.instance.id of OTEL_RESOURCE_ATTRIBUTES.
process.env.OTEL_NODE_RESOURCE_DETECTORS ??= 'serviceinstance,host,os,env';

const sdk = new NodeSDK({
  contextManager: new PromiseContextManager(),
  instrumentations: getNodeAutoInstrumentations({
    '@opentelemetry/instrumentation-http': {
      // Frequent probes would dominate the request rate.
      ignoreIncomingRequestHook: ({ url = '' }) =>
        isQuiet(url) || url === healthPath || url.startsWith(providerPrefix),
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
