/**
 * Mounts the whole app over a fake contract and looks at it from outside, by the hooks that drivers use.
 */
import axe from 'axe-core';
import { flushSync, mount, unmount } from 'svelte';
import App from '../../src/app/App.svelte';
import { wipe } from '../../src/storage/inventory.ts';
import { fakeServices, type FakeOptions, type FakeServices } from './fake-lab.ts';

/** An app on the screen. */
export interface Opened {
  readonly services: FakeServices;
  close(): Promise<void>;
}

/** Opens the app at an address, with empty stores. */
export async function openApp(hash: string, options: FakeOptions = {}): Promise<Opened> {
  await wipe();
  location.hash = hash;
  document.documentElement.lang = 'en';
  document.body.dataset['phase'] = 'idle';
  const target = document.createElement('div');
  document.body.append(target);
  const services = fakeServices(options);
  const app = mount(App, { target, props: { services } });
  flushSync();
  return {
    services,
    close: async () => {
      await services.trainer.stop();
      // The next test's runs need the lock that a run of this one may hold.
      await navigator.locks.request('reading-room-run', () => undefined);
      await unmount(app);
      target.remove();
    },
  };
}

/** The element of a selector, as soon as it is there. @throws after 10 s. */
export async function find<T extends HTMLElement = HTMLElement>(selector: string): Promise<T> {
  await until(`"${selector}" is on the page`, () => document.querySelector(selector) !== null);
  return document.querySelector<T>(selector)!;
}

/** Clicks as soon as the button is there and enabled. */
export async function click(selector: string): Promise<void> {
  await until(`"${selector}" can be clicked`, () => {
    const button = document.querySelector<HTMLButtonElement>(selector);
    return button !== null && !button.disabled;
  });
  document.querySelector<HTMLElement>(selector)!.click();
}

/** Waits for a phase of the lab. */
export async function phase(wanted: string): Promise<void> {
  await until(`phase ${wanted}`, () => document.body.dataset['phase'] === wanted);
}

/** Goes to an address and waits until the page stands. */
export async function go(hash: string, title: string): Promise<void> {
  location.hash = hash;
  await until(`the page ${title}`, () => document.querySelector('main h1')?.textContent === title);
}

/** Waits until something holds. @throws after 10 s, saying what did not come about. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > end) {
      throw new Error(`Waited in vain: ${what}. Phase ${document.body.dataset['phase']}, "${statusLine()}".`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What the status line says. */
export function statusLine(): string {
  return document.querySelector('#status-line')?.textContent ?? '';
}

/**
 * Violations of WCAG 2.2 A and AA that axe-core finds, with all animations at their end. They are put there: a page without a window draws
 * no frame while nothing changes, so that a transition of its own accord may never end.
 */
export async function violations(): Promise<string[]> {
  for (const animation of document.getAnimations()) animation.finish();
  const { violations: found } = await axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    rules: { 'page-has-heading-one': { enabled: true } },
  });
  return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
}
