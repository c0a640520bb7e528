/**
 * Starts Chromium without a window on a profile of its own, with WebGPU on the graphics device where there is one and in software where
 * there is none, and notes every request that leaves the lab's origin.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext } from 'playwright';
import { findChromium } from './chromium.ts';

/** A browser on the built lab. */
export interface LabBrowser {
  readonly context: BrowserContext;
  /** Addresses outside the lab's origin that anything in the browser asked for. Empty unless something is wrong. */
  readonly foreignRequests: readonly string[];
  /** Closes the browser; deletes the profile when it is a temporary one. */
  close(): Promise<void>;
}

/** How a browser is started. */
export interface BrowserOptions {
  readonly origin: string;
  /** A folder that is kept after the browser closes; without it the profile is temporary. */
  readonly profile?: string;
  readonly say: (line: string) => void;
}

const quietNetwork = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-first-run',
  '--no-pings',
];

const softwareGraphics = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-unsafe-swiftshader',
];

/** Words for Chromium's command line. `--no-sandbox` only for root, who cannot have a sandbox. */
export function launchArguments(graphics: 'device' | 'software', isRoot: boolean): readonly string[] {
  const device = ['--enable-unsafe-webgpu', '--ignore-gpu-blocklist'];
  if (process.platform === 'linux') device.push('--use-angle=vulkan', '--enable-features=Vulkan');
  return [
    ...(isRoot ? ['--no-sandbox'] : []),
    ...quietNetwork,
    ...(graphics === 'device' ? device : softwareGraphics),
  ];
}

/** Starts the browser. @throws InputError when there is no Chromium. */
export async function openBrowser({ origin, profile, say }: BrowserOptions): Promise<LabBrowser> {
  const executablePath = await findChromium(say);
  const folder = profile ?? mkdtempSync(join(tmpdir(), 'reading-room-profile-'));
  const removeProfile = (): void => {
    if (profile === undefined)
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const context = await launchWithGraphics(folder, executablePath, origin);
    const foreignRequests: string[] = [];
    context.on('request', (request) => {
      if (isForeign(request.url(), origin)) foreignRequests.push(request.url());
    });
    const close = async (): Promise<void> => {
      await context.close();
      removeProfile();
    };
    return { context, foreignRequests, close };
  } catch (error) {
    removeProfile();
    throw error;
  }
}

/** Whether a request goes to another origin. What the page holds in memory (blob:, data:) goes nowhere. */
export function isForeign(url: string, origin: string): boolean {
  const { protocol } = new URL(url);
  if (protocol === 'data:' || protocol === 'about:') return false;
  return new URL(protocol === 'blob:' ? url.slice('blob:'.length) : url).origin !== origin;
}

async function launchWithGraphics(
  folder: string,
  executablePath: string,
  origin: string,
): Promise<BrowserContext> {
  const isRoot = process.getuid?.() === 0;
  const launch = (graphics: 'device' | 'software'): Promise<BrowserContext> =>
    chromium.launchPersistentContext(folder, {
      executablePath,
      headless: true,
      args: [...launchArguments(graphics, isRoot)],
      // We handle Ctrl-C ourselves, because the profile must be removed after the browser has ended.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      acceptDownloads: true,
      viewport: { width: 1280, height: 900 },
    });
  if (!mayHaveGraphicsDevice()) return launch('software');
  const context = await launch('device').catch(() => undefined);
  if (context && (await hasAdapter(context, origin))) return context;
  await context?.close();
  return launch('software');
}

function mayHaveGraphicsDevice(): boolean {
  if (process.platform !== 'linux') return true;
  if (existsSync('/dev/nvidia0')) return true;
  return existsSync('/dev/dri') && readdirSync('/dev/dri').some((name) => name.startsWith('renderD'));
}

/** WebGPU exists on secure origins only, so a file of the lab is opened; any file works. */
async function hasAdapter(context: BrowserContext, origin: string): Promise<boolean> {
  const page = await context.newPage();
  try {
    await page.goto(`${origin}/robots.txt`);
    return await page.evaluate(async () => (await navigator.gpu?.requestAdapter()) != null);
  } catch {
    return false;
  } finally {
    await page.close();
  }
}
