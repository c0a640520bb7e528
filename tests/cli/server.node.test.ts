/** The loopback server: every header on every response, only files of its folder, only GET and HEAD. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pathInside, serveFolder, type RunningServer } from '../../src/cli/server.ts';
import { securityHeaders } from '../../src/security/headers.ts';

let folder: string;
let server: RunningServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'reading-room-server-'));
  mkdirSync(join(folder, 'dist', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'dist', 'index.html'), '<!doctype html><title>a</title>');
  writeFileSync(join(folder, 'dist', '.build.json'), '{}');
  writeFileSync(join(folder, 'dist', 'assets', 'trainer-BxY3_a9Z.js'), 'export {};');
  writeFileSync(join(folder, 'dist', 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  server = await serveFolder(join(folder, 'dist'));
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Sends the path as it is, which fetch would tidy up first. */
function ask(
  path: string,
  method = 'GET',
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  const { port } = new URL(server.origin);
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, method }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, body }));
    });
    asked.on('error', reject).end();
  });
}

describe('every response has every security header', () => {
  test.each([
    ['/', 'GET', 200],
    ['/index.html?a=b', 'GET', 200],
    ['/assets/trainer-BxY3_a9Z.js', 'GET', 200],
    ['/icon.svg', 'HEAD', 200],
    ['/nothing', 'GET', 404],
    ['/assets', 'GET', 404],
    ['/%', 'GET', 404],
    ['/', 'POST', 405],
    ['/', 'DELETE', 405],
  ])('%s %s: %i', async (path, method, status) => {
    const response = await ask(path, method);
    expect(response.status).toBe(status);
    for (const [name, value] of Object.entries(securityHeaders)) {
      expect(response.headers[name.toLowerCase()], name).toBe(value);
    }
  });
});

test.each([
  ['/', 'text/html; charset=utf-8', 'no-cache'],
  ['/assets/trainer-BxY3_a9Z.js', 'text/javascript; charset=utf-8', 'public, max-age=31536000, immutable'],
  ['/icon.svg', 'image/svg+xml', 'no-cache'],
])('%s is %s, kept: %s', async (path, type, cache) => {
  const { headers } = await ask(path);
  expect([headers['content-type'], headers['cache-control']]).toEqual([type, cache]);
});

test('HEAD has the length and no body', async () => {
  const { headers, body } = await ask('/', 'HEAD');
  expect(Number(headers['content-length'])).toBe('<!doctype html><title>a</title>'.length);
  expect(body).toBe('');
});

test.each([
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/..%2fsecret.txt',
  '/assets/../../secret.txt',
  '/..%5csecret.txt',
  '/.build.json',
])('%s is not answered', async (path) => {
  const { status, body } = await ask(path);
  expect(status).toBe(404);
  expect(body).not.toContain('secret');
});

test('a NUL in a path is refused before the file system sees it', () => {
  expect(pathInside('/srv', '/a%00.html')).toBeUndefined();
});

test('a taken port gives way to the next', async () => {
  const first = await serveFolder(folder, 45_873);
  const second = await serveFolder(folder, 45_873);
  const ports = [first, second].map(({ origin }) => Number(new URL(origin).port));
  await Promise.all([first.close(), second.close()]);
  expect(ports[1]).toBeGreaterThan(ports[0]!);
});

test('only the loopback address listens', () => expect(new URL(server.origin).hostname).toBe('127.0.0.1'));
