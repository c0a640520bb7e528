/**
 * A server for the built page on this machine's loopback address: files of one folder, every security header on every response.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize, sep } from 'node:path';
import { InputError } from '../errors.ts';
import { securityHeaders } from '../security/headers.ts';

/** A server that listens. */
export interface RunningServer {
  /** E.g. http://127.0.0.1:4173, without a slash at the end. */
  readonly origin: string;
  close(): Promise<void>;
}

const host = '127.0.0.1';
const portsTried = 50;

const mediaTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
};

/**
 * Serves a folder on 127.0.0.1.
 * @param port 0 = any free port; otherwise this one or, when it is taken, the next free one above.
 * @throws InputError when none of fifty ports is free.
 */
export async function serveFolder(folder: string, port = 0): Promise<RunningServer> {
  const server = createServer((request, response) => {
    respond(folder, request, response).catch(() => answer(response, 500, 'The file could not be read.'));
  });
  await listenOnFreePort(server, port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    origin: `http://${host}:${taken}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function listenOnFreePort(server: Server, first: number): Promise<void> {
  for (let port = first; port < first + portsTried; port++) {
    if (await listens(server, port)) return;
  }
  throw new InputError(
    `No port from ${first} to ${first + portsTried - 1} is free; choose another with --port.`,
  );
}

function listens(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    };
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve(true);
    });
  });
}

async function respond(folder: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return answer(response, 405, 'Only GET and HEAD are answered here.');
  }
  const path = pathInside(folder, request.url ?? '/');
  const size = path === undefined ? undefined : await sizeOfFile(path);
  if (path === undefined || size === undefined) return answer(response, 404, 'There is no such file.');
  response.writeHead(200, {
    ...securityHeaders,
    'Content-Type': mediaTypes[extname(path).toLowerCase()] ?? 'application/octet-stream',
    'Content-Length': size,
    'Cache-Control': cacheRule(folder, path),
  });
  if (request.method === 'HEAD') response.end();
  else
    createReadStream(path)
      .on('error', () => response.destroy())
      .pipe(response);
}

/**
 * The file that a URL asks for, or undefined when it would lie outside the folder, is hidden, or cannot be decoded.
 */
export function pathInside(folder: string, url: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(url.split(/[?#]/, 1)[0]!);
  } catch {
    return undefined;
  }
  if (path.includes('\0') || path.includes('\\') || path.split('/').some((part) => part.startsWith('.'))) {
    return undefined;
  }
  const base = normalize(folder + sep);
  const file = normalize(join(base, path.endsWith('/') ? `${path}index.html` : path));
  return file.startsWith(base) ? file : undefined;
}

async function sizeOfFile(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}

/** Names of built assets carry a hash of their content, so they never change; all else is asked for anew each time. */
function cacheRule(folder: string, path: string): string {
  const isHashed = path.startsWith(normalize(join(folder, 'assets') + sep)) && /-[\w-]{8,}\.\w+$/.test(path);
  return isHashed ? 'public, max-age=31536000, immutable' : 'no-cache';
}

function answer(response: ServerResponse, status: number, sentence: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, {
    ...securityHeaders,
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-cache',
  });
  response.end(`${sentence}\n`);
}
