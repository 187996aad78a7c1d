/**
 * Are the weights of two models kin? The one way in.
 *
 * Each side is a model with its weights or a fingerprint that was taken before. Two models with weights are compared
 * value by value; as soon as one side is only a fingerprint, that of the other is taken and the fingerprints are compared.
 */
import type { OpenedArtefact } from '../artefact/index.ts'
import type { ArtefactFacts } from '../formats/index.ts'
import { gatherFromFingerprints } from './fingerprint/compare-fingerprints.ts'
import type { Fingerprint } from './fingerprint/fingerprint.ts'
import { fingerprintModel } from './fingerprint/fingerprint-model.ts'
import { assembleComparison } from './weights/assemble-comparison.ts'
import type { Comparison } from './weights/comparison.ts'
import { gatherFromWeights } from './weights/compare-weights.ts'
import { pairSeed, PUBLIC_SEED } from './weights/sampling.ts'
import { openWeights, type Weights } from './weights/weights.ts'

/** A model with its weights. */
export interface ModelSide {
  readonly opened: OpenedArtefact
  readonly facts: ArtefactFacts
}

/** One side of a comparison. */
export type ComparedSide = ModelSide | { readonly fingerprint: Fingerprint }

/** How to go about it. */
export interface CompareOptions {
  /** Hex digest that decides which units are looked at; that of both identities when left out. */
  readonly seed?: string
  /** Worker threads for a fingerprint that has to be taken. */
  readonly threads?: number
  readonly signal?: AbortSignal
  /** Called as layers are compared. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
}

/** Runs the cascade over weights that are open, wherever their bytes lie. Neither side is closed. */
export function compareOpened(a: Weights, b: Weights, options: CompareOptions = {}): Comparison {
  const seed = options.seed ?? pairSeed(a.id, b.id)
  return assembleComparison(gatherFromWeights(a, b, { ...options, seed }), seed)
}

function compareFiles(a: ModelSide, b: ModelSide, options: CompareOptions): Comparison {
  const ours = openWeights(a.opened, a.facts)
  const theirs = openWeights(b.opened, b.facts)
  try {
    return compareOpened(ours, theirs, options)
  } finally {
    ours.close()
    theirs.close()
  }
}

async function fingerprintOf(side: ComparedSide, options: CompareOptions): Promise<Fingerprint> {
  if ('fingerprint' in side) return side.fingerprint
  const { threads, signal } = options
  return fingerprintModel(side.opened, side.facts, {
    ...(threads === undefined ? {} : { threads }),
    ...(signal === undefined ? {} : { signal }),
  })
}

/**
 * Compares two models; see the module. What cannot be compared is `insufficient`, not an error.
 *
 * @throws Fault `cancelled`, `changed-while-read`
 */
export async function compareModels(
  a: ComparedSide,
  b: ComparedSide,
  options: CompareOptions = {},
): Promise<Comparison> {
  if (!('fingerprint' in a) && !('fingerprint' in b)) return compareFiles(a, b, options)
  const ours = await fingerprintOf(a, options)
  const theirs = await fingerprintOf(b, options)
  return assembleComparison(gatherFromFingerprints(ours, theirs), PUBLIC_SEED)
}
