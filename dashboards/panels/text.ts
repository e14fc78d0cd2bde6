import { panel } from './panel.ts';

/** Text in Markdown. */
export function text(props: { title: string; content: string; width: number; height: number }) {
  const options = { mode: 'markdown', content: props.content };
  return {
    ...panel('text', { ...props, description: '', queries: [] }, props.height, { options }),
  };
}

/** A list of the dashboards with a tag. */
export function dashboardList(props: {
  title: string;
  tag: string;
  width: number;
  height: number;
}) {
  const options = {
    tags: [props.tag],
    maxItems: 30,
    query: '',
    showHeadings: false,
    showRecentlyViewed: false,
    showSearch: true,
    showStarred: false,
    showFolderNames: false,
    includeVars: false,
    keepTime: true,
  };
  return panel('dashlist', { ...props, description: '', queries: [] }, props.height, { options });
}
