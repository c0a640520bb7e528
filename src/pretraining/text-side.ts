/**
 * Reports in pre-training: T, and the tokens of objectives that read word by word. Learned from the training reports only.
 */
import { specialTokens } from '../cohort/tokenizer.ts';
import { InputError } from '../errors.ts';
import type { FittedText, TextEncoder, TextEncoderEntry } from '../models/encoder.ts';
import { textEncoders } from '../models/text/registry.ts';
import { textTransformer } from '../models/text/text-transformer.ts';
import type { Random } from '../random/random.ts';
import type { EncoderChoice } from '../training/fine-tuning.ts';

/** Reports as token ids. */
export interface ReportTokens {
  readonly fitted: FittedText;
  readonly vocabulary: readonly string[];
  readonly padding: number;
  readonly mask: number;
  /** Ids of tokens that stand for no word and are never masked. */
  readonly special: ReadonlySet<number>;
}

/** T and tokens, each made when first asked for. */
export class TextSide {
  readonly #choice: EncoderChoice;
  readonly #trainingReports: readonly string[];
  readonly #random: Random;
  readonly #own: TextEncoderEntry | undefined;
  #fitted: FittedText | undefined;
  #encoder: TextEncoder | undefined;
  #tokens: ReportTokens | undefined;

  /**
   * @param random draws T's first weights.
   * @param own T, where it is not the registry's.
   */
  constructor(
    choice: EncoderChoice,
    trainingReports: readonly string[],
    random: Random,
    own?: TextEncoderEntry,
  ) {
    this.#choice = choice;
    this.#trainingReports = trainingReports;
    this.#random = random;
    this.#own = own;
  }

  /** Whether T was asked for. */
  get hasEncoder(): boolean {
    return this.#encoder !== undefined;
  }

  /** T. @throws InputError when the study's text encoder does not exist or no report has a word. */
  encoder(): TextEncoder {
    this.#encoder ??= this.#entry().build(this.fitted(), this.#choice.settings, this.#random);
    return this.#encoder;
  }

  /** What T reads. */
  fitted(): FittedText {
    this.#fitted ??= this.#entry().fit(this.#trainingReports, this.#choice.settings);
    return this.#fitted;
  }

  /** Reports word by word: as T reads them where it reads tokens, else by a vocabulary of their own. */
  tokens(): ReportTokens {
    if (this.#tokens) return this.#tokens;
    const own = this.#entry().name === textTransformer.name;
    const fitted = own ? this.fitted() : textTransformer.fit(this.#trainingReports, {});
    const vocabulary = fitted.vocabulary!;
    const idOf = (token: string): number => vocabulary.indexOf(token);
    this.#tokens = {
      fitted,
      vocabulary,
      padding: idOf(specialTokens.padding),
      mask: idOf(specialTokens.mask),
      special: new Set(Object.values(specialTokens).map(idOf)),
    };
    return this.#tokens;
  }

  dispose(): void {
    this.#encoder?.dispose();
  }

  #entry(): TextEncoderEntry {
    const entry = this.#own ?? textEncoders[this.#choice.name];
    if (!entry) {
      const names = Object.keys(textEncoders).join(', ');
      throw new InputError(`There is no text encoder "${this.#choice.name}". Choose one of: ${names}.`);
    }
    return entry;
  }
}
