/**
 * How often test patients were read, and when, as the findings page says it beside the verdicts.
 */
import { countPhrase } from '../../count-words.ts';
import type { Findings } from '../../study/findings/findings.ts';

/** The sentences; a study that is not finished shows numbers of test patients early, and says so. */
export function testReadingSentence({
  cells,
  runsDone,
  runsPlanned,
}: Pick<Findings, 'cells' | 'runsDone' | 'runsPlanned'>): string {
  const chosen = new Set(cells.flatMap(({ seeds }) => seeds.map(({ runId }) => runId))).size;
  if (runsPlanned === 0 || runsDone < runsPlanned)
    return (
      'These numbers read test patients before the study is finished. Do not change the study because of them: ' +
      'test patients would then have a part in the choice.'
    );
  return (
    `Test patients were read once, after validation had chosen: ${countPhrase(chosen, 'run was', 'runs were')} scored on them, ` +
    'for each condition and seed the one that did best on validation patients. ' +
    'If this page was opened while the study was unfinished, they had been looked at before.'
  );
}
