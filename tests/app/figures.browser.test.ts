/** Charts as files, the keys of charts, copying of tables: what only a browser can do. */
import { afterEach, expect, it, vi } from 'vitest';
import { pngOfChart, pngScale } from '../../src/app/shared/png-file.ts';
import { securityHeaders } from '../../src/security/headers.ts';
import { click, find, openApp, phase, until, type Opened } from './page.ts';

let app: Opened | undefined;

afterEach(async () => {
  vi.restoreAllMocks();
  await app?.close();
  app = undefined;
});

/** Colours that occur in a picture. @throws when its bytes are no picture. */
async function coloursOf(png: Blob): Promise<{ size: [number, number]; colours: number }> {
  const picture = await createImageBitmap(png);
  const context = new OffscreenCanvas(picture.width, picture.height).getContext('2d')!;
  context.drawImage(picture, 0, 0);
  const { data } = context.getImageData(0, 0, picture.width, picture.height);
  return { size: [picture.width, picture.height], colours: new Set(new Uint32Array(data.buffer)).size };
}

/** Clicks a button of a figure and takes the file that it gives. */
async function fileOf(button: HTMLButtonElement): Promise<Blob> {
  let file: Blob | undefined;
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    file = blob as Blob;
    return 'data:,';
  });
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
  button.click();
  await until('a file', () => file !== undefined);
  vi.restoreAllMocks();
  return file!;
}

function buttonOf(within: Element, word: string): HTMLButtonElement {
  return [...within.querySelectorAll('button')].find(({ textContent }) => textContent.trim() === word)!;
}

it('a chart is saved as a PNG picture of what is seen, under the policy for images; T shows its table; a table is copied', async () => {
  app = await openApp('#/cohort?smoke=1');
  await click('#open-demo');
  await phase('finished');
  const figure = await find('figure.card');

  const png = await fileOf(buttonOf(figure, 'PNG'));
  const signature = new Uint8Array(await png.slice(0, 8).arrayBuffer());
  expect([...signature]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const chart = figure.querySelector<SVGSVGElement>('svg[role="img"]')!;
  const { width, height } = chart.viewBox.baseVal;
  const { size, colours } = await coloursOf(png);
  expect(size).toEqual([pngScale * width, pngScale * height]);
  expect(colours).toBeGreaterThan(8);
  // The picture goes through a data address.
  expect(securityHeaders['Content-Security-Policy']).toMatch(/img-src [^;]*data:/);

  const empty = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  empty.setAttribute('viewBox', '0 0 4 4');
  document.body.append(empty);
  expect((await coloursOf(await pngOfChart(empty, '#ffffff'))).colours).toBe(1);
  empty.remove();

  const legend = await find<HTMLButtonElement>('[aria-label="Isolate an arm"] button');
  legend.click();
  await until('isolation', () => legend.getAttribute('aria-pressed') === 'true');
  expect(figure.querySelectorAll('g[opacity="0.15"]').length).toBeGreaterThan(0);
  legend.click();

  const drawing = figure.querySelector<HTMLElement>('.drawing')!;
  drawing.focus();
  drawing.dispatchEvent(new KeyboardEvent('keydown', { key: 't', bubbles: true }));
  await until('the table', () => figure.querySelector('table') !== null);
  expect(document.activeElement).toBe(buttonOf(figure, 'Table'));

  const gains = await find('section[aria-labelledby="gains-title"]');
  const written = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValueOnce(undefined);
  buttonOf(gains, 'LaTeX').click();
  const said = (): string => gains.querySelector('[role="status"]')!.textContent;
  await until('a confirmation', () => said() === 'Copied as LaTeX.');
  expect(written.mock.calls[0]![0]).toContain('\\toprule');
  written.mockRejectedValueOnce(new DOMException('no', 'NotAllowedError'));
  buttonOf(gains, 'Markdown').click();
  await until('a sentence', () => said().includes('Save the table as CSV instead'));
});
