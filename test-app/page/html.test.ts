import { html } from './html.ts';

test('texts are escaped, markup is not', () => {
  const item = html`<li title="${'"a" & b'}">${'<b>'}</li>`;
  expect(html`<ul>${[item, item]}</ul>`.markup).toBe(
    `<ul>${['', ''].map(() => '<li title="&quot;a&quot; &amp; b">&lt;b&gt;</li>').join('\n')}</ul>`,
  );
});

test('a backslash in a text stays', () => {
  expect(html`${'a\\n'}`.markup).toBe('a\\n');
});
