/** Models in the words of Keras 3, told from those of Keras 2, whatever version their converter wrote into them. */
import { describe, expect, it } from 'vitest';
import { refusalOfKeras3 } from '../../../src/models/imported/keras-3.ts';
import type { ModelJson } from '../../../src/models/imported/tfjs-files.ts';

function modelOf(layer: object): ModelJson {
  const modelTopology = {
    keras_version: '3.8.0',
    model_config: { class_name: 'Sequential', config: { layers: [layer] } },
  };
  return {
    format: 'layers-model',
    modelTopology,
    groups: [],
    signature: undefined,
    userDefinedMetadata: undefined,
  };
}

describe('refusalOfKeras3', () => {
  it.each([
    [{ class_name: 'InputLayer', config: { batch_shape: [null, 20, 20, 1] } }, /"batch_shape"/],
    [{ class_name: 'Dense', config: { dtype: { class_name: 'DTypePolicy' } } }, /"DTypePolicy"/],
  ])('tells what gives %j away, and what to do', (layer, sign) => {
    const { message } = refusalOfKeras3(modelOf(layer), 'model.json')!;
    expect(message).toMatch(sign);
    expect(message).toMatch(/^model\.json was written by Keras 3.*TF_USE_LEGACY_KERAS=1.*tfjs_graph_model/);
  });

  it('is silent on Keras 2, whose newer versions name modules too', () => {
    const layer = {
      module: 'keras.layers',
      class_name: 'InputLayer',
      config: { batch_input_shape: [null, 20, 20, 1], dtype: 'float32' },
      registered_name: null,
    };
    expect(refusalOfKeras3(modelOf(layer), 'model.json')).toBeNull();
  });
});
