/** Nothing leaves the machine: every header on every response, and attempts to get out of page and worker fail in a real browser. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser, type LabBrowser } from '../../src/cli/browser.ts';
import { serveFolder, type RunningServer } from '../../src/cli/server.ts';
import { securityHeaders } from '../../src/security/headers.ts';

const attempts = `
const attempts = {
  fetch: (to) => fetch(to, { mode: 'no-cors' }),
  xhr: (to) => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.onload = resolve;
    request.onerror = () => reject(new Error('blocked'));
    request.open('GET', to);
    request.send();
  }),
  socket: (to) => new Promise((resolve, reject) => {
    const socket = new WebSocket(to.replace('http', 'ws'));
    socket.onopen = resolve;
    socket.onerror = () => reject(new Error('blocked'));
  }),
  import: (to) => import(to),
};
export async function tryAll(to) {
  const out = [];
  for (const [name, attempt] of Object.entries(attempts)) {
    try { await attempt(to); out.push(name); } catch {}
  }
  return out;
}`;

let folder: string;
let lab: RunningServer;
let outside: Server;
let outsideAddress: string;
let outsideHits: string[];
let browser: LabBrowser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reading-room-headers-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(
    join(folder, 'index.html'),
    '<!doctype html><title>Lab</title><script type="module" src="./page.js"></script>',
  );
  writeFileSync(join(folder, 'attempts.js'), attempts);
  writeFileSync(join(folder, 'page.js'), "import { tryAll } from './attempts.js'; window.tryAll = tryAll;");
  writeFileSync(
    join(folder, 'assets', 'worker-12345678.js'),
    "import { tryAll } from '../attempts.js'; onmessage = async ({ data }) => postMessage(await tryAll(data));",
  );
  outsideHits = [];
  outside = createServer((request, response) => {
    outsideHits.push(request.url ?? '');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Content-Type', 'text/javascript');
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    response.end('export {};');
  });
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  outsideAddress = `http://127.0.0.1:${(outside.address() as AddressInfo).port}/`;
  lab = await serveFolder(folder);
  browser = await openBrowser({ origin: lab.origin, say: () => undefined });
});

afterAll(async () => {
  await browser?.close();
  await lab?.close();
  outside?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the sink can be reached at all', async () => {
  await fetch(outsideAddress);
  expect(outsideHits.splice(0)).toHaveLength(1);
});

test('page, module, worker and missing file come with every header', async () => {
  const page = await browser.context.newPage();
  const responses = new Map<string, Record<string, string>>();
  page.on('response', (response) => responses.set(new URL(response.url()).pathname, response.headers()));
  await page.goto(`${lab.origin}/`);
  await page.evaluate(() => fetch('./missing').catch(() => undefined));
  await page.evaluate(() => void new Worker('./assets/worker-12345678.js', { type: 'module' }));
  await expect
    .poll(() => [...responses.keys()])
    .toEqual(expect.arrayContaining(['/', '/page.js', '/missing', '/assets/worker-12345678.js']));
  for (const [path, headers] of responses) {
    for (const [name, value] of Object.entries(securityHeaders)) {
      expect(headers[name.toLowerCase()], `${path}: ${name}`).toBe(value);
    }
  }
  await page.close();
});

test('nothing gets out of the page', async () => {
  const page = await browser.context.newPage();
  await page.goto(`${lab.origin}/`);
  const got = await page.evaluate(async (to) => {
    const { tryAll } = window as unknown as { tryAll: (to: string) => Promise<string[]> };
    return tryAll(to);
  }, outsideAddress);
  expect(got).toEqual([]);
  expect(outsideHits).toEqual([]);
  await page.close();
});

test('nothing gets out of a worker', async () => {
  const page = await browser.context.newPage();
  await page.goto(`${lab.origin}/`);
  const got = await page.evaluate(
    (to) =>
      new Promise((resolve, reject) => {
        const worker = new Worker('./assets/worker-12345678.js', { type: 'module' });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = () => reject(new Error('the worker did not start'));
        worker.postMessage(to);
      }),
    outsideAddress,
  );
  expect(got).toEqual([]);
  expect(outsideHits).toEqual([]);
  await page.close();
});

test('the page cannot navigate away with data', async () => {
  const page = await browser.context.newPage();
  await page.goto(`${lab.origin}/`);
  await page.evaluate((to) => window.location.assign(`${to}?patient=1`), outsideAddress);
  await page.waitForTimeout(1500);
  expect(outsideHits).toEqual([]);
  await page.close();
});
