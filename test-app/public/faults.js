/** Switches faults on and off, and shows how long they still last. */

const list = document.getElementById('faults');
const problem = document.getElementById('fault-error');
const refreshMs = 5000;

/**
 * @typedef {{ name: string, endsInSeconds: number }} ActiveFault
 * @param {Iterable<HTMLElement>} switches
 * @param {string} url
 */
function connect(switches, url) {
  const all = [...switches];
  /** @type {(active: readonly ActiveFault[]) => void} */
  const show = (active) => {
    for (const each of all) {
      const fault = active.find(({ name }) => name === each.dataset.fault);
      each.setAttribute('aria-checked', String(fault !== undefined));
      const state = each.querySelector('.state');
      if (state) state.textContent = fault ? `on for ${minutes(fault.endsInSeconds)}` : 'off';
    }
  };
  /** @type {(path?: string, method?: string) => Promise<void>} */
  const call = async (path = '', method = 'GET') => {
    try {
      const response = await fetch(`${url}${path}`, { method });
      const { active, error } = await response.json();
      if (response.ok) show(active);
      if (problem) problem.textContent = response.ok ? '' : error;
    } catch {
      if (problem) problem.textContent = 'The shop does not respond.';
    }
  };
  for (const each of all) {
    each.addEventListener('click', () => {
      const on = each.getAttribute('aria-checked') === 'true';
      call(`/${each.dataset.fault}`, on ? 'DELETE' : 'PUT');
    });
  }
  call();
  setInterval(() => document.hidden || call(), refreshMs);
}

/** @param {number} seconds */
function minutes(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

// The list is only there where the app lets faults in.
if (list) connect(list.querySelectorAll('[data-fault]'), list.dataset.url ?? '');
