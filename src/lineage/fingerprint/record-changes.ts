/**
 * What was done to the weights, as far as two fingerprints show it: types, zeros, equal tensors, packing.
 */
import type { Change } from '../weights/change.ts'
import { packagingChanges, trainingChanges } from '../weights/basis-changes.ts'
import type { EqualityEvidence } from '../weights/equality-evidence.ts'
import type { LayerMap } from '../weights/layer-map.ts'
import { isQuantised } from '../weights/part-sample.ts'
import type { SharedTraining } from '../weights/shared-training.ts'
import { recordSize, type RecordPair } from './compare-records.ts'
import type { Fingerprint } from './fingerprint.ts'

/** What was found so far. */
export interface RecordFindings {
  readonly a: Fingerprint
  readonly b: Fingerprint
  readonly pairs: readonly RecordPair[]
  readonly equality: EqualityEvidence
  readonly shared: SharedTraining
  readonly map: LayerMap
}

function mainType(pairs: readonly RecordPair[], side: 'a' | 'b'): string {
  const sizes = new Map<string, number>()
  for (const pair of pairs) sizes.set(pair[side].type, (sizes.get(pair[side].type) ?? 0) + recordSize(pair[side]))
  return [...sizes].reduce((best, entry) => (entry[1] > best[1] ? entry : best), ['', 0] as const)[0]
}

function typeChange(pairs: readonly RecordPair[]): Change[] {
  const from = mainType(pairs, 'a')
  const to = mainType(pairs, 'b')
  if (from.toLowerCase() === to.toLowerCase()) return []
  if (isQuantised(from) === isQuantised(to)) return [{ text: `stored as ${from} in A and ${to} in B`, child: null }]
  return [{ text: `quantised to ${isQuantised(to) ? to : from}`, child: isQuantised(to) ? 'b' : 'a', sign: 'leaf' }]
}

/** Zeros are counted in 1/65535 of the sampled elements. */
const PRUNED = 0.05 * 65_535

function zeroChange(pairs: readonly RecordPair[], child: 'a' | 'b'): Change[] {
  const other = child === 'a' ? 'b' : 'a'
  const pruned = pairs.filter((pair) => {
    const isWeight = pair.a.layer >= 0 && pair.a.sketch !== null && !isQuantised(pair[child].type)
    return isWeight && pair[child].zeros > PRUNED && pair[other].zeros < 0.2 * pair[child].zeros
  })
  if (pruned.length === 0) return []
  const share = pruned.reduce((sum, pair) => sum + pair[child].zeros, 0) / pruned.length / 65_535
  return [{ text: `${(100 * share).toFixed(1)} % of the weights of ${pruned.length} matrices set to zero`, child }]
}

function equalChange(pairs: readonly RecordPair[]): Change[] {
  const differing = pairs.filter(({ agreement }) => agreement === 'different')
  if (differing.length === 0 || differing.length > 0.75 * pairs.length) return []
  const roles = [...new Set(differing.map(({ a }) => (a.bias ? `${a.role} bias` : a.role)))].join(', ')
  return [
    {
      text: `only ${roles} of ${differing.length} parts differ, the other ${pairs.length - differing.length} are equal`,
      child: null,
    },
  ]
}

/** All of it; see the module. */
export function recordChanges({ a, b, pairs, equality, shared, map }: RecordFindings): Change[] {
  const matrices = pairs.filter(({ a: { sketch } }) => sketch !== null)
  const types = typeChange(matrices)
  const zeros = [...zeroChange(pairs, 'a'), ...zeroChange(pairs, 'b')]
  const side = ({ fileCount, modelType }: Fingerprint): { files: number; modelType: string | null } => ({
    files: fileCount,
    modelType,
  })
  return [
    ...types,
    ...zeros,
    ...(types.length + zeros.length === 0 ? trainingChanges(shared, map) : []),
    ...equalChange(pairs),
    ...packagingChanges(equality, side(a), side(b)),
  ]
}
