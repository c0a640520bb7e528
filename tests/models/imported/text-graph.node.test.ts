/** Which graphs read texts, told from model.json alone. */
import { describe, expect, it } from 'vitest';
import { embeddingRows, textInputsOf } from '../../../src/models/imported/text-graph.ts';
import { gatherTfjsFiles, parseModelJson, type ModelFile } from '../../../src/models/imported/tfjs-files.ts';
import { graphModel } from './tiny-models.ts';
import { textGraph } from './tiny-text-graph.ts';

const jsonOf = (files: ModelFile[]) => parseModelJson(gatherTfjsFiles(files).modelJson, 'model.json');

describe('textInputsOf', () => {
  it.each(['DT_INT64', 'DT_INT32'])('finds the two lists of a graph that reads texts, ids as %s', (type) => {
    expect(textInputsOf(jsonOf(textGraph({ type })))).toEqual({ indices: 'indices', values: 'values' });
  });

  it('reads types by number, as old converters write them', () => {
    const { modelTopology, ...rest } = jsonOf(textGraph());
    const numbered = JSON.parse(
      JSON.stringify(modelTopology).replaceAll('"DT_INT64"', '9').replaceAll('"DT_INT32"', '3'),
    ) as typeof modelTopology;
    expect(textInputsOf({ ...rest, modelTopology: numbered })).not.toBeNull();
  });

  it('finds none in a graph that reads films, and in one whose ids are fractions', () => {
    expect(textInputsOf(jsonOf(graphModel()))).toBeNull();
    expect(textInputsOf(jsonOf(textGraph({ type: 'DT_FLOAT' })))).toBeNull();
  });
});

describe('embeddingRows', () => {
  it('are those of the table in which ids are looked up', () => {
    const json = jsonOf(textGraph({ rows: 31 }));
    expect(embeddingRows(json, textInputsOf(json)!)).toBe(31);
    expect(embeddingRows(json, { indices: 'values', values: 'indices' })).toBeNull();
  });
});
