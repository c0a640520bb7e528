/**
 * WGSL of attention and its gradients. A thread keeps some rows (queries, or keys on the way back) in registers and goes down the rows of
 * the other side; nothing is shared between threads, so there is no barrier.
 */
import { FEW_PRODUCTS, float, laneSum, lineThread, LINE, repeat, shader, typeOf, widthOf } from './wgsl.ts';

/** What is to be computed. */
export interface AttentionProblem {
  readonly batch: number;
  readonly queries: number;
  readonly keys: number;
  readonly heads: number;
  /** Dimensions of one head. */
  readonly head: number;
}

/** What an attention's shaders depend on. */
export interface AttentionSizes extends AttentionProblem {
  /** Queries, keys and values lie one after another in the last axis of one buffer. */
  readonly packed: boolean;
  /** A buffer [batch, keys] of int32 says which keys may be looked at. */
  readonly masked: boolean;
  /** Rows that one thread keeps. */
  readonly rows: number;
  /** The way back has Σ dO·O of each row beside its statistics, computed before: two buffers less where a shader may bind only eight. */
  readonly folded: boolean;
}

/** Keys that the forward pass takes at once: one rescaling of what was summed before for all of them. */
const BLOCK = 4;
/** Vectors of a head up to which registers have names of their own; more lie in an array and are gone through in a loop. */
const NAMED = { few: 4, many: 16 };
/** Below every logit, yet finite. */
const LOWEST = '-3.4e38f';

/** Multiplications of queries with keys. */
export function productsOf({ batch, queries, keys, heads, head }: AttentionProblem): number {
  return batch * heads * queries * keys * head;
}

/** Threads for the rows of one side. */
export function threadsOf({ batch, heads, rows }: AttentionSizes, count: number): number {
  return batch * heads * Math.ceil(count / rows);
}

/** Buffers: queries, keys, values (or the packed one), the mask if any, o, statistics [batch, heads, queries] of (largest logit, 1/sum). */
export function attentionShader(sizes: AttentionSizes): string {
  const { queries, keys, masked } = sizes;
  const text = textOf(sizes);
  const { type, each, all, named, off, reads, sum } = text;
  return shader(
    [...text.inputs, ...(masked ? ['mask: i32'] : []), `*o: ${type}`, '*statistics: vec2f'],
    [LINE],
    `${text.start(queries)}
${all(
  (n) => `${text.row(n, queries)}
let q${n}at = ${text.at('query', `i${n}`)};
${text.declare(`q${n}`)} ${text.declare(`o${n}`)}
${each((c) => `${named(`q${n}`, c)} = ${reads('query')}[q${n}at + ${off(c)}] * ${text.scale};`)}
var m${n} = ${LOWEST};
var l${n} = 0.0;`,
)}
for (var j = 0u; j < ${keys}u; j += ${BLOCK}u) {
${repeat(BLOCK, (e) => {
  const within = keys % BLOCK === 0;
  const key = within ? `j + ${e}u` : `min(j + ${e}u, ${keys - 1}u)`;
  const past =
    within || e === 0 ? '' : all((n) => `s${n}_${e} = select(s${n}_${e}, ${LOWEST}, j + ${e}u >= ${keys}u);`);
  return `let key${e} = ${key};
let k${e}at = ${text.at('key', `key${e}`)};
${all((n) => `var d${n}_${e} = ${type}(0);`)}
${each((c) => `{ let x = ${reads('key')}[k${e}at + ${off(c)}]; ${all((n) => `d${n}_${e} = fma(${named(`q${n}`, c)}, x, d${n}_${e});`)} }`)}
${all((n) => `var s${n}_${e} = ${sum(`d${n}_${e}`)}${text.maskTerm(`key${e}`)};`)}
${past}`;
})}
${all((n) => {
  const block = Array.from({ length: BLOCK }, (_, e) => `s${n}_${e}`);
  return `let m${n}new = ${block.reduce((most, s) => `max(${most}, ${s})`, `m${n}`)};
let f${n} = exp(m${n} - m${n}new);
m${n} = m${n}new;
${block.map((s, e) => `let p${n}_${e} = exp(${s} - m${n}new);`).join('\n')}
l${n} = l${n} * f${n} + (${block.map((_, e) => `p${n}_${e}`).join(' + ')});`;
})}
${repeat(BLOCK, (e) => `let v${e}at = ${text.at('value', `key${e}`)};`)}
${each((c) => {
  const loads = repeat(BLOCK, (e) => `let x${e} = ${reads('value')}[v${e}at + ${off(c)}];`);
  const terms = all((n) => {
    const o = named(`o${n}`, c);
    const added = Array.from({ length: BLOCK }, (_, e) => e).reduce(
      (rest, e) => `fma(${type}(p${n}_${e}), x${e}, ${rest})`,
      `${o} * f${n}`,
    );
    return `${o} = ${added};`;
  });
  return `{ ${loads}\n${terms} }`;
})}
}
${all(
  (n) => `${text.guard(n, queries)} {
let inverse = 1.0 / l${n};
let to = ${text.plainAt(`i${n}`, queries)};
${each((c) => `o[to + ${off(c)}] = ${named(`o${n}`, c)} * inverse;`)}
statistics[line * ${queries}u + i${n}] = vec2f(m${n}, inverse);
}`,
)}`,
  );
}

/** Buffers: dO, O, statistics, and of each row (largest logit, 1/sum, Σ dO·O, 0). */
export function foldShader(sizes: AttentionSizes): string {
  const { queries } = sizes;
  const text = textOf(sizes);
  const { type, each, all, off, sum, plainAt, row, guard } = text;
  return shader(
    [`dy: ${type}`, `o: ${type}`, 'statistics: vec2f', '*folded: vec4f'],
    [LINE],
    `${text.start(queries)}
${all(
  (n) => `${row(n, queries)}
let y${n}at = ${plainAt(`i${n}`, queries)};
var delta${n} = ${type}(0);
${each((c) => `delta${n} += dy[y${n}at + ${off(c)}] * o[y${n}at + ${off(c)}];`)}
${guard(n, queries)} {
let at = line * ${queries}u + i${n};
folded[at] = vec4f(statistics[at], ${sum(`delta${n}`)}, 0.0);
}`,
)}`,
  );
}

/**
 * Buffers: as forward, then dO, O, statistics, dQ (or the packed gradient, of which it writes the first third), Σ dO·O of each row.
 * Folded: as forward, then dO, what `foldShader` wrote, dQ.
 */
export function queriesShader(sizes: AttentionSizes): string {
  const { queries, keys, masked, folded } = sizes;
  const text = textOf(sizes);
  const { type, each, all, named, off, reads, sum } = text;
  return shader(
    [
      ...[...text.inputs, ...(masked ? ['mask: i32'] : [])],
      ...(folded
        ? [`dy: ${type}`, 'statistics: vec4f', `*dQuery: ${type}`]
        : [`dy: ${type}`, `o: ${type}`, 'statistics: vec2f', `*dQuery: ${type}`, '*deltas: f32']),
    ],
    [LINE],
    `${text.start(queries)}
${all(
  (n) => `${text.row(n, queries)}
let q${n}at = ${text.at('query', `i${n}`)};
let y${n}at = ${text.plainAt(`i${n}`, queries)};
${['q', 'd', 'g'].map((name) => text.declare(`${name}${n}`)).join(' ')}
${folded ? '' : `var delta${n}sum = ${type}(0);`}
${each(
  (c) => `${named(`q${n}`, c)} = ${reads('query')}[q${n}at + ${off(c)}] * ${text.scale};
${named(`d${n}`, c)} = dy[y${n}at + ${off(c)}];
${folded ? '' : `delta${n}sum += ${named(`d${n}`, c)} * o[y${n}at + ${off(c)}];`}`,
)}
let statistic${n} = statistics[line * ${queries}u + i${n}];
let delta${n} = ${folded ? `statistic${n}.z` : sum(`delta${n}sum`)};`,
)}
for (var j = 0u; j < ${keys}u; j++) {
let kat = ${text.at('key', 'j')};
let vat = ${text.at('value', 'j')};
${all((n) => `var s${n} = ${type}(0); var e${n} = ${type}(0);`)}
${each(
  (c) => `{ let k = ${reads('key')}[kat + ${off(c)}]; let v = ${reads('value')}[vat + ${off(c)}];
${all((n) => `s${n} = fma(${named(`q${n}`, c)}, k, s${n}); e${n} = fma(${named(`d${n}`, c)}, v, e${n});`)} }`,
)}
${all(
  (n) => `let logit${n} = ${sum(`s${n}`)}${text.maskTerm('j')};
let w${n} = ${type}(exp(logit${n} - statistic${n}.x) * statistic${n}.y * (${sum(`e${n}`)} - delta${n}));`,
)}
${each(
  (c) => `{ let k = ${reads('key')}[kat + ${off(c)}];
${all((n) => `${named(`g${n}`, c)} = fma(w${n}, k, ${named(`g${n}`, c)});`)} }`,
)}
}
${all(
  (n) => `${text.guard(n, queries)} {
${each((c) => `dQuery[q${n}at + ${off(c)}] = ${named(`g${n}`, c)} * ${text.scale};`)}
${folded ? '' : `deltas[line * ${queries}u + i${n}] = delta${n};`}
}`,
)}`,
  );
}

/**
 * Buffers: as forward, then dO, statistics, Σ dO·O, dK, dV (or the packed gradient, of which it writes the last two thirds). Folded: the
 * statistics hold Σ dO·O.
 */
export function keysShader(sizes: AttentionSizes): string {
  const { queries, keys, masked, packed, folded } = sizes;
  const text = textOf(sizes);
  const { type, each, all, named, off, reads, sum } = text;
  const [toKey, toValue] = packed ? ['dPacked', 'dPacked'] : ['dKey', 'dValue'];
  return shader(
    [
      ...[...text.inputs, ...(masked ? ['mask: i32'] : [])],
      ...[`dy: ${type}`, ...(folded ? ['statistics: vec4f'] : ['statistics: vec2f', 'deltas: f32'])],
      ...(packed ? [`*dPacked: ${type}`] : [`*dKey: ${type}`, `*dValue: ${type}`]),
    ],
    [LINE],
    `${text.start(keys)}
${all(
  (n) => `${text.row(n, keys)}
let k${n}at = ${text.at('key', `i${n}`)};
let v${n}at = ${text.at('value', `i${n}`)};
${['k', 'v', 'g', 'h'].map((name) => text.declare(`${name}${n}`)).join(' ')}
${each(
  (c) => `${named(`k${n}`, c)} = ${reads('key')}[k${n}at + ${off(c)}] * ${text.scale};
${named(`v${n}`, c)} = ${reads('value')}[v${n}at + ${off(c)}];`,
)}
let bias${n} = 0.0${text.maskTerm(`i${n}`)};`,
)}
for (var j = 0u; j < ${queries}u; j++) {
let qat = ${text.at('query', 'j')};
let yat = ${text.plainAt('j', queries)};
let statistic = statistics[line * ${queries}u + j];
let delta = ${folded ? 'statistic.z' : `deltas[line * ${queries}u + j]`};
${all((n) => `var s${n} = ${type}(0); var e${n} = ${type}(0);`)}
${each(
  (c) => `{ let q = ${reads('query')}[qat + ${off(c)}]; let d = dy[yat + ${off(c)}];
${all((n) => `s${n} = fma(${named(`k${n}`, c)}, q, s${n}); e${n} = fma(${named(`v${n}`, c)}, d, e${n});`)} }`,
)}
${all(
  (n) => `let p${n} = exp(${sum(`s${n}`)} + bias${n} - statistic.x) * statistic.y;
let w${n} = ${type}(p${n} * (${sum(`e${n}`)} - delta));`,
)}
${each(
  (c) => `{ let q = ${reads('query')}[qat + ${off(c)}]; let d = dy[yat + ${off(c)}];
${all((n) => `${named(`g${n}`, c)} = fma(w${n}, q, ${named(`g${n}`, c)}); ${named(`h${n}`, c)} = fma(${type}(p${n}), d, ${named(`h${n}`, c)});`)} }`,
)}
}
${all(
  (n) => `${text.guard(n, keys)} {
${each(
  (c) => `${toKey}[k${n}at + ${off(c)}] = ${named(`g${n}`, c)} * ${text.scale};
${toValue}[v${n}at + ${off(c)}] = ${named(`h${n}`, c)};`,
)}
}`,
)}`,
  );
}

type Part = 'query' | 'key' | 'value';

/** The pieces of text that the shaders have in common. */
function textOf(sizes: AttentionSizes) {
  const { batch, queries, keys, heads, head, packed, masked, rows } = sizes;
  const width = widthOf(head);
  const type = typeOf(width);
  const vectors = head / width;
  const across = heads * vectors;
  const isNamed = vectors <= NAMED[productsOf(sizes) < FEW_PRODUCTS ? 'few' : 'many'];
  const parts: readonly Part[] = ['query', 'key', 'value'];
  const reads = (part: Part): string => (packed ? 'packed' : part);
  const plainAt = (row: string, count: number): string =>
    `(batch * ${count}u + ${row}) * ${across}u + head * ${vectors}u`;
  return {
    type,
    reads,
    /** The place of a row of O. */
    plainAt,
    scale: float(1 / Math.sqrt(head)),
    inputs: packed ? [`packed: ${type}`] : parts.map((part) => `${part}: ${type}`),
    /** Which head of which entry, and the first of its rows. */
    start(count: number): string {
      const lines = Math.ceil(count / rows);
      return `${lineThread(batch * heads * lines)}
let first = (thread % ${lines}u) * ${rows}u;
let line = thread / ${lines}u;
let head = line % ${heads}u;
let batch = line / ${heads}u;`;
    },
    /** The place of a row of queries, keys or values. */
    at(part: Part, row: string): string {
      if (!packed) return plainAt(row, part === 'query' ? queries : keys);
      return `(batch * ${queries}u + ${row}) * ${3 * across}u + ${parts.indexOf(part) * across}u + head * ${vectors}u`;
    },
    row: (n: number, count: number): string =>
      `let i${n} = ${count % rows === 0 ? `first + ${n}u` : `min(first + ${n}u, ${count - 1}u)`};`,
    /** Rows past the last repeat it and are not stored. */
    guard: (n: number, count: number): string =>
      count % rows === 0 || n === 0 ? '' : `if (first + ${n}u < ${count}u)`,
    maskTerm: (key: string): string =>
      masked ? ` + select(-1e9f, 0.0, mask[batch * ${keys}u + ${key}] != 0)` : '',
    all: (part: (n: number) => string): string => repeat(rows, part),
    each: (part: (c: string) => string): string =>
      isNamed
        ? repeat(vectors, (c) => part(String(c)))
        : `for (var c = 0u; c < ${vectors}u; c++) {\n${part('c')}\n}`,
    off: (c: string): string => (isNamed ? `${c}u` : c),
    named: (name: string, c: string): string => (isNamed ? `${name}_${c}` : `${name}[${c}]`),
    declare: (name: string): string =>
      isNamed
        ? repeat(vectors, (c) => `var ${name}_${c} = ${type}(0);`)
        : `var ${name}: array<${type}, ${vectors}>;`,
    sum: (value: string): string => laneSum(value, width),
  };
}
