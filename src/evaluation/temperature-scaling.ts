/**
 * Temperature scaling: one number that divides all logits so that probabilities fit the outcomes of validation patients. It does not change
 * the ranking of the rows.
 */

const widest = 12; // |ln τ| at most

/** The fitted temperature and the mean negative log-likelihood, in nats, before and after. */
export interface TemperatureFit {
  readonly temperature: number;
  readonly before: number;
  readonly after: number;
}

/**
 * The temperature τ > 0 that minimizes the mean softmax cross-entropy of logits / τ (Guo et al., ICML 2017), by golden-section search
 * over ln τ in [−12, 12]; the loss is convex in 1/τ, so its one valley is found.
 * @param logits [rows][classes]; a binary logit z is the pair [0, z]. @param labels [rows], class of each row.
 * @returns undefined without rows. @throws RangeError when a label names no class.
 */
export function fitTemperature(
  logits: readonly (readonly number[])[],
  labels: readonly number[],
): TemperatureFit | undefined {
  if (logits.length !== labels.length)
    throw new RangeError(
      `fitTemperature: expected one label a row, got ${labels.length} for ${logits.length}`,
    );
  if (logits.length === 0) return undefined;
  const loss = (logTemperature: number) => meanCrossEntropy(logits, labels, Math.exp(logTemperature));
  const best = goldenSection(loss, -widest, widest);
  return { temperature: Math.exp(best), before: loss(0), after: loss(best) };
}

/** Mean of −ln softmax(logits / τ) at each row's class, in nats. @param logits [rows][classes]. @param labels [rows]. */
export function meanCrossEntropy(
  logits: readonly (readonly number[])[],
  labels: readonly number[],
  temperature = 1,
): number {
  const sum = logits.reduce((total, row, i) => {
    const own = row[labels[i]!];
    if (own === undefined)
      throw new RangeError(
        `meanCrossEntropy: label ${labels[i]} of row ${i} names none of ${row.length} classes`,
      );
    // Against the row's own logit, so that nothing overflows that does not belong to the result.
    const top = Math.max(...row);
    const others = row.reduce((s, logit) => s + Math.exp((logit - top) / temperature), 0);
    return total + Math.log(others) + (top - own) / temperature;
  }, 0);
  return sum / logits.length;
}

/** The place of the smallest value of a function with one valley, to about 1e-8. */
function goldenSection(f: (x: number) => number, low: number, high: number): number {
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
  let [atLeft, atRight] = [f(left), f(right)];
  while (high - low > 1e-9) {
    if (atLeft <= atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - ratio * (high - low);
      atLeft = f(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + ratio * (high - low);
      atRight = f(right);
    }
  }
  return (low + high) / 2;
}
