/**
 * What each fine-tuning method sees, without its loss: plans and forms read it here, because this file does not load the tensor library.
 */
/** What a model sees when it predicts. */
export type Sees = 'image' | 'report' | 'imageAndReport';

/** What a method's model sees, and whether it learns from a teacher. */
export interface MethodInputs {
  readonly sees: Sees;
  readonly distils: boolean;
}

/** By method. */
export const methodInputs = {
  imageOnly: { sees: 'image', distils: false },
  textOnly: { sees: 'report', distils: false },
  teacher: { sees: 'imageAndReport', distils: false },
  distillation: { sees: 'image', distils: true },
} as const satisfies Readonly<Record<string, MethodInputs>>;

/** The methods by registry name. */
export type MethodName = keyof typeof methodInputs;

/** A method in the middle of a phrase: "image only", "image + report", "distilled". */
export function methodWords(method: MethodName): string {
  const { sees, distils } = methodInputs[method];
  if (distils) return 'distilled';
  return { image: 'image only', report: 'report only', imageAndReport: 'image + report' }[sees];
}

/** True when a model of the method reads the report when it predicts. */
export function readsReports(method: MethodName): boolean {
  return methodInputs[method].sees !== 'image';
}

/** True when a model of the method reads the film when it predicts. */
export function seesFilms(method: MethodName): boolean {
  return methodInputs[method].sees !== 'report';
}
