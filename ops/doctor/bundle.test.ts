import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { doctorLogin } from '../../lib/jobs/doctor-names.ts';
import { defaultSettings } from '../../settings/load.ts';
import { bundle } from './bundle.ts';
import { parseFindings } from './inside.ts';
import { expectedOf } from './model/expected.ts';
import { type Finding, failures } from './model/finding.ts';
import type { Plan } from './model/plan.ts';
import { FakeStack, type Fault, login } from './testing/fake-stack.ts';

const credentials = { [doctorLogin.user]: login.user, [doctorLogin.password]: login.password };

/** Runs the bundled doctor as its pod does: in a directory that holds nothing else. */
async function run(illness: Fault, env: Record<string, string> = credentials) {
  const stack = new FakeStack(illness);
  const directory = mkdtempSync(join(tmpdir(), 'mantis-doctor-'));
  try {
    const { login: _, ...reach } = await stack.start();
    const plan: Plan = {
      expected: expectedOf(defaultSettings()),
      reach: { ...reach, from: 'inside' },
    };
    for (const [name, text] of Object.entries(await bundle(plan))) {
      writeFileSync(join(directory, name), text);
    }
    return await ended(directory, env);
  } finally {
    rmSync(directory, { recursive: true });
    await stack.stop();
  }
}

function ended(cwd: string, env: Record<string, string>) {
  return new Promise<{ code: number | null; findings: Finding[] }>((resolve, reject) => {
    const child = execFile(process.execPath, ['doctor.cjs'], { cwd, env }, (_, stdout, stderr) => {
      try {
        resolve({ code: child.exitCode, findings: parseFindings(stdout || stderr) });
      } catch (error) {
        reject(error);
      }
    });
  });
}

// It is bundled anew for each.
jest.setTimeout(60_000);

const line = ({ area, hop }: Finding) => `${area}: ${hop}`;

test('bundled it finds nothing wrong with a stack that is well, and ends with 0', async () => {
  const { code, findings } = await run({ volume: 0.4 });
  expect(failures(findings)).toEqual([]);
  expect(findings.length).toBeGreaterThan(40);
  expect(code).toBe(0);
});

test('bundled it names what is broken, and ends with 1', async () => {
  const { code, findings } = await run({ collector: { keeps: 'logs' }, clockSeconds: 120 });
  expect(failures(findings).map(line)).toEqual(['logs: otel-collector → loki', 'stack: clocks']);
  expect(failures(findings)[1]?.seen).toMatch(/ahead of the doctor's node/);
  expect(code).toBe(1);
});

test('without the Secret it says what it could not ask', async () => {
  const { findings } = await run({}, {});
  const [first] = failures(findings);
  expect(first?.seen).toContain("there is no Secret with Grafana's login");
});

test('a ConfigMap can hold it', async () => {
  const reach = { from: 'inside', connections: {}, timeoutSeconds: 15, answerSeconds: 5 } as const;
  const files = await bundle({ expected: expectedOf(defaultSettings()), reach });
  const bytes = Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  expect(bytes).toBeLessThan(1024 * 1024);
});
