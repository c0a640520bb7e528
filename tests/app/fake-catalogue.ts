/**
 * A catalogue to which a person's own models can be added, without a trainer.
 */
import type { Catalogue, CatalogueEntry, ObjectiveEntry } from '../../src/jobs/catalogue-entry.ts';
import type { TrainerApi } from '../../workers/contract.ts';
import { isTextImport } from '../../src/identity/imported-encoder.ts';
import { objectiveFacts } from '../../src/pretraining/objective-facts.ts';
import { InputError } from '../../src/errors.ts';
import type { ImportQuestion } from '../../src/models/imported/import-question.ts';

/** What can be built, in the small. */
export const catalogue: Catalogue = {
  imageEncoders: [
    {
      name: 'resnet',
      label: 'ResNet',
      paper: 'He et al. 2016',
      fields: [
        {
          name: 'width',
          label: 'Width',
          unit: 'channels',
          low: 4,
          high: 128,
          step: 4,
          value: 16,
          why: 'Small enough for a laptop.',
        },
      ],
    },
    { name: 'vit', label: 'Vision transformer', paper: 'Dosovitskiy et al. 2021', fields: [] },
  ],
  textEncoders: [
    { name: 'tfidf', label: 'TF-IDF', paper: 'Spärck Jones 1972', fields: [] },
    { name: 'textTransformer', label: 'Transformer', paper: 'Vaswani et al. 2017', fields: [] },
  ],
  methods: [],
  objectives: [
    {
      name: 'simclr',
      label: 'SimCLR',
      paper: 'Chen et al. 2020',
      fields: [
        {
          name: 'temperature',
          label: 'Temperature τ',
          unit: 'no unit',
          low: 0.01,
          high: 1,
          step: 0.01,
          value: 0.1,
          why: 'The best in the paper.',
        },
      ],
      ...objectiveFacts.simclr,
    },
    objective('vicreg', 'VICReg', 'Bardes et al. 2022'),
    objective('barlowTwins', 'Barlow Twins', 'Zbontar et al. 2021'),
    objective('dino', 'DINO', 'Caron et al. 2021'),
    objective('clip', 'CLIP', 'Radford et al. 2021'),
    objective('convirt', 'ConVIRT', 'Zhang et al. 2022'),
    objective('siglip', 'SigLIP', 'Zhai et al. 2023'),
    objective('mae', 'MAE', 'He et al. 2022'),
    objective('mrm', 'MRM', 'Zhou et al. 2023'),
    objective('mlm', 'Masked language modelling', 'Devlin et al. 2019'),
  ],
};

function objective(name: keyof typeof objectiveFacts, label: string, paper: string): ObjectiveEntry {
  return { name, label, paper, fields: [], ...objectiveFacts[name] };
}

const headsQuestion: ImportQuestion = {
  topic: 'heads',
  sentence: 'How many attention heads does the file have?',
  choices: [
    { value: '3', label: '3 heads', note: 'usual for this size' },
    { value: '6', label: '6 heads', note: null },
  ],
};

/** The part of the trainer's contract that is about encoders; any files with a .json or .safetensors among them are a model, one that reads reports where a vocabulary is too; of a file called "asks…" the heads are asked. */
export function fakeCatalogue(
  catalogue: Catalogue,
): Pick<TrainerApi, 'catalogue' | 'importEncoder' | 'deleteEncoder'> {
  let ownModels: readonly CatalogueEntry[] = [];
  let count = 0;
  return {
    catalogue: () =>
      Promise.resolve({
        ...catalogue,
        imageEncoders: [...catalogue.imageEncoders, ...ownModels.filter(({ name }) => !isTextImport(name))],
        textEncoders: [...catalogue.textEncoders, ...ownModels.filter(({ name }) => isTextImport(name))],
      }),
    importEncoder: (name, files, scaling, answers) => {
      if (!files.some((file) => /\.(json|safetensors)$/.test(file.name)))
        return Promise.reject(new InputError('There is no model.json among what was chosen.'));
      if (files[0]!.name.startsWith('asks') && answers.heads === undefined)
        return Promise.resolve({ kind: 'question', question: headsQuestion });
      const label = name || files[0]!.name;
      const kind = files.some((file) => /^vocab\.(txt|json)$/.test(file.name)) ? 'text-' : '';
      const entry = {
        name: `imported:${kind}${++count}`,
        label,
        paper: `Your own model, ${scaling}, ${answers.heads ?? 'no'} heads`,
        fields: [],
      };
      ownModels = [...ownModels, entry];
      return Promise.resolve({ kind: 'added', entry, leftOut: answers.heads ? 'head.weight' : '' });
    },
    deleteEncoder: (id) => {
      ownModels = ownModels.filter(({ name }) => name !== `imported:${id}`);
      return Promise.resolve();
    },
  };
}
