/** Pre-training as the page chooses and shows it. Expectations by hand; names and thresholds against those of the engine. */
import { describe, expect, it } from 'vitest';
import { curveLook } from '../../src/app/runs/curve-looks.ts';
import {
  plotSummary,
  plotTable,
  pretrainingCsv,
  pretrainingPlots,
} from '../../src/app/runs/pretraining-plots.ts';
import { ordinal, ownRankSentence, reportOpening } from '../../src/app/runs/nearest-reports.ts';
import { ownSum } from '../../src/app/study/own-sum.ts';
import { pretrainingFacts } from '../../src/app/runs/pretraining-facts.ts';
import { collapseWarning, filmsPerStep, probedLabels } from '../../src/app/runs/pretraining-signals.ts';
import {
  changeRecipe,
  controlOf,
  isLastArm,
  ownRecipes,
  recipeNamed,
  toggleArm,
  toggleControl,
} from '../../src/app/study/recipe-choice.ts';
import { objectiveMisfit, recipeMisfit } from '../../src/app/study/recipe-fit.ts';
import { stepsPerSecond, withStep } from '../../src/app/shared/pace.ts';
import { armWords, runLines, sortLines } from '../../src/app/shared/run-lines.ts';
import type { CohortRow } from '../../src/cohort/cohort.ts';
import { signalNames } from '../../src/evaluation/embedding-signals.ts';
import { collapseOf } from '../../src/pretraining/signals.ts';
import type { PretrainingJob } from '../../src/study/job.ts';
import { presets } from '../../src/study/presets/registry.ts';
import { isControlOf, offeredRecipes, usesReports } from '../../src/study/recipes.ts';
import { defaultPretraining } from '../../src/training/pre-training-fields.ts';
import { catalogue } from './fake-catalogue.ts';
import { madeUpHistory, madeUpPretraining } from './fake-pretraining.ts';

const demo = Object.values(presets)[0]!;
const offered = (name: string) => offeredRecipes.find(({ recipe }) => recipe.name === name)!.recipe;
const [clip, simclr, mae] = [offered('clip'), offered('simclr'), offered('mae')];
const vit = [{ name: 'vit', settings: {} }];
const resnet = [{ name: 'resnet', settings: {} }];

function job(recipe = clip): PretrainingJob {
  return {
    kind: 'pretraining',
    recipe,
    settings: defaultPretraining,
    imageEncoder: vit[0]!,
    textEncoder: demo.textEncoder,
    imageSide: 64,
    seed: 3,
  };
}

function row(index: number, split: CohortRow['split'], report: string): CohortRow {
  return { index, imageId: `i${index}`, patientId: `p${index}`, report, labels: [], split, groups: {} };
}

describe('arms of pre-training', () => {
  it('never become none at all', () => {
    expect(toggleArm(['none'], 'none', false)).toEqual(['none']);
    expect(isLastArm(['none'], 'none')).toBe(true);
    const withControl = toggleControl(toggleArm([], clip, true), clip, true);
    expect(isLastArm(withControl, clip)).toBe(true);
    expect(toggleArm(withControl, clip, false)).toEqual(withControl);
  });

  it('take a control out with its recipe', () => {
    const arms = toggleControl(toggleArm(['none'], clip, true), clip, true);
    expect(arms).toHaveLength(3);
    expect(toggleControl(arms, clip, true)).toEqual(arms);
    expect(toggleArm(arms, clip, false)).toEqual(['none']);
    expect(toggleControl(arms, clip, false)).toEqual(['none', clip]);
  });

  it('keep a control that of its recipe when the sum changes', () => {
    const arms = toggleControl(toggleArm(['none', simclr], clip, true), clip, true);
    const changed = changeRecipe(arms, clip, [{ name: 'clip', weight: 2, settings: { temperature: 0.1 } }]);
    const recipe = recipeNamed(changed, 'clip')!;
    expect(recipe.objectives[0]!.weight).toBe(2);
    expect(isControlOf(controlOf(changed, recipe)!, recipe)).toBe(true);
    expect(changed[1]).toBe(simclr);
  });

  it('tell own sums from those on offer, and show a control that stands alone', () => {
    const own = { ...clip, name: 'mine' };
    const lone = { ...offered('siglip'), name: 'lone', permutedReports: true };
    const control = { ...clip, name: 'clip (permuted)', permutedReports: true };
    expect(ownRecipes(['none', clip, control, own, lone])).toEqual([own, lone]);
  });
});

describe('what fits', () => {
  it('names the encoder that is in the way', () => {
    const entry = catalogue.objectives.find(({ name }) => name === 'mae')!;
    const chosen = { ...demo, imageEncoders: [...vit, ...resnet] };
    expect(objectiveMisfit(entry, catalogue, chosen)).toMatch(/reads patches.*for the films: ResNet\./);
    expect(objectiveMisfit(entry, catalogue, { ...demo, imageEncoders: vit })).toBeNull();
  });

  it('tells that a person’s own text encoder has no words to hide', () => {
    const entry = catalogue.objectives.find(({ name }) => name === 'mlm')!;
    const own = { name: 'imported:text-1', settings: {}, label: 'My BERT' };
    expect(objectiveMisfit(entry, catalogue, { ...demo, textEncoder: own })).toMatch(
      /reads tokens.*for the reports: My BERT\./,
    );
  });

  it('leaves it to the building whether a person’s own model does, and knows no objective that is not there', () => {
    const own = [{ name: 'imported:1', settings: {}, label: 'Mine' }];
    expect(recipeMisfit(mae.objectives, catalogue, { ...demo, imageEncoders: own })).toBeNull();
    expect(recipeMisfit([{ name: 'new', weight: 1, settings: {} }], catalogue, demo)).toMatch(
      /no objective "new"/,
    );
  });

  it('knows which sums read reports', () => {
    expect(usesReports(clip)).toBe(true);
    expect(usesReports(mae)).toBe(false);
  });
});

describe('a sum of one’s own', () => {
  it('is a recipe with the weights that were given', () => {
    const { recipe } = ownSum(' slip ', { clip: 1, simclr: 0.5 }, catalogue.objectives, ['clip']);
    expect(recipe).toEqual({
      name: 'slip',
      objectives: [
        { name: 'simclr', weight: 0.5, settings: {} },
        { name: 'clip', weight: 1, settings: {} },
      ],
      permutedReports: false,
    });
  });

  it.each([
    ['a', {}, /at least one/],
    ['a', { mlm: 1 }, /looks at a film/],
    ['a', { clip: 0 }, /weight of CLIP/],
    ['a', { clip: NaN }, /weight of CLIP/],
    ['', { clip: 1 }, /a name/],
    ['none', { clip: 1 }, /another name/],
    ['clip', { clip: 1 }, /another name/],
  ])('is refused in a sentence: "%s", %o', (name, weights, sentence) => {
    const sum = ownSum(name, weights, catalogue.objectives, ['clip']);
    expect(sum.recipe).toBeNull();
    expect(sum.problem).toMatch(sentence);
  });
});

describe('signals', () => {
  it('of a label are told by its name', () => {
    const point = { step: 1, trainingLoss: 1, learningRate: 1, gradientNorm: 1 };
    const signals = { [signalNames.probe]: 0.6, [signalNames.probeOf('large heart')]: 0.7 };
    expect(probedLabels([{ ...point, signals }])).toEqual([
      { label: 'large heart', name: signalNames.probeOf('large heart') },
    ]);
  });

  it.each([
    [0.0199, 5, true],
    [0.02, 1.5, false],
    [0.5, 1.49, true],
    [0.5, 8, false],
  ])('say collapse live and at the end: deviation %d, dimensions %d', (deviation, dimensions, collapsed) => {
    const signals = {
      [signalNames.deviation]: deviation,
      [signalNames.effectiveDimensions]: dimensions,
    };
    expect([collapseWarning(signals), collapseOf(signals)].map((sentence) => sentence !== null)).toEqual([
      collapsed,
      collapsed,
    ]);
  });

  it('that were not measured say nothing about collapse', () => expect(collapseWarning({})).toBeNull());
});

describe('plots', () => {
  const history = madeUpHistory('a', job(), false);

  it('stand over films seen, and have the numbers of the signals', () => {
    const [loss, probe, recall] = pretrainingPlots(history, 64);
    expect(loss!.filmsSeen.slice(0, 2)).toEqual([128, 256]);
    expect(probe!.curves.map(({ label }) => label)).toEqual(['mean of labels', 'effusion', 'cardiomegaly']);
    expect(probe!.filmsSeen).toEqual([512, 1024, 1536, 2048, 2560]);
    expect(probe!.curves[0]!.values[0]).toBe(history[3]!.signals![signalNames.probe]);
    expect(recall!.curves.map(({ label }) => label)).toEqual(['recall@1', 'recall@5', 'recall@10']);
  });

  it('say why there is nothing to see instead of drawing 0', () => {
    const films = pretrainingPlots(madeUpHistory('a', job(simclr), false), 64);
    expect(films[2]!.missing).toMatch(/^Not measured\. No objective/);
    expect(pretrainingPlots(history.slice(0, 3), 64)[1]!.missing).toMatch(/^Not measured yet/);
    expect(pretrainingPlots([], 64)[0]!.missing).not.toBeNull();
  });

  it('give the table the places of the validations, and the same last numbers in words', () => {
    const [loss, probe] = pretrainingPlots(history, 64);
    expect(plotTable(loss!).lines).toHaveLength(5);
    expect(plotTable(pretrainingPlots(history.slice(0, 3), 64)[0]!).lines).toHaveLength(3);
    const { head, lines } = plotTable(probe!);
    expect(head[0]).toBe('films seen');
    for (const cell of lines.at(-1)!) expect(plotSummary(probe!)).toContain(cell);
  });

  it('give a file with every step and empty cells where nothing was measured', () => {
    const [head, first, , , fourth] = pretrainingCsv(history, 64);
    expect(head!.slice(0, 4)).toEqual(['step', 'films seen', 'training loss', 'validation loss']);
    expect(first!.slice(3).join('')).toBe('');
    expect(fourth!.every((cell) => cell !== '')).toBe(true);
    expect(head).toHaveLength(first!.length);
  });

  it('tell as many curves apart as labels are probed, on either ground', () => {
    for (const ground of ['light', 'dark'] as const) {
      const looks = Array.from({ length: 9 }, (_, i) => JSON.stringify(curveLook(i, ground)));
      expect(new Set(looks).size).toBe(9);
    }
  });
});

describe('facts', () => {
  const values = (facts: ReturnType<typeof pretrainingFacts>) =>
    Object.fromEntries(facts.map(({ term, value }) => [term, value]));

  it('of a finished run are those of its result', () => {
    const result = madeUpPretraining('a', job(simclr), false);
    const facts = values(
      pretrainingFacts({
        job: job(simclr),
        result,
        points: result.history,
        filmsPerStep: 64,
        stepsPerSecond: null,
      }),
    );
    expect(facts).toMatchObject({
      'Films seen': '2\u202f560',
      Rate: '212 films/s',
      'Trained on': '192 films of 96 patients',
      'Recall@1, film to report': 'not measured',
    });
  });

  it('of a run in progress come from its points', () => {
    const soFar = { job: job(), result: null, points: [], filmsPerStep: 64 };
    expect(values(pretrainingFacts({ ...soFar, stepsPerSecond: null }))).toMatchObject({
      'Films seen': '0 of 20\u202f000',
      Rate: 'not measured',
      'Linear-probe AUROC': 'not measured',
    });
    expect(values(pretrainingFacts({ ...soFar, stepsPerSecond: 0.1 }))['Rate']).toBe('6.4 films/s');
  });
});

describe('the pace', () => {
  it('is steps over the time between them, and begins anew when steps are taken again', () => {
    const first = withStep(null, 10, 1000);
    expect(stepsPerSecond(first)).toBeNull();
    expect(stepsPerSecond(withStep(first, 30, 3000))).toBe(10);
    expect(stepsPerSecond(withStep(withStep(first, 30, 3000), 20, 9000))).toBeNull();
  });

  it('counts a batch a step, or all films with a report where there are fewer', () => {
    const rows = [row(0, 'train', 'Clear.'), row(1, 'train', ' '), row(2, 'test', 'Clear.')];
    expect(filmsPerStep(job(simclr), rows)).toBe(2);
    expect(filmsPerStep(job(clip), rows)).toBe(1);
    expect(filmsPerStep(job(clip), [])).toBe(64);
  });
});

describe('nearest reports', () => {
  it('are ranked in words', () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 112].map(ordinal)).toEqual([
      '1st',
      '2nd',
      '3rd',
      '4th',
      '11th',
      '12th',
      '13th',
      '21st',
      '112th',
    ]);
    expect(ownRankSentence({ ownRank: 2, compared: 64 })).toBe('Its own report is 2nd of 64 compared.');
  });

  it('open with what was seen', () => {
    const report = 'EXAMINATION: Chest.\nFINDINGS: A nodule.\nIMPRESSION: Nodule.';
    expect(reportOpening(report)).toBe('A nodule. IMPRESSION: Nodule.');
    expect(reportOpening('No impression:')).toBe('No impression:');
    expect(reportOpening('Lungs\n are   clear.')).toBe('Lungs are clear.');
    expect(reportOpening('Lungs are clear and the heart is large.', 20)).toBe('Lungs are clear and …');
    expect(reportOpening('x'.repeat(30), 20)).toBe(`${'x'.repeat(20)} …`);
  });
});

describe('the run table', () => {
  it('names pre-trainings and sorts by them', () => {
    const planned = [clip, simclr].map((recipe) => ({
      id: recipe.name,
      job: job(recipe),
      arms: [],
      featuresId: null,
      teacherIds: [],
    }));
    const lines = runLines(planned, new Map(), new Map());
    expect(lines.map(armWords)).toEqual(['pre-training: clip', 'pre-training: simclr']);
    expect(sortLines(lines, 'pretraining', true).map(({ id }) => id)).toEqual(['simclr', 'clip']);
  });
});
