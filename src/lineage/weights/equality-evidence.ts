/**
 * Which parts of two models are the same numbers, counted.
 */
import { isLearnedRole, isVaried } from './learned.ts'
import { confirmEquality, type Agreement } from './equality.ts'
import { partSize, type Part } from './part.ts'
import { isMatrix, isSameShape, pairParts } from './part-pairs.ts'
import { samplePair, type PartSample } from './part-sample.ts'
import { unreadWeights } from './unread.ts'
import type { Weights } from './weights.ts'

/** One pair with what was found. */
export interface ComparedPart {
  readonly sample: PartSample
  readonly agreement: Agreement
}

/** Counts that a verdict needs; plain data. */
export interface EqualityEvidence {
  /** Parts that stand in the same place in both. */
  readonly paired: number
  readonly equalBits: number
  readonly equalValues: number
  /** Elements of paired parts, and of those that are equal. */
  readonly elements: number
  readonly equalElements: number
  /** Elements of parts that have no counterpart. */
  readonly unpairedElements: number
  /** Matrices in learned roles among the pairs, and how many of them vary and are equal; see `learned.ts`. */
  readonly matrices: number
  readonly equalMatrices: number
  /** Equal matrices that vary and may come out of a formula: no evidence of kinship. */
  readonly equalOthers: number
  /** Pairs of layers that have an equal matrix in common. */
  readonly equalLayers: readonly { readonly a: number; readonly b: number }[]
  /** Same names, same types, same weight files. */
  readonly samePackaging: boolean
}

/** Compares all parts that stand in the same place. */
export function compareParts(
  a: Weights,
  b: Weights,
  at: { readonly partners: ReadonlyMap<number, number>; readonly seed: string },
): { readonly parts: readonly ComparedPart[]; readonly leftover: readonly Part[] } {
  const { pairs, onlyA, onlyB } = pairParts(a.model, b.model, at.partners)
  const parts = pairs.map((pair): ComparedPart => {
    const sample = isSameShape(pair)
      ? samplePair(a, b, { pair, seed: at.seed })
      : { ...samplePair(a, b, { pair: { ...pair, a: { ...pair.a, rows: 0 } }, seed: at.seed }), pair }
    return { sample, agreement: confirmEquality(a, b, sample) }
  })
  return { parts, leftover: [...onlyA, ...onlyB].filter((part) => !isTiedHead(part, onlyA.includes(part) ? a : b)) }
}

/** A head that is stored although it is the embedding again: the other model ties the two. */
function isTiedHead(part: Part, weights: Weights): boolean {
  const embedding = weights.model.parts.find(({ role, bias }) => role === 'embedding' && !bias)
  if (part.role !== 'head' || part.bias || embedding === undefined) return false
  const pair = { a: part, b: embedding }
  return (
    isSameShape(pair) &&
    confirmEquality(weights, weights, samplePair(weights, weights, { pair, seed: '' })) !== 'different'
  )
}

/** Sums up; see {@link EqualityEvidence}. */
export function sumUp(
  parts: readonly ComparedPart[],
  leftover: readonly Part[],
  samePackaging: boolean,
): EqualityEvidence {
  const equal = parts.filter(({ agreement }) => agreement !== 'different')
  const isLearned = ({ sample }: ComparedPart): boolean => isLearnedRole(sample.pair.a.role)
  const varied = equal.filter(({ sample }) => isMatrix(sample.pair.a) && isVaried(sample))
  const equalMatrices = varied.filter(isLearned)
  const layers = new Map(
    equalMatrices
      .filter(({ sample }) => sample.pair.a.layer >= 0)
      .map(({ sample }) => [sample.pair.a.layer, sample.pair.b.layer]),
  )
  const size = (list: readonly ComparedPart[]): number =>
    list.reduce((sum, { sample }) => sum + partSize(sample.pair.a), 0)
  return {
    paired: parts.length,
    equalBits: parts.filter(({ agreement }) => agreement === 'bits').length,
    equalValues: parts.filter(({ agreement }) => agreement === 'values').length,
    elements: size(parts),
    equalElements: size(equal),
    unpairedElements: leftover.reduce((sum, part) => sum + partSize(part), 0),
    matrices: parts.filter((part) => isLearned(part) && isMatrix(part.sample.pair.a)).length,
    equalMatrices: equalMatrices.length,
    equalOthers: varied.length - equalMatrices.length,
    equalLayers: [...layers].map(([a, b]) => ({ a, b })),
    samePackaging,
  }
}

/** Same weight files under whatever names, same tensor names and types, same declared architecture. */
export function isSamePackaging(a: Weights, b: Weights): boolean {
  const digests = (weights: Weights): string => {
    const holding = new Set([...weights.model.tensors.map(({ file }) => file), ...unreadWeights(weights.facts)])
    const files = weights.opened.artefact.files.filter(({ path }) => holding.has(path))
    return files
      .map(({ sha256 }) => sha256)
      .toSorted()
      .join()
  }
  return digests(a) === digests(b) && a.model.architecture.modelType === b.model.architecture.modelType
}
