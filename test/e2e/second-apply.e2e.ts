import { kubectl, withoutNamespace } from '../../ops/cluster/kubectl.ts';
import { readManifestText } from '../../ops/cluster/manifests.ts';
import { deploy, writeManifests } from '../../ops/deploy/deploy.ts';
import { tempDir } from '../../ops/process/temp-dir.ts';
import { session } from './cluster.ts';
import { testOnRequest } from './on-request.ts';

testOnRequest(
  'after a deployment another field manager applies the same manifests without a conflict',
  async () => {
    await deploy(session, { yes: true, wait: '6m', timeout: '35s', doctor: false });
    const directory = tempDir('second-apply');
    writeManifests(session, directory);
    const input = readManifestText(directory);
    const run = (...args: string[]) =>
      kubectl(withoutNamespace(session.target), [...args, '--server-side', '--filename=-'], {
        input,
      });
    await run('apply', '--field-manager=somebody', '--dry-run=server');
    expect(await run('diff', '--field-manager=somebody')).toBe('');
  },
);
