import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { doctorCommand, doctorLoginVariables } from '../../lib/jobs/doctor-job-contract.ts';
import { defaultSettings } from '../../settings/load.ts';
import { bundle } from './bundle.ts';
import { parseFindings } from './doctor-job.ts';
import { type DoctorPlan, expectedStack, timeouts } from './model/doctor-plan.ts';
import { type Finding, failedFindings } from './model/finding.ts';
import { FakeStack, login } from './testing/fake-stack.ts';
import type { Fault } from './testing/fault.ts';

const { user, password } = doctorLoginVariables;
const credentials = { [user]: login.user, [password]: login.password };

/** Runs the bundled doctor as its pod does: in a directory without any other file. */
async function run(fault: Fault, env: Record<string, string> = credentials) {
  const stack = new FakeStack(fault);
  const directory = mkdtempSync(join(tmpdir(), 'mantis-doctor-'));
  try {
    const { grafanaLogin: _, ...access } = await stack.start();
    const plan: DoctorPlan = {
      expected: expectedStack(defaultSettings()),
      access: { ...access, from: 'inside' },
    };
    const { data, binaryData } = await bundle(plan);
    for (const [name, text] of Object.entries(data)) writeFileSync(join(directory, name), text);
    for (const [name, text] of Object.entries(binaryData)) {
      writeFileSync(join(directory, name), text, 'base64');
    }
    return await ended(directory, env);
  } finally {
    rmSync(directory, { recursive: true });
    await stack.stop();
  }
}

function ended(cwd: string, env: Record<string, string>) {
  return new Promise<{ code: number | null; findings: Finding[] }>((resolve, reject) => {
    const [, ...args] = doctorCommand;
    const child = execFile(process.execPath, args, { cwd, env }, (_, stdout, stderr) => {
      try {
        resolve({ code: child.exitCode, findings: parseFindings(stdout || stderr) });
      } catch (error) {
        reject(error);
      }
    });
  });
}

// Each test builds the bundle.
jest.setTimeout(60_000);

const line = ({ area, hop }: Finding) => `${area}: ${hop}`;

test('the bundle exits with 0 on a healthy stack', async () => {
  const { code, findings } = await run({ volume: 0.4 });
  expect(failedFindings(findings)).toEqual([]);
  expect(findings.length).toBeGreaterThan(40);
  expect(code).toBe(0);
});

test('the bundle names the failed checks and exits with 1', async () => {
  const { code, findings } = await run({ collector: { doesNotExport: 'logs' }, clockSeconds: 120 });
  const failed = failedFindings(findings);
  expect(failed.map(line)).toEqual(['logs: otel-collector → loki', 'stack: clocks']);
  expect(failed[1]?.seen).toMatch(/ahead of the doctor's node/);
  expect(code).toBe(1);
});

test('without the Secret the finding names the missing login', async () => {
  const { findings } = await run({}, {});
  const [first] = failedFindings(findings);
  expect(first?.seen).toContain("there is no Secret with Grafana's login");
});

test('the ConfigMap is smaller than the largest object of the stack may be', async () => {
  const access = { from: 'inside', connections: {}, externalStores: {}, ...timeouts(15) } as const;
  const files = await bundle({ expected: expectedStack(defaultSettings()), access });
  expect(JSON.stringify(files).length).toBeLessThan(256 * 1024);
});
