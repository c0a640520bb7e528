/**
 * What an arm of fine-tuning is: what it is trained on, what it sees, who teaches it, what it is compared with, how it is called and drawn.
 */
import type { MethodName } from '../../training/methods/inputs.ts';

/**
 * What an arm is for. The baseline is what every other is compared with; a reader sees the report also at test time; a use gains by
 * reports and sees films only, so a verdict is passed on it; a control shows what would be gained without what reports say.
 */
export type ArmRole = 'baseline' | 'reader' | 'use' | 'control';

/** The inks by name; `figures/inks` has their colours. */
export type InkName = 'black' | 'orange' | 'skyBlue' | 'vermilion' | 'purple' | 'green' | 'blue';

/** The shapes of markers by name. */
export type MarkerName = 'circle' | 'triangle' | 'square' | 'diamond' | 'star' | 'cross' | 'wye';

/** One arm; a new one is a file beside this one and a line in the registry. */
export interface Arm {
  /** As tables and figures call it. */
  readonly label: string;
  readonly description: string;
  /** In the middle of a sentence. */
  readonly phrase: string;
  readonly method: MethodName;
  /**
   * The arm whose best candidate teaches this one; null when nobody does. The teacher of shuffled reports is no arm of its own: its
   * numbers answer no question.
   */
  readonly teacher: string | null;
  readonly role: ArmRole;
  /** True when its gain is also taken net of the self-distilled control: what distillation gains by itself is then left out. */
  readonly netOfControl: boolean;
  /** No two arms share an ink or a marker, so that none is told by colour alone. `dash` as `stroke-dasharray`. */
  readonly look: { readonly ink: InkName; readonly dash: string; readonly marker: MarkerName };
}
