/**
 * The questions themselves: which network of a file, how many heads, which scale of intensities.
 */
import { countPhrase } from '../../count-words.ts';
import { InputError } from '../../errors.ts';
import type { IntensityScaling } from '../../transforms/prepare.ts';
import { headChoices } from '../weights/attention-heads.ts';
import type { NetworkPlace } from '../weights/find-networks.ts';
import { partWords } from '../weights/recognise.ts';
import type { ImportQuestion } from './import-question.ts';

/** Which of several networks is meant. */
export function partQuestion(places: readonly NetworkPlace[], fileName: string): ImportQuestion {
  return {
    topic: 'part',
    sentence: `${fileName} holds ${places.length} networks, told by what stands before their names. Which one is meant? The rest is left out.`,
    choices: places.map((place) => ({ value: place.prefix, label: partWords(place), note: null })),
  };
}

/**
 * How many heads a transformer has.
 * @param attention what the file calls the weights that the heads share.
 * @throws InputError when no number is plausible.
 */
export function headsQuestion(dimensions: number, attention: string, fileName: string): ImportQuestion {
  const choices = headChoices(dimensions, fileName);
  if (choices.length === 0)
    throw new InputError(
      `${fileName} has tokens of ${dimensions} numbers, which no number of attention heads of 8 to 128 divides. Choose a config.json with "num_heads" beside it.`,
    );
  const usual = choices.find(({ usual }) => usual);
  const hint = usual ? ` ${usual.heads} are usual for tokens of ${dimensions} numbers, but not certain.` : '';
  return {
    topic: 'heads',
    sentence: `How many attention heads does ${fileName} have? "${attention}" has the same shape for every number, and the wrong one gives wrong features.${hint} The network’s code or paper tells it, and so does its config.json, which can be chosen with the file instead.`,
    choices: choices.map(({ heads, usual }) => ({
      value: String(heads),
      label: countPhrase(heads, 'head'),
      note: usual ? 'usual for this size' : null,
    })),
  };
}

const scalingLabels: Readonly<Record<IntensityScaling, string>> = {
  zeroToOne: '0 to 1',
  minusOneToOne: '−1 to 1',
  minus1024To1024: '−1024 to 1024',
  standardised: 'Mean 0, deviation 1 over the training films',
};

/** Scales, from the likeliest for photographs to the one that only this lab uses. */
const scalings: readonly IntensityScaling[] = [
  'zeroToOne',
  'minusOneToOne',
  'minus1024To1024',
  'standardised',
];

/** Which intensities a network was trained on, where neither a file nor the person said so. */
export function scalingQuestion(fileName: string): ImportQuestion {
  return {
    topic: 'scaling',
    sentence: `Which intensities was ${fileName} trained on? No config.json tells it, and other ones give wrong features.`,
    choices: scalings.map((value) => ({ value, label: scalingLabels[value], note: null })),
  };
}

/**
 * The same for a network that has torchxrayvision's thresholds ("op_threshs"), whose films go from −1024 to 1024 (Cohen et al.,
 * TorchXRayVision, 2021, https://arxiv.org/abs/2111.00595, `normalize` in torchxrayvision/utils.py).
 * @param chosen by the person; null where nothing was chosen.
 */
export function torchxrayvisionQuestion(
  thresholds: string,
  chosen: IntensityScaling | null,
  fileName: string,
): ImportQuestion {
  const usual = 'minus1024To1024';
  const others = chosen === null ? scalings.filter((value) => value !== usual) : [chosen];
  const choice = chosen === null ? '' : `, but “${scalingLabels[chosen]}” was chosen`;
  return {
    topic: 'scaling',
    sentence: `${fileName} has "${thresholds}", as torchxrayvision’s networks do, which are trained on intensities from −1024 to 1024${choice}. Which ones was it trained on?`,
    choices: [usual, ...others].map((value) => ({
      value,
      label: scalingLabels[value as IntensityScaling],
      note: value === usual ? 'as torchxrayvision' : null,
    })),
  };
}
