/**
 * Charts as PNG files, drawn here from what is on the page.
 */
import { svgFile } from './svg-file.ts';

/** Pixels of the file for each px of the chart. */
export const pngScale = 2;

/**
 * A chart on its ground as a PNG picture. The SVG goes through a data address, which leaves the canvas readable and which the policy of
 * security/headers.ts lets in as an image.
 * @param scale pixels for each px of the chart's view box, > 0.
 * @throws Error when the browser cannot draw or encode it.
 */
export async function pngOfChart(chart: SVGSVGElement, ground: string, scale = pngScale): Promise<Blob> {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svgFile(chart, ground))}`;
  await picture.decode();
  const { width, height } = chart.viewBox.baseVal;
  const { canvas, context } = canvasOf(Math.round(width * scale), Math.round(height * scale));
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return encoded(canvas);
}

/** What a plot drawn on a canvas needs beside it to be read alone. */
export interface PlotWords {
  readonly title: string;
  readonly curves: readonly { readonly label: string; readonly colour: string; readonly dash: number[] }[];
  readonly ground: string;
  readonly ink: string;
}

const rowHeight = 18;

/** A plot that is a canvas already, with title and legend above it, as a PNG picture. @param scale canvas pixels for each px. */
export async function pngOfPlot(plot: HTMLCanvasElement, words: PlotWords, scale: number): Promise<Blob> {
  const head = (words.curves.length + 1) * rowHeight + 8;
  const { canvas, context } = canvasOf(plot.width, plot.height + Math.round(head * scale));
  context.fillStyle = words.ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(plot, 0, canvas.height - plot.height);
  context.scale(scale, scale);
  drawWords(context, words);
  return encoded(canvas);
}

function drawWords(context: CanvasRenderingContext2D, { title, curves, ink }: PlotWords): void {
  context.textBaseline = 'middle';
  context.fillStyle = ink;
  context.font = '600 13px system-ui, sans-serif';
  context.fillText(title, 8, 4 + rowHeight / 2);
  context.font = '12px system-ui, sans-serif';
  curves.forEach(({ label, colour, dash }, index) => {
    const y = 4 + (index + 1.5) * rowHeight;
    context.strokeStyle = colour;
    context.lineWidth = 2;
    context.setLineDash(dash);
    context.beginPath();
    context.moveTo(8, y);
    context.lineTo(40, y);
    context.stroke();
    context.fillText(label, 48, y);
  });
}

function canvasOf(
  width: number,
  height: number,
): { canvas: HTMLCanvasElement; context: CanvasRenderingContext2D } {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser gives no canvas to draw the picture on; save the SVG instead.');
  return { canvas, context };
}

function encoded(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error('The browser could not encode the picture as PNG; save the SVG instead.'));
    }, 'image/png');
  });
}
