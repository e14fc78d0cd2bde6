/** A program that Mantis calls, the oldest supported version, and where to get it. */
export interface Tool {
  readonly name: string;
  readonly minimum: string;
  readonly install: string;
  readonly versionArgs: readonly string[];
}

export const tools = [
  {
    name: 'docker',
    minimum: '20.10',
    install: 'https://docs.docker.com/get-docker/',
    versionArgs: ['version', '--format', '{{.Client.Version}}'],
  },
  {
    name: 'podman',
    minimum: '3.0',
    install: 'https://podman.io/docs/installation',
    versionArgs: ['version', '--format', '{{.Client.Version}}'],
  },
  {
    name: 'kind',
    minimum: '0.20',
    install: 'https://kind.sigs.k8s.io/docs/user/quick-start/#installation',
    versionArgs: ['version'],
  },
  {
    name: 'kubectl',
    // Since then, server-side apply takes over fields that a client-side apply manages.
    minimum: '1.26',
    install: 'https://kubernetes.io/docs/tasks/tools/#kubectl',
    versionArgs: ['version', '--client', '--output=json'],
  },
] as const satisfies readonly Tool[];

export type ToolName = (typeof tools)[number]['name'];

/** The first version number in the output of a program, such as 0.30.0 in `kind v0.30.0 go1.26.8`. */
export function parseVersion(output: string): string | undefined {
  const [, json] = /"gitVersion":\s*"v?(\d+(?:\.\d+)+)/.exec(output) ?? [];
  const [, plain] = /(?:^|[\sv])(\d+(?:\.\d+)+)/.exec(output) ?? [];
  return json ?? plain;
}

/** Whether a version is `minimum` or newer, comparing as many parts as the minimum has. */
export function isAtLeast(version: string, minimum: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, wanted] of minimum.split('.').map(Number).entries()) {
    const got = parts[index] ?? 0;
    if (got !== wanted) return got > wanted;
  }
  return true;
}

/** The error message for a version that is too old; undefined if it is not, or cannot be parsed. */
export function versionError(tool: Tool, output: string): string | undefined {
  const version = parseVersion(output);
  if (version === undefined || isAtLeast(version, tool.minimum)) return undefined;
  return `${tool.name} ${version} is too old: install ${tool.minimum} or newer (${tool.install})`;
}
