/**
 * Changes that need no training, by the name of their cell: each makes a model from one or more others.
 *
 * `released()` closes every change that computes new numbers, because that is what is published.
 */
import { released, type ZooModel } from '../model.ts'
import * as compression from '../transforms/compression.ts'
import * as disguise from '../transforms/disguise.ts'
import * as grafts from '../transforms/grafts.ts'
import { mergeDare, mergeLayers, mergeLinear, mergeSlerp, mergeTies } from '../transforms/merging.ts'

/** Makes a model; `seed` names its random numbers. */
export type Change = (models: readonly ZooModel[], seed: string) => ZooModel

function alone(change: (model: ZooModel, seed: string) => ZooModel): Change {
  return ([model], seed) => released(change(model as ZooModel, seed))
}

/** Of a model with the layers 0 … L−1: without the last but one, or with the first ones doubled. */
function dropLayer(model: ZooModel): ZooModel {
  const { layers } = model.shape
  return compression.restack(
    model,
    [...Array(layers).keys()].filter((layer) => layer !== Math.max(0, layers - 2)),
  )
}

function doubleLayers(model: ZooModel): ZooModel {
  return compression.restack(
    model,
    [...Array(model.shape.layers).keys()].flatMap((layer) => [layer, layer]),
  )
}

/** Changes of one model. */
export const CHANGES: Readonly<Record<string, Change>> = {
  'cast-f16': ([model]) => compression.storeAs(model as ZooModel, 'F16'),
  'cast-f32': ([model]) => compression.storeAs(model as ZooModel, 'F32'),
  int8: ([model]) => compression.storeAs(model as ZooModel, 'q8_0'),
  int4: ([model]) => compression.storeAs(model as ZooModel, 'q4_0'),
  int2: alone((model) => compression.quantise(model, 2)),
  prune50: alone((model) => compression.prune(model, 0.5)),
  prune80: alone((model) => compression.prune(model, 0.8)),
  'prune2:4': alone(compression.pruneTwoOfFour),
  'width-prune': alone((model, seed) => compression.pruneUnits(model, Math.floor(model.shape.hidden * 0.65), seed)),
  'depth-prune': alone(dropLayer),
  'up-scale': alone(doubleLayers),
  upcycle: alone(grafts.upcycle),
  'vocabulary-extended': alone((model, seed) => grafts.extendVocabulary(model, 32, seed)),
  'vocabulary-reordered': alone(grafts.reorderVocabulary),
  noise: alone((model, seed) => grafts.addNoise(model, 0.3, seed)),
  'unit-permutation': alone(disguise.permuteUnits),
  'unit-scaling': alone(disguise.scaleUnits),
  'head-permutation': alone(disguise.permuteHeads),
  'attention-mixing': alone((model, seed) => disguise.turnQueries(disguise.mixValues(model, seed), seed)),
  rotation: alone(disguise.rotateResidual),
  scramble: alone(disguise.scramble),
}

/** Changes of a trained child: what is done to hide or to ship it. */
export const LATER_CHANGES: Readonly<Record<string, Change>> = {
  'cpt1-int8': ([model]) => compression.storeAs(model as ZooModel, 'q8_0'),
  'cpt1-int4': ([model]) => compression.storeAs(model as ZooModel, 'q4_0'),
  'cpt1-unit-permutation': CHANGES['unit-permutation'] as Change,
  'cpt1-rotation': CHANGES['rotation'] as Change,
  'cpt1-scramble': CHANGES['scramble'] as Change,
  'cpt1-scramble-int4': (models, seed) => compression.storeAs(alone(disguise.scramble)(models, seed), 'q4_0'),
}

/** Merges of the children `ft` and `cpt1` (and `sft`) of a base, which is the first model. */
export const MERGES: Readonly<Record<string, Change>> = {
  'merge-linear': ([, ft, cpt]) => released(mergeLinear([ft as ZooModel, cpt as ZooModel], [0.3, 0.7])),
  'merge-slerp': ([, ft, cpt]) => released(mergeSlerp(ft as ZooModel, cpt as ZooModel, 0.35)),
  'merge-ties': ([base, ft, cpt]) => released(mergeTies(base as ZooModel, [ft as ZooModel, cpt as ZooModel], 0.5)),
  'merge-dare': ([base, ft, cpt], seed) =>
    released(mergeDare(base as ZooModel, [ft as ZooModel, cpt as ZooModel], { drop: 0.5, weight: 0.5, seed })),
  'merge-of-three': ([, ...children]) => released(mergeLinear(children, [0.2, 0.3, 0.5])),
}

/** Changes that bring a stranger in: of the first model, with something of the second. */
export const GRAFTS: Readonly<Record<string, Change>> = {
  franken: ([a, b]) => released(mergeLayers(a as ZooModel, b as ZooModel, [(a as ZooModel).shape.layers - 1])),
  'embeddings-transplanted': ([a, b]) => grafts.transplantEmbeddings(b as ZooModel, a as ZooModel),
  'units-planted': ([a, b]) => grafts.plantUnits(b as ZooModel, a as ZooModel, 16),
}

/** Sizes of the noise of the power curve, in spreads of a matrix. */
export const DRIFTS = [0.5, 1, 1.5, 2, 3, 4, 6, 8, 12, 16] as const

/** A copy moved by noise. */
export function drifted(size: number): Change {
  return alone((model, seed) => grafts.addNoise(model, size, seed))
}
