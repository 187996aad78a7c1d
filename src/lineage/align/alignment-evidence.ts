/**
 * What an alignment says: its tests, what of it was learned together, and what was done to the labels.
 */
import { sha256 } from '../../base/index.ts'
import type { Change } from '../weights/change.ts'
import type { LabelAlignment, TestOutcome } from '../weights/comparison.ts'
import { draw } from '../weights/sampling.ts'
import { gainsCorrelation, type SharedTraining } from '../weights/shared-training.ts'
import { subspaceOverlap } from '../weights/subspace.ts'
import type { Gains } from '../weights/residual.ts'
import type { Alignment, AlignmentRun, AlignmentTest } from './align-models.ts'
import type { Concordance } from './concordance.ts'
import type { Matrix } from './frame.ts'
import { readInOrder } from './layer-vectors.ts'

const C2_ASSUMPTION =
  'views of unrelated layers agree no more often than views of one layer do within itself, or it does not matter to nearest neighbours from which of the two models a unit comes'
const C3_ASSUMPTION = `${C2_ASSUMPTION}; after the residual stream of one model was turned by what both do with the same tokens`
const C4_ASSUMPTION = `${C2_ASSUMPTION}; on layers that took no part in finding the turn`
const TURNED_C1_ASSUMPTION =
  'the order of the hidden units of at least one of the two models is exchangeable; the turn does not look at hidden units'

const ASSUMPTIONS: Readonly<Record<AlignmentTest, string>> = {
  C2: C2_ASSUMPTION,
  C3: `${C3_ASSUMPTION}; at their own number: ${TURNED_C1_ASSUMPTION}`,
  C4: `${C4_ASSUMPTION}; at their own number: ${TURNED_C1_ASSUMPTION}`,
}

function concordanceOutcome(test: AlignmentTest, match: Concordance, left: 'a' | 'b'): TestOutcome {
  const { points, cross, rate } = match
  const [ours, theirs] = [match.a.layer.layer, match.b.layer.layer]
  const [a, b] = left === 'a' ? [ours, theirs] : [theirs, ours]
  const views = `${points.fixed} of ${points.sampled} units have a partner on which views agree (null rate ${rate.toFixed(3)})`
  const nearer = `${cross.nearer} are nearer to the other model, ${cross.across} of ${cross.pairs} mutual pairs lie across`
  const turned = match.fixed.map((each) => `${each.points.fixed} by ${each.view}`).join(', ')
  const numbers = test !== 'C2' && turned !== '' ? `; at their own number: ${turned}` : ''
  return {
    id: test,
    view: `units of layer ${a} against layer ${b}`,
    statistic: `${views}; ${nearer}${numbers}`,
    log10p: points.log10p,
    assumption: ASSUMPTIONS[test],
  }
}

function isBetter(x: Concordance, y: Concordance): boolean {
  return x.points.log10p < y.points.log10p || (x.points.log10p === y.points.log10p && x.points.fixed > y.points.fixed)
}

/** The layers that agree; of a test in which none does, its best pair of layers. */
export function alignmentOutcomes({ concordances, found, ran, left, remarks = [] }: AlignmentRun): TestOutcome[] {
  const outcomes = ran.flatMap((test) => {
    if (found?.test === test) return found.matches.map((match) => concordanceOutcome(test, match, left))
    const matches = concordances.flatMap((each) => (each.test === test ? [each.match] : []))
    const [first, ...rest] = matches
    if (first === undefined) return []
    return [
      concordanceOutcome(
        test,
        rest.reduce((best, each) => (isBetter(each, best) ? each : best), first),
        left,
      ),
    ]
  })
  return [...outcomes, ...remarks]
}

/** Units of each matched layer whose leading directions are compared, and their coordinates. */
const OVERLAP = { units: 192, coordinates: 256, layers: 4, least: 32 } as const

function overlapOf({ a, b, agreed }: Concordance, seed: string): number | null {
  const pairs = Array.from(a.queries, (unit, i) => [unit, agreed[i] ?? -1] as const).filter(([, other]) => other >= 0)
  const [view] = a.layer.views
  if (pairs.length < OVERLAP.least || view === undefined || !b.layer.views.includes(view)) return null
  const drawn = Array.from(draw(seed, 'subspace units', { size: pairs.length, count: OVERLAP.units }))
  const read = ({ layer }: Concordance['a'], side: 0 | 1): { rows: Float32Array; dimension: number } => {
    const coordinates = draw(seed, 'subspace coordinates', { size: layer.length, count: OVERLAP.coordinates })
    const units = Uint32Array.from(drawn, (place) => pairs[place]?.[side] ?? 0)
    const rows = readInOrder(units, coordinates.length, (ascending) => layer.read(view, ascending, coordinates))
    return { rows, dimension: coordinates.length }
  }
  return subspaceOverlap(read(a, 0), read(b, 1))
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
}

/** Some of the layers that agree, evenly spread. */
function spreadMatches(matches: readonly Concordance[]): Concordance[] {
  const step = Math.max(1, Math.ceil(matches.length / OVERLAP.layers))
  return matches.filter((_, i) => i % step === 0)
}

/** Mean overlap of leading directions of paired units, over some of the layers; null when it cannot be taken. */
export function meanOverlapOf(matches: readonly Concordance[], seed: string): number | null {
  return mean(spreadMatches(matches).flatMap((match) => overlapOf(match, seed) ?? []))
}

/** Mean cosine of units with their partners; a unit without a partner counts as 0. */
export function meanCosineOf(matches: readonly Concordance[]): number | null {
  return mean(matches.map(({ cosine }) => cosine))
}

/**
 * The measures of shared training between aligned units. Gains count only while the residual stream stands as it was;
 * a unit without a partner counts as cosine 0.
 */
export function alignedTraining(
  found: Alignment,
  at: { readonly gains: readonly [Gains, Gains]; readonly seed: string },
): SharedTraining {
  const partners = new Map(
    found.matches.map(({ a, b }) =>
      found.left === 'a' ? [a.layer.layer, b.layer.layer] : [b.layer.layer, a.layer.layer],
    ),
  )
  return {
    gains: isTurned(found) ? null : gainsCorrelation(at.gains[0], at.gains[1], partners),
    overlap: meanOverlapOf(found.matches, at.seed),
    cosine: meanCosineOf(found.matches),
  }
}

/** Mean |element| on the diagonal: near 1 where nothing was turned. */
function diagonalOf({ rows, columns, values }: Matrix): number {
  const side = Math.min(rows, columns)
  let sum = 0
  for (let i = 0; i < side; i++) sum += Math.abs(values[i * columns + i] ?? 0)
  return side === 0 ? 0 : sum / side
}

/** Below this mean diagonal a residual stream counts as turned. */
const TURNED = 0.5

function isTurned({ rotation }: Alignment): boolean {
  return rotation !== null && diagonalOf(rotation.rotation) < TURNED
}

/** Units that carry their partner's number. */
function numberedOf({ a, agreed }: Concordance): number {
  return agreed.reduce((sum, unit, i) => sum + (unit >= 0 && unit === a.queries[i] ? 1 : 0), 0)
}

/** From this share of units a layer agrees as a copy does; up to the other their numbers agree as by chance. */
const COPY = 0.9
const CHANCE = 0.1

function shareOf(matches: readonly Concordance[], count: (match: Concordance) => number): number {
  const sampled = matches.reduce((sum, { points }) => sum + points.sampled, 0)
  return sampled === 0 ? 0 : matches.reduce((sum, match) => sum + count(match), 0) / sampled
}

function isRenumbered({ matches }: Alignment): boolean {
  return shareOf(matches, numberedOf) <= CHANCE
}

function isSameShape({ matches, rotation }: Alignment): boolean {
  const turned = rotation?.rotation
  return matches.every(({ a, b }) => a.layer.width === b.layer.width) && turned?.rows === turned?.columns
}

/** Nearly all units of most layers have their partner, in models of one shape whose labels say nothing of it. */
function isScrambled(found: Alignment, layers: number): boolean {
  const isCopy = shareOf(found.matches, ({ points }) => points.fixed) >= COPY
  return isCopy && found.matches.length * 2 > layers && isSameShape(found) && (isRenumbered(found) || isTurned(found))
}

/** The alignment as it is printed; null when nothing agreed. @param layers of the shorter model */
export function describeAlignment(found: Alignment | null, layers: number): LabelAlignment | null {
  if (found === null) return null
  const { rotation, left } = found
  return {
    test: found.test,
    scrambled: isScrambled(found, layers),
    layers: found.matches.map((match) => {
      const [ours, theirs] = [match.a.layer.layer, match.b.layer.layer]
      const [a, b] = left === 'a' ? [ours, theirs] : [theirs, ours]
      const { fixed, sampled } = match.points
      return { a, b, agreed: fixed, sampled, numbered: numberedOf(match) }
    }),
    rotation:
      rotation === null
        ? null
        : {
            tokens: rotation.tokens,
            pairedBy: rotation.by,
            diagonal: diagonalOf(rotation.rotation),
            defect: rotation.rotation.defect,
            digest: sha256(new Uint8Array(rotation.rotation.values.buffer)),
          },
  }
}

function sizeChange(what: string, left: 'a' | 'b', at: { sizes: readonly [number, number]; whole: boolean }): Change[] {
  const [ours, theirs] = at.sizes
  if (ours === theirs) return []
  const isOurs = ours < theirs
  const narrower = isOurs ? left : left === 'a' ? 'b' : 'a'
  const text = `${what} removed: ${Math.max(ours, theirs)} became ${Math.min(ours, theirs)}`
  return [{ text, child: at.whole ? narrower : null }]
}

function describeScrambling(
  found: Alignment,
  at: { done: readonly string[]; layers: number; share: number },
): Change[] {
  if (at.done.length === 0) return []
  const scrambled = isScrambled(found, at.layers)
    ? 'labels scrambled, as an obfuscation does that keeps the function: '
    : ''
  const of = `${(100 * at.share).toFixed(1)} % of the units have their partner`
  return [{ text: `${scrambled}${at.done.join(', ')}; ${of}`, child: null }]
}

/** What was done to the labels, in words. @param layers of the shorter model */
export function alignmentChanges(found: Alignment, layers: number): Change[] {
  const { matches, rotation, left } = found
  const [first] = matches
  if (first === undefined) return []
  const share = shareOf(matches, ({ points }) => points.fixed)
  const at = { whole: share >= COPY }
  const units = sizeChange('hidden units', left, { ...at, sizes: [first.a.layer.width, first.b.layer.width] })
  const turned = rotation?.rotation ?? { rows: 0, columns: 0 }
  const dimensions = sizeChange('residual dimensions', left, { ...at, sizes: [turned.rows, turned.columns] })
  const done = [
    ...(isRenumbered(found) && units.length === 0 ? ['hidden units renumbered'] : []),
    ...(isTurned(found) && dimensions.length === 0 ? ['residual stream rotated or mixed'] : []),
  ]
  return [...units, ...dimensions, ...describeScrambling(found, { done, layers, share })]
}
