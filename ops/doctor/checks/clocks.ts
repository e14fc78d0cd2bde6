import { services } from '../../../lib/model/ports.ts';
import { fetchResponse } from '../../stores/http.ts';
import { apiOf, isExternal, type StackAccess } from '../model/access.ts';
import { type Finding, runCheck } from '../model/finding.ts';

/** Loki and Prometheus refuse data with a timestamp more than some minutes in the future. */
const limitSeconds = 30;
const withClock = ['prometheus', 'loki', 'tempo', 'grafana'] as const;

/** Compares the local clock with those of the services, by the `Date` header of their responses. */
export function checkClocks(access: StackAccess): Promise<Finding> {
  const here = access.from === 'outside' ? 'this machine' : "the doctor's node";
  const subject = {
    area: 'stack' as const,
    hop: 'clocks',
    suspects: [],
    cause: `the clock of ${here} or of a node is wrong (see chronyc tracking or timedatectl): telemetry is stored with wrong timestamps, or refused`,
  };
  return runCheck(subject, async () => {
    const answers = await Promise.allSettled(
      withClock
        .filter((service) => !isExternal(access, service))
        .map((service) => clockSkew(access, service)),
    );
    const known = answers.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    if (known.length === 0) return { status: 'unknown', seen: 'no service returned its time' };
    const wrong = known.filter(({ seconds }) => Math.abs(seconds) > limitSeconds);
    if (wrong.length > 0) {
      const lines = wrong.map(
        ({ service, seconds }) => `${service} is ${describe(seconds)} ${here}`,
      );
      return { status: 'failed', seen: lines.join(', ') };
    }
    const largest = Math.max(...known.map(({ seconds }) => Math.abs(seconds)));
    return `clocks differ by at most ${Math.ceil(largest)} s`;
  });
}

async function clockSkew(access: StackAccess, service: (typeof withClock)[number]) {
  const sent = Date.now();
  const { headers } = await fetchResponse(apiOf(access, service), services[service].readyPath);
  const here = (sent + Date.now()) / 2;
  // A Date header has whole seconds, so it is half a second early on average.
  const there = Date.parse(headers.get('date') ?? '') + 500;
  if (Number.isNaN(there)) throw new Error(`${service} sends no Date`);
  return { service, seconds: (there - here) / 1000 };
}

function describe(seconds: number): string {
  return `${Math.abs(Math.round(seconds))} s ${seconds > 0 ? 'ahead of' : 'behind'}`;
}
