/**
 * Addresses of pages: `#/study?preset=demo&labels=a,b&smoke=1`.
 */

/** Pages by the name in their address, in the order of the work. */
export const pageNames = ['cohort', 'study', 'runs', 'findings', 'dial', 'privacy'] as const;

/** The name of a page. */
export type PageName = (typeof pageNames)[number];

/** The page that is shown, with its query. */
export interface Route {
  readonly page: PageName;
  readonly query: Readonly<Record<string, string>>;
}

/** The route of a location's hash; an unknown page is the first one. */
export function parseHash(hash: string): Route {
  const [path = '', search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const page = pageNames.find((name) => name === path) ?? 'cohort';
  return { page, query: Object.fromEntries(new URLSearchParams(search)) };
}

/** The hash of a page, with a query where there is something to say. */
export function hashOf(page: PageName, query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams({ ...query }).toString();
  return `#/${page}${search ? `?${search}` : ''}`;
}
