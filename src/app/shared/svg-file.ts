/**
 * A chart as a file of its own: its looks, which the page's style sheets give, are written into the copy as attributes.
 */

const carried = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-opacity',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'dominant-baseline',
] as const;

/** The text of an SVG file that looks as the chart does on the page now, on its ground. */
export function svgFile(chart: SVGSVGElement, ground: string): string {
  const copy = chart.cloneNode(true) as SVGSVGElement;
  carry(chart, copy);
  const { width, height } = chart.viewBox.baseVal;
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(width));
  copy.setAttribute('height', String(height));
  const back = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  back.setAttribute('width', String(width));
  back.setAttribute('height', String(height));
  back.setAttribute('fill', ground);
  copy.prepend(back);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`;
}

function carry(from: Element, to: Element): void {
  const style = getComputedStyle(from);
  for (const name of carried) to.setAttribute(name, style.getPropertyValue(name));
  to.removeAttribute('class');
  to.removeAttribute('style');
  [...from.children].forEach((child, index) => {
    const twin = to.children[index];
    if (twin) carry(child, twin);
  });
}
