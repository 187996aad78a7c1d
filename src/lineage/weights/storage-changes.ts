/**
 * What was done to the numbers themselves: cast, quantised, set to zero.
 *
 * Direction follows the lattice: rounding loses what cannot come back, so the side on the coarser lattice is the child.
 * The other way round a file of a finer type, all of whose values stand on the lattice of the coarser type, was cast up.
 */
import type { Change } from './change.ts'
import { isMatrix } from './part-pairs.ts'
import { isQuantised, type PartSample } from './part-sample.ts'

/** Total of one count over samples. */
function total(samples: readonly PartSample[], count: (sample: PartSample) => number): number {
  return samples.reduce((sum, sample) => sum + count(sample), 0)
}

/** The type that holds most elements. */
export function mainType(samples: readonly PartSample[], side: 'a' | 'b'): string {
  const sizes = new Map<string, number>()
  for (const { pair } of samples) {
    const part = pair[side]
    sizes.set(part.tensor.type, (sizes.get(part.tensor.type) ?? 0) + part.rows * part.columns)
  }
  return [...sizes].reduce((best, entry) => (entry[1] > best[1] ? entry : best), ['', 0] as const)[0]
}

/** Fraction bits of a plain type; a coarser type has fewer. */
const FRACTION_BITS: Readonly<Record<string, number>> = { bf16: 7, f16: 10, f32: 23, f64: 52 }

function castChange(samples: readonly PartSample[], from: string, to: string): Change[] {
  const elements = total(samples, ({ elements: n }) => n)
  const bitsA = FRACTION_BITS[from.toLowerCase()]
  const bitsB = FRACTION_BITS[to.toLowerCase()]
  if (bitsA === undefined || bitsB === undefined || bitsA === bitsB || elements === 0) return []
  const isEqual = total(samples, ({ equal }) => equal) === elements
  const finer = bitsA > bitsB ? 'a' : 'b'
  const [fine, coarse] = finer === 'a' ? [from, to] : [to, from]
  const isUpcast = total(samples, (sample) => (finer === 'a' ? sample.finerA : sample.finerB)) === 0
  const coarser = finer === 'a' ? 'b' : 'a'
  if (!isEqual && total(samples, ({ sameRounded }) => sameRounded) === elements)
    return [{ text: `cast to ${from} in A and to ${to} in B from the same numbers`, child: null }]
  if (!isEqual) return [{ text: `stored as ${from} in A and ${to} in B`, child: null }]
  return isUpcast
    ? [
        {
          text: `cast from ${coarse} to ${fine}: every value stands on the lattice of ${coarse}`,
          child: finer,
          sign: 'lattice',
        },
      ]
    : [{ text: `cast from ${fine} to ${coarse}`, child: coarser, sign: 'lattice' }]
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(part === whole ? 0 : 1)} %`
}

/** From this share within half a step on, what was quantised are the numbers of the other model. */
const ALL_WITHIN = 0.995

function quantisedChange(samples: readonly PartSample[], from: string, to: string): Change[] {
  const child = isQuantised(to) ? 'b' : 'a'
  if (isQuantised(from) === isQuantised(to))
    return isQuantised(to) && from !== to ? [{ text: `quantised to ${from} in A and to ${to} in B`, child: null }] : []
  const type = child === 'b' ? to : from
  const quantised = samples.filter(({ pair }) => isQuantised(pair[child].tensor.type))
  const elements = total(quantised, ({ elements: n }) => n)
  const within = total(quantised, (sample) => (child === 'b' ? sample.withinStepB : sample.withinStepA))
  const rounding = `${percent(within, elements)} of the drawn values within half a step of the other's`
  const sign = within >= ALL_WITHIN * elements ? 'lattice' : 'leaf'
  return [{ text: `quantised to ${type}: ${rounding}`, child, sign }]
}

/** Share of zeros from which a matrix counts as pruned. */
const PRUNED = 0.05

function zeroChange(samples: readonly PartSample[], child: 'a' | 'b'): Change[] {
  const weights = samples.filter(
    ({ pair }) => isMatrix(pair.a) && pair.a.layer >= 0 && !isQuantised(pair[child].tensor.type),
  )
  const isChild = child === 'a'
  const pruned = weights.filter(({ elements, zerosA, zerosB }) => {
    const [ours, theirs] = isChild ? [zerosA, zerosB] : [zerosB, zerosA]
    return elements > 0 && ours > PRUNED * elements && theirs < 0.2 * ours
  })
  if (pruned.length === 0) return []
  const elements = total(pruned, ({ elements: n }) => n)
  const zeros = total(pruned, ({ zerosA, zerosB }) => (isChild ? zerosA : zerosB))
  const groups = total(pruned, ({ groups: n }) => n)
  const pairs = total(pruned, ({ pairsOfZerosA, pairsOfZerosB }) => (isChild ? pairsOfZerosA : pairsOfZerosB))
  const both = total(pruned, ({ bothNonzero }) => bothNonzero)
  const kept = total(pruned, ({ survivorsEqual }) => survivorsEqual)
  const pattern = pairs >= 0.99 * groups && zeros < 0.6 * elements ? ' in the pattern 2:4' : ''
  const survivors = kept === both ? 'all others unchanged' : `${percent(kept, both)} of the others unchanged`
  const text = `${percent(zeros, elements)} of the weights of ${pruned.length} matrices set to zero${pattern}, ${survivors}`
  const isMask = kept === both && samples.every((sample) => pruned.includes(sample) || sample.equal === sample.elements)
  return [{ text, child, sign: isMask ? 'zero mask' : 'structure' }]
}

/** All that the samples of paired parts of equal shape show. */
export function storageChanges(samples: readonly PartSample[]): Change[] {
  const matrices = samples.filter(({ pair, elements }) => elements > 0 && isMatrix(pair.a))
  const from = mainType(matrices, 'a')
  const to = mainType(matrices, 'b')
  return [
    ...castChange(matrices, from, to),
    ...quantisedChange(matrices, from, to),
    ...zeroChange(matrices, 'a'),
    ...zeroChange(matrices, 'b'),
  ]
}
