/**
 * The pages with a fake contract, for the eye: `npx vite`, then /tests/app/preview.html.
 */
import { mount } from 'svelte';
import App from '../../src/app/App.svelte';
import { fakeServices } from './fake-lab.ts';

const query = new URLSearchParams(location.search);
const jobMs = Number(query.get('jobMs') ?? 0);
const surveyMs = Number(query.get('surveyMs') ?? 0);
const folder = { asking: query.has('asking'), furtherColumns: Number(query.get('columns') ?? 0) };
mount(App, {
  target: document.getElementById('app')!,
  props: { services: fakeServices({ jobMs, surveyMs, folder, failing: jobMs ? [3] : [] }) },
});
