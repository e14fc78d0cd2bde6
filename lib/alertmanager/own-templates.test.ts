import { ownTemplates } from './own-templates.ts';

const file = (text: string, path = 'alerts/team.tmpl') => ({ path, text });

test('without files there is no directory of templates', () => {
  expect(ownTemplates([])).toEqual({ mistakes: [] });
});

test('template files are named after their paths', () => {
  const text = '{{ define "team.title" }}{{ .Status }}{{ end }}';
  expect(ownTemplates([file(text)])).toEqual({
    templates: { files: { 'alerts-team.tmpl': text }, sources: ['alerts/team.tmpl'] },
    mistakes: [],
  });
});

test.each([
  ['{{ define "a" }}\n {{ .Status', 'alerts/team.tmpl:2:2: {{ without }}'],
  ['{{ define "a" }}\n{{ end {{ end }}', 'alerts/team.tmpl:2:1: {{ without }}'],
  ['{{ .Status }}', 'alerts/team.tmpl:1:1: wanted a template: {{ define "name" }}'],
])('%j is refused', (text, mistake) => {
  expect(ownTemplates([file(text)]).mistakes).toEqual([mistake]);
});

test.each([
  '{{ define "a" }}{{ printf "}} {{" }}{{ end }}',
  '{{ define "a" }}{{ `}}` }}{{ end }}',
  '{{ define "a" }}{{/* {{ }} */}}{{ end }}',
  '{{ define "a" }}{ "alert": { "name": "{{ .GroupKey }}" }}{{ end }}',
])('braces in strings, comments and text are no mistake: %s', (text) => {
  expect(ownTemplates([file(text)]).mistakes).toEqual([]);
});

test('two files of one name are refused', () => {
  const text = '{{ define "a" }}{{ end }}';
  expect(ownTemplates([file(text, 'a/b.tmpl'), file(text, 'a-b.tmpl')]).mistakes).toHaveLength(1);
});
