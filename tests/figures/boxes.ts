/** A box for tests of geometry, and findings to draw. */
import { madeUpFindings } from '../app/fake-findings.ts';
import type { PlotBox } from '../../src/figures/plot-box.ts';
import { presets } from '../../src/study/presets/registry.ts';

/** The plotting area is 100 × 100 px, from (20, 10) to (120, 110): a share of 0.25 is 25 px. */
export const box: PlotBox = { width: 150, height: 130, left: 20, right: 30, top: 10, bottom: 20 };

/** Made-up findings of one label. */
export const findings = madeUpFindings(Object.values(presets)[0]!, ['effusion'], 1, 1);
