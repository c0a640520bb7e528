/**
 * One line at the bottom of the terminal that is overwritten; where there is no terminal, a plain line now and then.
 */
const plainEveryMs = 30_000;

/** Shows progress on the standard error output, so that the standard output holds results only. */
export class ProgressLine {
  readonly #quiet: boolean;
  readonly #isTerminal = Boolean(process.stderr.isTTY);
  #open = false;
  #lastMs = -Infinity;

  constructor(quiet: boolean) {
    this.#quiet = quiet;
  }

  /** Replaces the line. */
  show(line: string): void {
    if (this.#quiet) return;
    if (this.#isTerminal) {
      const width = Math.max(20, (process.stderr.columns ?? 80) - 1);
      process.stderr.write(`\r\u001b[2K${line.slice(0, width)}`);
      this.#open = true;
    } else if (performance.now() - this.#lastMs >= plainEveryMs) {
      this.#lastMs = performance.now();
      process.stderr.write(`${line}\n`);
    }
  }

  /** Prints a line that stays. */
  say(line: string): void {
    if (this.#quiet) return;
    this.end();
    process.stderr.write(`${line}\n`);
  }

  /** Leaves the line and goes to the next. */
  end(): void {
    if (this.#open) process.stderr.write('\n');
    this.#open = false;
  }
}

/** Where progress is told. */
export type Progress = Pick<ProgressLine, 'show' | 'say' | 'end'>;
