/**
 * Tables of the report.
 */
import { html, type HtmlValue, type Markup } from '../html.ts';

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
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
