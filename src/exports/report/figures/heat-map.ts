/**
 * Validation AUROC of each λ and τ: the mean AUROC over seeds in each field, and how many seeds chose it.
 */
import { arms } from '../../../study/arms.ts';
import type { CandidateGrid, GridCandidate } from '../../../study/findings/findings.ts';
import { countPhrase } from '../../../study/phrases.ts';
import { html, type Markup } from '../../html.ts';
import { fixedWords, sizeWords } from '../../number-words.ts';
import { figure, noFigure, round } from './plot.ts';

const field = { width: 96, height: 46 } as const;
const origin = { x: 70, y: 12 } as const;

/** One grid of candidates. */
export function heatMap(grid: CandidateGrid): Markup {
  const title = `λ × τ on validation patients: ${arms[grid.arm].label}, ${sizeWords(grid.trainingSize)}`;
  const { candidates } = grid;
  if (candidates.length === 0) return noFigure(title, 'no candidate is finished.');
  const lambdas = [...new Set(candidates.map(({ lambda }) => lambda))].sort((a, b) => b - a);
  const temperatures = [...new Set(candidates.map(({ temperature }) => temperature))].sort((a, b) => a - b);
  const bottom = origin.y + field.height * lambdas.length;
  const across = field.width * temperatures.length;
  return figure(
    {
      title,
      alt: candidates.map(spokenCandidate).join('; '),
      caption:
        'For each share of the teacher λ and temperature τ: mean validation AUROC over seeds ± standard deviation; the deeper the blue, the higher within this figure. Of several weight decays the best for each seed. Test patients were not looked at.',
      width: Math.max(420, origin.x + across + 20),
      height: bottom + 44,
    },
    html`${candidates.map((one) =>
        drawField(one, {
          x: origin.x + field.width * temperatures.indexOf(one.temperature),
          y: origin.y + field.height * lambdas.indexOf(one.lambda),
          depth: depthOf(one, candidates),
        }),
      )}${lambdas.map(
        (lambda, i) =>
          html`<text x="${origin.x - 8}" y="${origin.y + field.height * (i + 0.5) + 4}" text-anchor="end"
            >λ ${lambda}</text
          >`,
      )}${temperatures.map(
        (temperature, i) =>
          html`<text x="${origin.x + field.width * (i + 0.5)}" y="${bottom + 16}" text-anchor="middle"
            >τ ${temperature}</text
          >`,
      )}<text x="${origin.x + across / 2}" y="${bottom + 34}" text-anchor="middle">temperature τ</text>`,
  );
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly depth: number;
}

function drawField(one: GridCandidate, { x, y, depth }: Place): Markup {
  const middle = round(x + field.width / 2);
  const spread = one.standardDeviation === null ? '' : ` ± ${fixedWords(one.standardDeviation)}`;
  return html`<rect
      class="field${one.chosenBy > 0 ? ' chosen' : ''}"
      x="${x + 1}"
      y="${y + 1}"
      width="${field.width - 2}"
      height="${field.height - 2}"
      fill-opacity="${depth}"
    />
    <text x="${middle}" y="${y + 20}" text-anchor="middle">${fixedWords(one.validationAuroc)}${spread}</text>
    ${one.chosenBy > 0 ? html`<text class="panel" x="${middle}" y="${y + 37}" text-anchor="middle">chosen ${one.chosenBy}/${one.seeds}</text>` : ''}`;
}

/** Opacity of the field's colour: no more than leaves the words on it 4.5:1. */
function depthOf({ validationAuroc }: GridCandidate, all: readonly GridCandidate[]): number {
  const known = all.flatMap((one) => (one.validationAuroc === null ? [] : [one.validationAuroc]));
  if (validationAuroc === null) return 0;
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return high === low
    ? 0.25
    : Math.round(100 * (0.06 + (0.4 * (validationAuroc - low)) / (high - low))) / 100;
}

function spokenCandidate({ lambda, temperature, validationAuroc, chosenBy, seeds }: GridCandidate): string {
  const chosen = chosenBy > 0 ? `, chosen by ${chosenBy} of ${countPhrase(seeds, 'seed')}` : '';
  return `λ ${lambda}, τ ${temperature}: ${fixedWords(validationAuroc)}${chosen}`;
}
