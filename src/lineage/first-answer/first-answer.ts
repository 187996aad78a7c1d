/**
 * The first answer: what a sample of one or both models says of their kinship.
 *
 * The tests are those between fingerprints, and so is their exactness; what differs is how much was looked at. So the
 * verdict is never stronger than that: kinship of what was read is `common-origin`, with direction open, whatever the
 * shares; `derived`, `merge`, `identical` and `re-derived` are for those who read all of it. Nothing found is
 * `no-weight-evidence` in what was read, and says how much that was. No transformation is named: a layer that was not
 * read is no layer that was dropped.
 */
import { gatherFromFingerprints } from '../fingerprint/compare-fingerprints.ts'
import type { Fingerprint } from '../fingerprint/fingerprint.ts'
import { assembleComparison } from '../weights/assemble-comparison.ts'
import type { Comparison, FirstAnswerSide } from '../weights/comparison.ts'
import { gainsTest } from '../weights/residual.ts'
import { PUBLIC_SEED } from '../weights/sampling.ts'
import type { ModelSample } from './sample.ts'

/** One side: a sample with what it cost, or a whole fingerprint. */
export type FirstSide =
  | { readonly sample: ModelSample; readonly cost: Pick<FirstAnswerSide, 'bytes' | 'requests' | 'size'> }
  | { readonly fingerprint: Fingerprint }

function fingerprintOf(side: FirstSide): Fingerprint {
  return 'sample' in side ? side.sample.fingerprint : side.fingerprint
}

function describeSide(name: 'A' | 'B', side: FirstSide): FirstAnswerSide[] {
  if (!('sample' in side)) return []
  const { layers, fingerprint } = side.sample
  return [{ side: name, layers: layers.length, of: fingerprint.layers, ...side.cost }]
}

function untestedOf({ side, layers, of }: FirstAnswerSide): string[] {
  return [
    ...(layers < of ? [`${of - layers} of the ${of} layers of ${side}: their hidden units were not read`] : []),
    `in ${side}, all matrices but the one view of the MLP and the rows of the embedding that were drawn`,
  ]
}

/** What no first answer tests. */
const NOT_READ: readonly string[] = [
  'equal tensors: no digest was taken of what was not read whole',
  'layers dropped, added, moved or taken from elsewhere, among those that were not read',
]

const FULL = 'A full comparison reads all of it: bring the model and use compare or trace without --remote.'

function limitVerdict({ verdict, reasons }: Comparison): Pick<Comparison, 'verdict' | 'reasons' | 'direction'> {
  const [first = ''] = reasons
  if (verdict === 'no-weight-evidence') {
    const reason = `First answer: nothing significant in what was read. ${first}`
    return { verdict, reasons: [reason, FULL], direction: 'none' }
  }
  if (verdict === 'inconclusive' || verdict === 'insufficient')
    return { verdict, reasons: [...reasons, `First answer from a sample. ${FULL}`], direction: 'none' }
  const reason = `First answer: what was read is kin. Whether one descends from the other, and which, a sample does not say.`
  return { verdict: 'common-origin', reasons: [reason, first, FULL], direction: 'open' }
}

/** Answers; see the module. At least one side is a sample. */
export function firstAnswer(a: FirstSide, b: FirstSide): Comparison {
  const bothRead = 'sample' in a && 'sample' in b
  const further = bothRead ? gainsTest(a.sample.gains, b.sample.gains, PUBLIC_SEED) : []
  const gathered = gatherFromFingerprints(fingerprintOf(a), fingerprintOf(b), further)
  const sides = [...describeSide('A', a), ...describeSide('B', b)]
  const comparison = assembleComparison({ ...gathered, changes: [] }, PUBLIC_SEED)
  const tested = new Set(gathered.map.cells.map((cell) => cell.a))
  return {
    ...comparison,
    ...limitVerdict(comparison),
    layers: comparison.layers.filter((layer) => tested.has(layer.a)),
    untested: [...sides.flatMap(untestedOf), ...NOT_READ, ...comparison.untested],
    firstAnswer: sides,
  }
}
