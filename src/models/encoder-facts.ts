/**
 * What each encoder can be asked for beside embeddings, without its network: plans and forms read it here, where no tensor library stands.
 * An encoder's registry entry takes its facts from here.
 */

/** What is known of an image encoder before it is built. */
export interface ImageEncoderFacts {
  /** True when films are read as patches, some of which can be left out, see `PatchEncoder`. */
  readonly readsPatches: boolean;
}

/** What is known of a text encoder before it is built. */
export interface TextEncoderFacts {
  /** True when reports are read token by token, see `TokenReader`. */
  readonly readsTokens: boolean;
}

/** By image encoder. */
export const imageEncoderFacts = {
  resnet: { readsPatches: false },
  densenet: { readsPatches: false },
  vit: { readsPatches: true },
} as const satisfies Readonly<Record<string, ImageEncoderFacts>>;

/** By text encoder. */
export const textEncoderFacts = {
  tfidf: { readsTokens: false },
  textTransformer: { readsTokens: true },
} as const satisfies Readonly<Record<string, TextEncoderFacts>>;
