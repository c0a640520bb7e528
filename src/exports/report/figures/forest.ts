/**
 * Forest plots: numbers with their intervals, one below the other. Of paired differences, around the line of no difference with the margin of
 * no interest as a band; of AUROC, by group of the test films.
 */
import type { ScaleLinear } from 'd3-scale';
import type { Cell, Comparison, Estimate } from '../../../study/findings/findings.ts';
import { countPhrase } from '../../../count-words.ts';
import { referenceWords } from '../../../study/findings/words.ts';
import { html, type Markup } from '../../html.ts';
import { estimateWords, signedWords, sizeWords } from '../../number-words.ts';
import { armLook, type Look } from './looks.ts';
import {
  figure,
  legend,
  mark,
  noFigure,
  round,
  scaleAround,
  signedTickWords,
  spoken,
  ticksOf,
  tickWords,
  whisker,
  xAxis,
  type Area,
} from './plot.ts';

const lineHeight = 22;
const width = 860;
const area = { left: 390, right: 660, top: 16 } as const;
/** Leaves room for the arms' names at the right. */
const groupArea = { left: 310, right: 580, top: area.top } as const;

/** Paired differences in AUROC. @param nameOf names a comparison before its reference and size, e.g. by arm. */
export function differenceForest(
  comparisons: readonly Comparison[],
  margin: number,
  lookOf: (comparison: Comparison) => Look = ({ arm }) => armLook(arm),
): Markup {
  const title = 'Paired differences in AUROC';
  const drawn = comparisons.filter(({ difference }) => isWhole(difference));
  if (drawn.length === 0) return noFigure(title, 'no difference with an interval is defined yet.');
  const bottom = area.top + lineHeight * drawn.length + 6;
  const ends = drawn.flatMap(({ difference }) => Object.values(difference) as number[]);
  const x = scaleAround([...ends, -margin, margin], [area.left, area.right]);
  const nameOf = (one: Comparison): string =>
    `${lookOf(one).words} \u2212 ${referenceWords[one.comparedTo]}, ${sizeWords(one.trainingSize)}`;
  const left =
    drawn.length === comparisons.length
      ? ''
      : ` ${comparisons.length - drawn.length} without an interval are left out.`;
  return figure(
    {
      title,
      alt: drawn.map((one) => spoken(`${nameOf(one)}:`, one.difference)).join('; '),
      caption: `On the same test patients and seeds; bars are intervals over patients, the band is the margin of ± ${margin} within which differences are of no practical interest.${left}`,
      width,
      height: bottom + 44,
    },
    html`<rect
        class="shade"
        x="${round(x(-margin))}"
        y="${area.top - 6}"
        width="${round(x(margin) - x(-margin))}"
        height="${bottom - area.top + 6}"
      />
      ${zeroLine(x(0), bottom)}${drawn.map((one, i) =>
        row(
          {
            look: lookOf(one),
            name: nameOf(one),
            estimate: one.difference,
            words: estimateWords(one.difference, signedWords),
          },
          i,
          x,
        ),
      )}${xAxis(whole(bottom), ticksOf(x, 5, signedTickWords), 'difference in AUROC')}`,
  );
}

/** AUROC by group of the test films, arms below each other in each group. @param cells of one label, setup and size. */
export function subgroupForest(cells: readonly Cell[]): Markup {
  const title = 'AUROC by group of test films';
  const entries = cells.flatMap(({ arm, subgroups }) => subgroups.map((group) => ({ arm, group })));
  const drawn = entries.filter(({ group }) => isWhole(group.auroc));
  if (drawn.length === 0)
    return noFigure(title, 'no group of the test films is known, or none has both classes.');
  const groups = [...new Set(drawn.map(({ group }) => groupName(group)))];
  const lines = groups.flatMap((name) => drawn.filter(({ group }) => groupName(group) === name));
  const x = scaleAround(
    lines.flatMap(({ group }) => Object.values(group.auroc) as number[]),
    [groupArea.left, groupArea.right],
    [0, 1],
  );
  const looks = [...new Set(lines.map(({ arm }) => arm))].map(armLook);
  const bottom = area.top + 14 * lines.length + 10 * groups.length + 6;
  const y = (i: number, group: string): number => area.top + 14 * i + 10 * groups.indexOf(group);
  const small = lines.some(({ group }) => group.small);
  return figure(
    {
      title,
      alt: lines
        .map(({ arm, group }) =>
          spoken(
            `${groupName(group)}${group.small ? ' (few films)' : ''}, ${armLook(arm).words}:`,
            group.auroc,
          ),
        )
        .join('; '),
      caption: `Bars are intervals over patients.${small ? ' ⚠ marks groups with fewer than ten positive or ten negative films: their numbers mean little.' : ''} Differences between groups were not tested.`,
      width,
      height: Math.max(bottom + 44, 20 * looks.length + 40),
    },
    html`${groups.map((name) => {
      const first = lines.findIndex(({ group }) => groupName(group) === name);
      const { group } = lines[first]!;
      return html`<text x="${groupArea.left - 14}" y="${round(y(first, name) + 6)}" text-anchor="end"
        >${group.small ? '⚠ ' : ''}${name}: ${countPhrase(group.films, 'film')}, ${group.positives} positive,
        ${countPhrase(group.patients, 'patient')}</text
      >`;
    })}${lines.map(({ arm, group }, i) => {
      const at = y(i, groupName(group));
      const { value, low, high } = group.auroc;
      return html`${whisker(armLook(arm), [x(low!), at], [x(high!), at])}${mark(armLook(arm), x(value!), at)}`;
    })}${xAxis({ ...groupArea, bottom }, ticksOf(x, 5, tickWords), 'AUROC')}${legend(looks, groupArea.right + 14, area.top + 4)}`,
  );
}

interface Row {
  readonly look: Look;
  readonly name: string;
  readonly estimate: Estimate;
  readonly words: string;
}

function row({ look, name, estimate, words }: Row, i: number, x: ScaleLinear<number, number>): Markup {
  const y = area.top + lineHeight * (i + 0.5);
  return html`<text x="${area.left - 14}" y="${y + 4}" text-anchor="end">${name}</text>
    ${whisker(look, [x(estimate.low!), y], [x(estimate.high!), y])}${mark(look, x(estimate.value!), y)}
    <text x="${area.right + 14}" y="${y + 4}">${words}</text>`;
}

function zeroLine(x: number, bottom: number): Markup {
  return html`<line class="axis" x1="${round(x)}" x2="${round(x)}" y1="${area.top - 6}" y2="${bottom}" />`;
}

function whole(bottom: number): Area {
  return { ...area, bottom };
}

function groupName({ by, group }: { readonly by: string; readonly group: string }): string {
  return `${by} ${group}`;
}

function isWhole({ value, low, high }: Estimate): boolean {
  return value !== null && low !== null && high !== null;
}
