/**
 * Tables of the report.
 */
import { html, type HtmlValue, type Markup } from '../html.ts';

/** Longer text may be broken over lines. */
const shortText = 12;

/**
 * A table with a caption; wide ones scroll by themselves. @param rows the first cell of each names the row.
 */
export function dataTable(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly HtmlValue[])[],
): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}">
    <table>
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          ${head.map((name) => html`<th scope="col">${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name, ...cells]) =>
            html`<tr>
              <th scope="row">${name ?? ''}</th>
              ${cells.map((cell) => html`<td>${unbroken(cell)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Short text stays on one line; a number and its interval part between the two, not within. */
function unbroken(cell: HtmlValue): HtmlValue {
  if (typeof cell !== 'string') return cell;
  if (cell.length <= shortText) return html`<span class="whole">${cell}</span>`;
  const interval = /^(\S+) (\([^()]+ to [^()]+\))(.*)$/.exec(cell);
  if (!interval) return cell;
  const [, value, range, rest] = interval;
  return html`${value!} <span class="whole">${range!}</span>${rest!}`;
}
