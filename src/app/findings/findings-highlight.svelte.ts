/**
 * Which arm stands out on the findings page, in all charts at once: the one that is pointed at or has the focus, else the one that was isolated.
 */
import type { ArmName } from '../../study/arms/registry.ts';

const dimmed = 0.15;

/** The arm that stands out. */
export class FindingsHighlight {
  #pointedAt = $state<ArmName | null>(null);
  #isolated = $state<ArmName | null>(null);

  /** The arm that was isolated by a click or a key; its seeds are shown one by one. */
  get isolated(): ArmName | null {
    return this.#isolated;
  }

  /** Points at an arm, or away from all. */
  point(arm: ArmName | null): void {
    this.#pointedAt = arm;
  }

  /** Isolates an arm; a second time brings the others back. */
  isolate(arm: ArmName): void {
    this.#isolated = this.#isolated === arm ? null : arm;
  }

  /** 1 for arms that stand out, and for all while none does. */
  opacityOf(arm: string): number {
    const foremost = this.#pointedAt ?? this.#isolated;
    return foremost === null || foremost === arm ? 1 : dimmed;
  }
}
