/**
 * Telemetry of a page: a span for the visit and one for each request, in the trace of the server that
 * answers. Bundled, for instance with `npx esbuild telemetry.js --bundle --outfile=telemetry.bundle.js`,
 * and served beside index.html. Needs @opentelemetry/api, core, resources, sdk-trace-base and
 * exporter-trace-otlp-http; @opentelemetry/instrumentation-fetch does for every fetch what
 * tracedFetch does for one.
 */
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

// The port for browsers, collector.externalAccess.browsers, which has no credential.
const url = `${document.documentElement.dataset.otlp}/v1/traces`;

const provider = new BasicTracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'shop-web' }),
  spanProcessors: [
    // Small, for the limit of a request, and frequent, because visitors leave.
    new BatchSpanProcessor(new OTLPTraceExporter({ url }), {
      maxExportBatchSize: 64,
      scheduledDelayMillis: 1000,
    }),
  ],
});
trace.setGlobalTracerProvider(provider);
propagation.setGlobalPropagator(new W3CTraceContextPropagator());
const tracer = trace.getTracer('page');

/** Sends a request with `traceparent`, so that the spans of the server are children of its span. */
async function tracedFetch(path, parent) {
  const span = tracer.startSpan(`GET ${path}`, { kind: SpanKind.CLIENT }, parent);
  const headers = {};
  propagation.inject(trace.setSpan(parent, span), headers);
  try {
    const response = await fetch(path, { headers });
    span.setAttribute('http.response.status_code', response.status);
    return response;
  } catch (error) {
    span.recordException(error);
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw error;
  } finally {
    span.end();
  }
}

const visit = tracer.startSpan('visit');
const output = document.querySelector('output');
try {
  const path = document.documentElement.dataset.api;
  const response = await tracedFetch(path, trace.setSpan(context.active(), visit));
  output.textContent = `${path}: ${response.status}`;
} finally {
  visit.end();
  output.dataset.trace = visit.spanContext().traceId;
}
