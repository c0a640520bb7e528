/**
 * The route of the address bar as state. Every page is an address; the back button works.
 */
import { hashOf, parseHash, type PageName, type Route } from '../route.ts';

/** Follows and changes the location's hash. */
export class Router {
  #route = $state.raw<Route>(parseHash(location.hash));
  readonly #follow = (): void => {
    this.#route = parseHash(location.hash);
  };

  constructor() {
    addEventListener('hashchange', this.#follow);
  }

  get route(): Route {
    return this.#route;
  }

  /** True when the address asks for the smoke version of every study. */
  get smoke(): boolean {
    return this.#route.query['smoke'] === '1';
  }

  go(page: PageName, query: Readonly<Record<string, string>> = {}): void {
    const kept = this.smoke ? { smoke: '1', ...query } : query;
    location.hash = hashOf(page, kept);
    this.#follow();
  }

  /** As `go`, without a new entry in the history: for what changes with every key that is pressed. */
  replace(page: PageName, query: Readonly<Record<string, string>>): void {
    history.replaceState(history.state, '', hashOf(page, query));
    this.#follow();
  }

  /** Stops following. */
  dispose(): void {
    removeEventListener('hashchange', this.#follow);
  }
}
