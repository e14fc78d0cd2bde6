import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Cloud, clouds, resourceDetection } from '../../lib/collector/cloud.ts';
import { tracesRequest } from '../../ops/stores/otlp.ts';
import { withBinary } from './binaries.ts';
import { readStored, sendOtlp, startCollector } from './otelcol.ts';

const document = {
  ...{ accountId: '123456789012', region: 'eu-north-1', availabilityZone: 'eu-north-1a' },
  ...{ instanceId: 'i-0123', imageId: 'ami-1', instanceType: 'm5.large' },
};

/** What the metadata services of two clouds answer; Azure's address cannot be changed. */
const answers: Record<string, string> = {
  '/latest/api/token': 'token',
  '/latest/meta-data/instance-id': 'i-0123',
  '/latest/meta-data/hostname': 'node-1',
  '/latest/dynamic/instance-identity/document': JSON.stringify(document),
  '/computeMetadata/v1/project/project-id': 'my-project',
  '/computeMetadata/v1/instance/zone': 'projects/1/zones/europe-north1-a',
  '/computeMetadata/v1/instance/id': '42',
  '/computeMetadata/v1/instance/name': 'node-1',
  '/computeMetadata/v1/instance/hostname': 'node-1.internal',
  '/computeMetadata/v1/instance/machine-type': 'projects/1/machineTypes/e2-small',
};

async function metadataService(): Promise<{ server: Server; host: string }> {
  const server = createServer(({ url = '' }, response) => {
    const answer = answers[url.split('?')[0] ?? ''];
    response.setHeader('Metadata-Flavor', 'Google');
    response.setHeader('X-Aws-Ec2-Metadata-Token-Ttl-Seconds', '21600');
    response.writeHead(answer === undefined ? 404 : 200).end(answer);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, host: `127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'one' };

withBinary('otelcol-contrib', (_run, program) => {
  /** The resource attributes of a span that passed the detectors. */
  async function detected(cloud: Cloud, environment: Record<string, string>) {
    const collector = await startCollector(
      program,
      {
        processors: { resource_detection: resourceDetection(cloud) },
        pipelines: { traces: ['resource_detection'] },
      },
      { ...environment, OTEL_RESOURCE_ATTRIBUTES: 'k8s.cluster.name=blue' },
    );
    await sendOtlp(collector, 'traces', tracesRequest('app', [span]));
    await collector.stop();
    const { resourceSpans } = JSON.parse(readStored(collector).text.trim());
    const attributes: { key: string; value: { stringValue: string } }[] =
      resourceSpans[0].resource.attributes;
    return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue]));
  }

  const own = { 'k8s.cluster.name': 'blue', 'service.name': 'app' };

  test.each([
    [
      'aws',
      { provider: 'aws', platform: 'aws_ec2', account: '123456789012', region: 'eu-north-1' },
    ],
    [
      'gcp',
      {
        ...{ provider: 'gcp', platform: 'gcp_compute_engine' },
        ...{ account: 'my-project', region: 'europe-north1' },
      },
    ],
  ] as const)('on %s the cloud is added, and nothing about the node', async (cloud, wanted) => {
    const { server, host } = await metadataService();
    try {
      const environment = {
        AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://${host}`,
        GCE_METADATA_HOST: host,
      };
      expect(await detected(cloud, environment)).toEqual({
        ...own,
        'cloud.provider': wanted.provider,
        'cloud.platform': wanted.platform,
        'cloud.account.id': wanted.account,
        'cloud.region': wanted.region,
      });
    } finally {
      server.close();
    }
  });

  test.each(clouds)('without the metadata service of %s the collector starts', async (cloud) => {
    const nowhere = { AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:9' };
    expect(await detected(cloud, nowhere)).toEqual(own);
  });
});
