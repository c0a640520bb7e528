/**
 * Starts the page: three workers, one lab, one application.
 */
import { mount } from 'svelte';
import App from './app/App.svelte';
import { startWorkers } from './app/workers.ts';

const target = document.getElementById('app');
if (!target) throw new Error('index.html has no element #app to draw into.');
mount(App, { target, props: { services: startWorkers() } });
