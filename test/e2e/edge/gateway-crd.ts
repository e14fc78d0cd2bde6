import { kubectl } from '../../../ops/cluster/kubectl.ts';
import { run } from '../../../ops/process/run.ts';
import { session } from '../cluster.ts';

const gatewayModule = 'sigs.k8s.io/gateway-api@v1.4.0';

/**
 * Installs the CRD of HTTPRoutes from the Go module of the Gateway API.
 *
 * @returns whether the cluster has it; without Go, or without the module, not
 */
export async function installHttpRouteCrd(): Promise<boolean> {
  try {
    const output = await run('go', ['mod', 'download', '-json', gatewayModule], {
      env: { GOFLAGS: '-mod=mod' },
    });
    const { Dir: directory } = JSON.parse(output);
    const file = `${directory}/config/crd/standard/gateway.networking.k8s.io_httproutes.yaml`;
    await kubectl(session.target, ['apply', '--server-side', `--filename=${file}`]);
    const crd = 'crd/httproutes.gateway.networking.k8s.io';
    await kubectl(session.target, ['wait', '--for=condition=Established', crd, '--timeout=60s']);
    return true;
  } catch (error) {
    process.stderr.write(`SKIPPED: HTTPRoute, for lack of ${gatewayModule}: ${error}\n`);
    return false;
  }
}
