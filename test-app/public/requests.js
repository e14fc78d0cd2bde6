/** Sends the requests of the buttons and lists their responses, the newest first. */

const longestList = 20;
const results = /** @type {HTMLElement} */ (document.getElementById('results'));
const { traceHeader = '', traceLink = '', tracePlaceholder = '' } = results.dataset;

for (const button of document.querySelectorAll('button.request')) {
  button.addEventListener('click', () => send(/** @type {HTMLElement} */ (button).dataset));
}

/** @param {DOMStringMap} request */
async function send({ method = 'GET', path = '/', body }) {
  const row = addRow(`${method} ${path}`);
  const start = performance.now();
  try {
    const headers = body === undefined ? undefined : { 'content-type': 'application/json' };
    const response = await fetch(path, { method, body, headers, cache: 'no-store' });
    const text = await response.text();
    const ms = performance.now() - start;
    const kind = `${Math.floor(response.status / 100)}xx`;
    row.status.textContent = `${response.status} ${response.statusText}`.trim();
    row.time.textContent = `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
    row.message.textContent = errorIn(text);
    row.trace.replaceChildren(linkTo(response.headers.get(traceHeader)));
    row.item.dataset.kind = kind;
  } catch {
    row.status.textContent = 'no response';
    row.item.dataset.kind = 'none';
  } finally {
    row.item.removeAttribute('aria-busy');
  }
}

/** @param {string} request */
function addRow(request) {
  const item = document.createElement('li');
  item.dataset.testid = 'result';
  item.setAttribute('aria-busy', 'true');
  /** @type {(name: string, tag?: string) => HTMLElement} */
  const add = (name, tag = 'span') => {
    const element = document.createElement(tag);
    element.className = name;
    element.dataset.testid = `result-${name}`;
    item.append(element, ' ');
    return element;
  };
  const [status, time, trace] = [add('status'), add('time'), add('trace')];
  status.textContent = 'waiting';
  add('request', 'code').textContent = request;
  const message = add('message');
  results.prepend(item);
  while (results.childElementCount > longestList) results.lastElementChild?.remove();
  return { item, status, time, trace, message };
}

/**
 * The message of an error response.
 *
 * @param {string} text
 */
function errorIn(text) {
  try {
    const { error = '' } = JSON.parse(text);
    return String(error);
  } catch {
    return '';
  }
}

/** @param {string | null} traceId */
function linkTo(traceId) {
  if (traceId === null) return document.createTextNode('no trace');
  const link = document.createElement('a');
  link.href = traceLink.replace(tracePlaceholder, traceId);
  link.target = '_blank';
  link.rel = 'noopener';
  link.dataset.testid = 'trace-link';
  link.title = traceId;
  link.textContent = `trace ${traceId.slice(0, 8)}`;
  return link;
}
