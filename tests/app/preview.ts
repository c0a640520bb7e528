/**
 * The pages with a fake contract, for the eye: `npx vite`, then /tests/app/preview.html.
 */
import { mount } from 'svelte';
import App from '../../src/app/App.svelte';
import { fakeServices } from './fake-lab.ts';

const jobMs = Number(new URLSearchParams(location.search).get('jobMs') ?? 0);
mount(App, {
  target: document.getElementById('app')!,
  props: { services: fakeServices({ jobMs, failing: jobMs ? [3] : [] }) },
});
