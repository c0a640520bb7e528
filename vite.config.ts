import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';
import { securityHeaders } from './src/security/headers.ts';

export default defineConfig({
  plugins: [svelte()],
  base: './',
  worker: { format: 'es' },
  build: { target: 'chrome121', assetsInlineLimit: 0, chunkSizeWarningLimit: 2500 },
  preview: { headers: securityHeaders, host: '127.0.0.1' },
  server: { host: '127.0.0.1' },
});
