/**
 * All objectives of pre-training. A new one is a file beside this one and a line here.
 */
import { barlowTwins } from './barlow-twins.ts';
import { clip } from './clip.ts';
import { convirt } from './convirt.ts';
import { dino } from './dino.ts';
import { mae } from './mae.ts';
import { mlm } from './mlm.ts';
import { mrm } from './mrm.ts';
import type { Objective } from './objective.ts';
import { siglip } from './siglip.ts';
import { simclr } from './simclr.ts';
import { vicreg } from './vicreg.ts';

/** Objectives by name. */
export const objectives: Readonly<Record<string, Objective>> = {
  simclr,
  vicreg,
  barlowTwins,
  dino,
  mae,
  clip,
  convirt,
  siglip,
  mrm,
  mlm,
};
