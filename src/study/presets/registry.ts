/**
 * Studies that come with the lab, by the name that the page and the command line use.
 */
import type { StudyConfig } from '../config.ts';
import { parseStudyConfig } from '../schema.ts';
import deep from './deep.json';
import demo from './demo.json';
import distillation from './distillation.json';
import fineTuning from './fine-tuning.json';
import map from './map.json';
import paperInTheSmall from './paper-in-the-small.json';
import paper from './paper.json';
import pretraining from './pretraining.json';
import proof from './proof.json';
import standard from './standard.json';

/** Presets by name; each says its purpose and how long it takes. */
export const presets: Readonly<Record<string, StudyConfig>> = {
  demo: parseStudyConfig(demo),
  standard: parseStudyConfig(standard),
  distillation: parseStudyConfig(distillation),
  pretraining: parseStudyConfig(pretraining),
  'paper-in-the-small': parseStudyConfig(paperInTheSmall),
  proof: parseStudyConfig(proof),
  fineTuning: parseStudyConfig(fineTuning),
  map: parseStudyConfig(map),
  deep: parseStudyConfig(deep),
  paper: parseStudyConfig(paper),
};
