import { openSession, type Session } from '../cluster/session.ts';
import { requireTools } from '../local/preflight.ts';
import { UserError } from '../process/errors.ts';
import { CommandError, run } from '../process/run.ts';
import { connectSsh, explainSsh, overSsh, type SshHost } from '../process/ssh.ts';
import { tools, tooOld } from '../process/tools.ts';

/** The options that say which cluster a command is meant for. */
export interface ClusterOptions {
  readonly context?: string;
  readonly ssh?: string;
}

/** The session that a command is meant for, once kubectl is seen to be there. */
export async function sessionOn({ context, ssh }: ClusterOptions): Promise<Session> {
  if (!ssh) {
    await requireTools('kubectl');
    return openSession(context);
  }
  // What is wrong with the settings is said before anybody is connected to.
  const session = openSession(context);
  const via = await connectSsh(ssh);
  await requireKubectl(via);
  const wanted = context || process.env.KUBE_CONTEXT;
  const target = { ...session.target, context: await contextOn(via, wanted), via };
  return { ...session, target };
}

async function requireKubectl(host: SshHost): Promise<void> {
  const [kubectl] = tools.filter(({ name }) => name === 'kubectl');
  if (kubectl === undefined) return;
  const output = await there(host, [kubectl.name, ...kubectl.versionArgs]);
  const complaint = tooOld(kubectl, output);
  if (complaint !== undefined) throw new UserError(`on ${host.name}: ${complaint}`);
}

/** The context of that machine to use; the only one it has need not be named. */
async function contextOn(host: SshHost, wanted: string | undefined): Promise<string> {
  const output = await there(host, ['kubectl', 'config', 'get-contexts', '--output=name']);
  const contexts = output.split('\n').filter((line) => line !== '');
  const [only, ...more] = contexts;
  const named = `name one with KUBE_CONTEXT or --context`;
  if (only === undefined) {
    throw new UserError(
      `kubectl on ${host.name} knows no cluster: give that user a kubeconfig (~/.kube/config)`,
    );
  }
  if (wanted === undefined) {
    if (more.length === 0) return only;
    throw new UserError(
      `kubectl on ${host.name} has the contexts ${contexts.join(', ')}: ${named}`,
    );
  }
  if (contexts.includes(wanted)) return wanted;
  throw new UserError(
    `kubectl on ${host.name} has no context ${wanted}, but ${contexts.join(', ')}: ${named}`,
  );
}

/** Runs a program there; where ssh or the program is missing, that is said. */
async function there(host: SshHost, words: readonly string[]): Promise<string> {
  try {
    return await run(...overSsh(host, words));
  } catch (error) {
    throw (error instanceof CommandError && explainSsh(host, error)) || error;
  }
}
