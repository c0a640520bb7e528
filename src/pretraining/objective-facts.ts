/**
 * What each objective learns from and asks of encoders, without what it computes: plans and forms read it here, because this file does not
 * load the tensor library. An objective's registry entry takes its facts from here.
 */

/** What is known of an objective before it is built. */
export interface ObjectiveFacts {
  /** What it learns from; what uses reports has a control on shuffled pairs. */
  readonly uses: 'image' | 'report' | 'both';
  /** Which encoders it takes: any, image encoders that read patches, or text encoders that read tokens. */
  readonly reads: 'any' | 'patches' | 'tokens';
  /** What it asks of encoders, as a sentence; empty when it takes any. */
  readonly needs: string;
}

/** By objective. */
export const objectiveFacts = {
  simclr: { uses: 'image', reads: 'any', needs: '' },
  vicreg: { uses: 'image', reads: 'any', needs: '' },
  barlowTwins: { uses: 'image', reads: 'any', needs: '' },
  dino: { uses: 'image', reads: 'any', needs: '' },
  mae: {
    uses: 'image',
    reads: 'patches',
    needs: 'MAE needs an image encoder that reads patches, as the vision transformer does.',
  },
  clip: { uses: 'both', reads: 'any', needs: '' },
  convirt: { uses: 'both', reads: 'any', needs: '' },
  siglip: { uses: 'both', reads: 'any', needs: '' },
  mrm: {
    uses: 'both',
    reads: 'patches',
    needs: 'MRM needs an image encoder that reads patches, as the vision transformer does.',
  },
  mlm: {
    uses: 'report',
    reads: 'tokens',
    needs: 'Masked language modelling needs a text encoder that reads tokens, as the text transformer does.',
  },
} as const satisfies Readonly<Record<string, ObjectiveFacts>>;
