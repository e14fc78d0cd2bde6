import { annotatedPodsJob } from '../../lib/model/topology.ts';
import { attributes } from '../../lib/telemetry/app.ts';
import { stackMetrics } from '../../lib/telemetry/stack.ts';
import { sendTracked } from '../../ops/stores/tracked-request.ts';
import { pushGauge } from '../push-gauge.ts';
import { pushLogs } from '../push-logs.ts';
import { session, withUrls } from './cluster.ts';

/** Sends what the panels of the dashboards show and a new local cluster does not have. */
export async function sendPanelData(): Promise<void> {
  await sendRequests();
  await sendOtherData();
}

/** Orders, declined cards and errors of each type. */
const sendRequests = () =>
  withUrls(['shop'], async ({ shop }) => {
    const order = (product: string, quantity: number, card = '4242424242424242') => ({
      method: 'POST' as const,
      body: { userId: '1', items: [{ product, quantity }], card },
    });
    for (const type of ['database', 'timeout', 'upstream', 'unhandled']) {
      await sendTracked(shop, `/api/error?type=${type}`);
    }
    await sendTracked(shop, '/api/slow?ms=700');
    await sendTracked(shop, '/api/orders', order('coffee', 2));
    await sendTracked(shop, '/api/orders', order('tea', 1, '4000000000000002'));
    await sendTracked(shop, '/api/products/coffee');
  });

const sendOtherData = () =>
  withUrls(['otlpHttp'], async ({ otlpHttp }) => {
    // "Errors now and before" needs errors of an hour ago.
    await pushLogs(otlpHttp, {
      service: 'e2e-before',
      severity: 'ERROR',
      text: 'an error of long ago',
      time: new Date(Date.now() - 75 * 60_000),
    });
    // "Volumes": the kubelet does not report the volumes of kind.
    const volume = { persistentvolumeclaim: 'e2e', namespace: session.settings.namespace };
    const { volumeUsed, volumeCapacity } = stackMetrics;
    for (const [name, value] of [
      [volumeUsed, 1e9],
      [volumeCapacity, 4e9],
    ] as const) {
      await pushGauge(otlpHttp, { service: 'e2e-kubelet', name, value, attributes: volume });
    }
    // "Pages of annotated pods": the service is the label job, which is that of the scrape job.
    const page = { [attributes.k8sNamespaceName]: 'default', [attributes.k8sPodName]: 'e2e-page' };
    const samples = { service: annotatedPodsJob, name: stackMetrics.scrapedSamples, value: 100 };
    await pushGauge(otlpHttp, { ...samples, attributes: page });
  });
