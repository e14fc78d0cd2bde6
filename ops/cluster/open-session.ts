import { requireTools } from '../local/preflight.ts';
import { UserError } from '../process/errors.ts';
import { CommandError, run } from '../process/run.ts';
import { connectSsh, explainSshError, type SshHost, sshCommand } from '../process/ssh.ts';
import { tools, versionError } from '../process/tools.ts';
import { loadSession, type Session } from './session.ts';

export interface ClusterOptions {
  readonly context?: string;
  readonly ssh?: string;
}

/** Loads the session of a command, connects with ssh if asked to, and checks that kubectl is there. */
export async function openSession({ context, ssh }: ClusterOptions): Promise<Session> {
  if (!ssh) {
    await requireTools('kubectl');
    return loadSession(context);
  }
  // Errors in the settings are reported before a connection is opened.
  const session = loadSession(context);
  const host = await connectSsh(ssh);
  await requireKubectl(host);
  const wanted = context || process.env.KUBE_CONTEXT;
  const target = { ...session.target, context: await resolveContext(host, wanted), ssh: host };
  return { ...session, target };
}

async function requireKubectl(host: SshHost): Promise<void> {
  const [kubectl] = tools.filter(({ name }) => name === 'kubectl');
  if (kubectl === undefined) return;
  const output = await runOnHost(host, [kubectl.name, ...kubectl.versionArgs]);
  const error = versionError(kubectl, output);
  if (error !== undefined) throw new UserError(`on ${host.name}: ${error}`);
}

/** The context to use on the host; if it has only one, that need not be named. */
async function resolveContext(host: SshHost, wanted: string | undefined): Promise<string> {
  const output = await runOnHost(host, ['kubectl', 'config', 'get-contexts', '--output=name']);
  const contexts = output.split('\n').filter((line) => line !== '');
  const [only, ...more] = contexts;
  const advice = `name one with KUBE_CONTEXT or --context`;
  if (only === undefined) {
    throw new UserError(
      `kubectl on ${host.name} has no context: give that user a kubeconfig (~/.kube/config)`,
    );
  }
  if (wanted === undefined) {
    if (more.length === 0) return only;
    throw new UserError(
      `kubectl on ${host.name} has the contexts ${contexts.join(', ')}: ${advice}`,
    );
  }
  if (contexts.includes(wanted)) return wanted;
  throw new UserError(
    `kubectl on ${host.name} has no context ${wanted}, but ${contexts.join(', ')}: ${advice}`,
  );
}

async function runOnHost(host: SshHost, words: readonly string[]): Promise<string> {
  try {
    return await run(...sshCommand(host, words));
  } catch (error) {
    throw (error instanceof CommandError && explainSshError(host, error)) || error;
  }
}
