import { type Component, readyPaths } from '../../../lib/model/topology.ts';
import { fetchAnswer } from '../../stores/http.ts';
import { examined, type Finding } from '../model/finding.ts';
import { apiOf, type Reach } from '../model/reach.ts';

/** Loki and Prometheus refuse what comes more than some minutes from the future. */
const limitSeconds = 30;
const places = ['prometheus', 'loki', 'tempo', 'grafana'] as const satisfies readonly Component[];

/** Compares the clock here with those of the stores, by the `Date` of their answers. */
export function askClocks(reach: Reach): Promise<Finding> {
  const here = reach.from === 'outside' ? 'this machine' : "the doctor's node";
  const subject = {
    area: 'stack' as const,
    hop: 'clocks',
    suspects: [],
    cause: `the clock of ${here} or of a node is wrong (chronyc tracking or timedatectl says): telemetry is stored at wrong times, or refused`,
  };
  return examined(subject, async () => {
    const asked = await Promise.allSettled(places.map((place) => skewOf(reach, place)));
    const known = asked.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    if (known.length === 0) return { status: 'unknown', seen: 'no store says what time it is' };
    const wrong = known.filter(({ seconds }) => Math.abs(seconds) > limitSeconds);
    if (wrong.length > 0) {
      const lines = wrong.map(({ place, seconds }) => `${place} is ${describe(seconds)} ${here}`);
      return { status: 'failed', seen: lines.join(', ') };
    }
    const largest = Math.max(...known.map(({ seconds }) => Math.abs(seconds)));
    return `they differ by at most ${Math.ceil(largest)} s`;
  });
}

async function skewOf(reach: Reach, place: (typeof places)[number]) {
  const sent = Date.now();
  const { headers } = await fetchAnswer(apiOf(reach, place), readyPaths[place]);
  const here = (sent + Date.now()) / 2;
  // A Date header leaves out the fraction of its second, which is half a second on average.
  const there = Date.parse(headers.get('date') ?? '') + 500;
  if (Number.isNaN(there)) throw new Error(`${place} sends no Date`);
  return { place, seconds: (there - here) / 1000 };
}

function describe(seconds: number): string {
  return `${Math.abs(Math.round(seconds))} s ${seconds > 0 ? 'ahead of' : 'behind'}`;
}
