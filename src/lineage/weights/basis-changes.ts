/**
 * What the disagreement of tests says was done: the residual basis changed, units renumbered, training went on, the
 * files were packed anew.
 */
import { isAlignedView, type Alignment } from '../align/align-models.ts'
import { alignmentChanges } from '../align/alignment-evidence.ts'
import type { Change } from './change.ts'
import type { EqualityEvidence } from './equality-evidence.ts'
import { KIN_LOG10 } from './family-wise.ts'
import { isAgreeing, type LayerMap } from './layer-map.ts'
import { residualWidth } from './mlp.ts'
import type { ResidualTest } from './residual.ts'
import type { SharedTraining } from './shared-training.ts'
import type { Weights } from './weights.ts'

/** What was found so far. */
export interface Findings {
  /** Null when labels did not have to be aligned, or nothing agreed. */
  readonly alignment: Alignment | null
  readonly map: LayerMap
  readonly residual: readonly ResidualTest[]
  readonly equality: EqualityEvidence
  readonly shared: SharedTraining
  readonly a: Weights
  readonly b: Weights
}

function note(text: string): Change {
  return { text, child: null }
}

function basisChange({ map, residual, a, b }: Findings): Change[] {
  const byShape = map.aligned.filter(({ best }) => best.view === 'unit shape')
  if (byShape.length === 0) return []
  const [widthA, widthB] = [residualWidth(a.model), residualWidth(b.model)]
  if (widthA !== widthB) {
    const child = widthA < widthB ? 'a' : 'b'
    return [
      { text: `residual dimensions removed: ${Math.max(widthA, widthB)} became ${Math.min(widthA, widthB)}`, child },
    ]
  }
  const isShared = residual.some(({ points }) => points.log10p <= KIN_LOG10)
  return isShared
    ? []
    : [note('residual stream rotated or mixed: units keep their lengths and angles, but no vector its direction')]
}

function renumbering({ map, residual, equality, a, b }: Findings): Change[] {
  if (map.aligned.some(isAgreeing) || !residual.some(({ points }) => points.log10p <= KIN_LOG10)) return []
  const widths = [a, b].map(({ model }) => model.parts.find(({ role }) => role === 'up')?.rows ?? 0)
  if (widths[0] !== widths[1]) {
    const removed = Math.min(...widths) === widths[0] ? 'a' : 'b'
    const text = `hidden layers of ${widths[0]} and ${widths[1]} units: units removed or added, or layers replaced`
    return [{ text, child: removed === 'a' && equality.equalMatrices > 0 ? 'a' : null }]
  }
  if (map.aligned.length > 0) return []
  return [note('hidden units renumbered or layers replaced: residual dimensions agree, units do not')]
}

/** How a model is packed and what it calls itself. */
export interface Packaging {
  readonly files: number
  readonly modelType: string | null
}

/** Other files, other names around the same numbers. */
export function packagingChanges(equality: EqualityEvidence, a: Packaging, b: Packaging): Change[] {
  const isShared = equality.equalBits + equality.equalValues > 0
  const sharded = a.files === b.files ? [] : [note(`packed into ${a.files} weight files in A and ${b.files} in B`)]
  const isRenamed = isShared && a.modelType !== b.modelType
  const renamed = isRenamed
    ? [note(`declared as ${a.modelType ?? 'nothing'} in A and ${b.modelType ?? 'nothing'} in B`)]
    : []
  return [...sharded, ...renamed]
}

function packagingOf({ model }: Weights): Packaging {
  const files = new Set(model.tensors.map(({ file }) => file)).size
  return { files, modelType: model.architecture.modelType }
}

/** From this cosine down units have visibly moved. */
const MOVED = 0.9995

/** How far training went; for when nothing else explains that units moved. */
export function trainingChanges(shared: SharedTraining, map: LayerMap): Change[] {
  if (shared.cosine === null || shared.cosine > MOVED || !map.aligned.some(isAgreeing)) return []
  const units = map.aligned.some(({ best }) => isAlignedView(best.view)) ? 'aligned units' : 'units of the same number'
  return [note(`weights moved: mean cosine ${shared.cosine.toFixed(3)} between ${units}`)]
}

/** All of it; see the module. */
export function basisChanges(found: Findings): Change[] {
  const packaging = packagingChanges(found.equality, packagingOf(found.a), packagingOf(found.b))
  const layers = Math.min(found.map.layersA, found.map.layersB)
  const labels =
    found.alignment === null
      ? [...basisChange(found), ...renumbering(found)]
      : alignmentChanges(found.alignment, layers)
  return [...labels, ...packaging]
}
