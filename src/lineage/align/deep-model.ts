/** A model as a deep inspection is given it, opened for one round. */
import type { OpenedArtefact } from '../../artefact/index.ts'
import type { ArtefactFacts } from '../../formats/index.ts'
import { testableMlps } from '../weights/mlp.ts'
import { openWeights } from '../weights/weights.ts'
import type { DeepSides } from './deep-step.ts'
import type { AlignSide } from './match-models.ts'

/** See the module. */
export interface ComparedModel {
  readonly opened: OpenedArtefact
  readonly facts: ArtefactFacts
}

function widest({ mlps }: AlignSide): number {
  return Math.max(0, ...mlps.map(({ width }) => width))
}

/** Opens both, the one with the narrower layers as the left, and closes them again. */
export function withSides<T>(a: ComparedModel, b: ComparedModel, use: (sides: DeepSides) => T): T {
  const ours = openWeights(a.opened, a.facts)
  const theirs = openWeights(b.opened, b.facts)
  try {
    const [x, y] = [ours, theirs].map((weights) => ({ weights, mlps: testableMlps(weights.model) }))
    if (x === undefined || y === undefined) throw new RangeError('two models')
    return use(widest(y) < widest(x) ? { left: y, right: x } : { left: x, right: y })
  } finally {
    ours.close()
    theirs.close()
  }
}
