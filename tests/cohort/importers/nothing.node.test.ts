/** Words for "not known", as programs and people write them; and words that do say something. */
import { expect, it } from 'vitest';
import { isNothing } from '../../../src/cohort/importers/nothing.ts';

it.each(
  'nan|NaN|-nan|NA|N/A|n.a.|#N/A|<NA>|NaT|null|NULL|(null)|None|none.|<none>|"None"|nil|undefined|unknown|Missing|missing.|-|--|—|.|?|Not available|not  available.|no report|No report available|No report available.|Report not available|report missing|no text found|#DIV/0!|1.#QNAN'.split(
    '|',
  ),
)('%s says nothing', (cell) => expect(isNothing(cell)).toBe(true));

it.each(
  '0|1|no|No change.|None of the above is new.|normal|negative|Nolan|Nana|na 2|A-|-1|no effusion|No reportable finding|unknown mass on the left|NAD|Nil acute|.5|??x'.split(
    '|',
  ),
)('%s says something', (cell) => expect(isNothing(cell)).toBe(false));
