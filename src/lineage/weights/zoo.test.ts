/**
 * Proof on the shared zoo: models that were really trained, and whose descent is known.
 *
 * What `truth.csv` says of a model must come out, by the rules of the verdicts: kin that keep their units are found at
 * 1e-12 or below, unrelated models never come near 1e-6, and what these tests cannot see is named as not tested.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { needsShared, sharedPath } from '../../testing/folders.ts'
import { openModel } from '../../testing/models.ts'
import { compareModels } from '../compare.ts'
import { markMerges } from '../attribution/layer-merge.ts'
import { chiSquaredTail } from './chi-squared.ts'
import type { Comparison, ComparisonVerdict } from './comparison.ts'

const ZOO = sharedPath('zoo') ?? ''

async function compare(a: string, b: string): Promise<Comparison> {
  return compareModels(await openModel(join(ZOO, a)), await openModel(join(ZOO, b)))
}

interface Truth {
  readonly model: string
  readonly relation: string
}

function readTruth(): Truth[] {
  const lines = readFileSync(join(ZOO, 'truth.csv'), 'utf8').trim().split('\n').slice(1)
  return lines
    .map((line) => line.split(','))
    .filter(([, against]) => against === 'oak')
    .map(([model = '', , relation = '']) => ({ model, relation }))
}

/** What each relation may come out as; models that hide from C1 and C1b may be less than derived. */
const ALLOWED: Readonly<Record<string, readonly ComparisonVerdict[]>> = {
  derived: ['derived'],
  're-derived': ['re-derived'],
  merge: ['derived'],
  independent: ['no-weight-evidence'],
  'common-origin': ['common-origin'],
  insufficient: ['insufficient'],
  // 48 dimensions are too few for a verdict, whatever agrees
  'oak-narrow-d': ['inconclusive'],
}

/** Transformations that must be named. */
const NAMED: Readonly<Record<string, RegExp>> = {
  'oak-f16': /cast to F16 in A and to BF16 in B from the same numbers/,
  'oak-f32': /cast from F32 to BF16/,
  'oak-sharded': /packed into 3 weight files in A and 1 in B/,
  'oak-renamed': /declared as quercus in A and llama in B/,
  'oak-q80': /quantised to q8_0/,
  'oak-q51': /quantised to q5_1/,
  'oak-q40': /quantised to q4_0/,
  'oak-sft-q40': /quantised to q4_0: 7\d/,
  'oak-lora-merged':
    /only q, v of 8 parts differ.*low-rank update \(LoRA, merged\): rank 4 in q of layers 0 to 3, rank 4 in v of layers 0 to 3/,
  'oak-prune50': /(49|50)\.\d % of the weights of 20 matrices set to zero, all others unchanged/,
  'oak-prune24': /in the pattern 2:4/,
  'oak-shallow': /layer 2 of the 4 dropped/,
  'oak-deep': /layers 1 to 2 of 4 doubled, giving 6/,
  'oak-narrow-d': /residual dimensions removed: 64 became 48/,
  'oak-narrow-ff': /hidden units removed: 160 became 120/,
  'oak-rotated': /labels scrambled.*: residual stream rotated or mixed; 100/,
  'oak-permuted': /labels scrambled.*: hidden units renumbered; 100/,
  'oak-scaled': /labels scrambled.*: hidden units renumbered; 100/,
  'oak-scrambled': /labels scrambled.*: hidden units renumbered, residual stream rotated or mixed; 100/,
  'oak-scrambled-cpt':
    /labels scrambled.*: hidden units renumbered, residual.*mean cosine 0\.88\d between aligned units/,
  'oak-heads': /attention heads reordered in layers 0 to 3/,
  'oak-cpt3': /changed far, as by continued training/,
  ilex: /^(?!.*training)/,
  franken: /layer 3 of A from elsewhere/,
}

/** Who must be found to be the child; all others stay open or have no direction. */
const CHILD_IS_A = new Set([
  'oak-q80',
  'oak-q51',
  'oak-q40',
  'oak-sft-q40',
  'oak-prune50',
  'oak-prune24',
  'oak-shallow',
  'oak-deep',
  'oak-narrow-ff',
])

function directionOf(model: string, relation: string): readonly string[] {
  if (CHILD_IS_A.has(model)) return ['a-from-b']
  if (model === 'oak-f32') return ['b-from-a']
  return ['derived', 're-derived', 'merge', 'common-origin'].includes(relation) ? ['open', 'none'] : ['none']
}

/** A row of the table in `docs/method.md`. */
function tableRow(
  model: string,
  { verdict, log10p, effect, control, direction, tests, transformations }: Comparison,
): string {
  const measure = (id: string): string => tests.find((each) => each.id === id)?.statistic ?? '–'
  const share =
    effect === null ? '–' : `${effect.share.toFixed(2)} (${effect.low.toFixed(2)} to ${effect.high.toFixed(2)})`
  const held = control === null ? '–' : `${control.cells}, ${control.mean.toFixed(2)}, ${control.p.toPrecision(2)}`
  const shared = `${measure('norms')} / ${measure('overlap')} / ${measure('cosine')}`
  return `| ${[model, verdict, log10p.toFixed(0), share, held, shared, direction, transformations.join('; ')].join(' | ')} |`
}

test('every row of the truth table comes out against oak', needsShared('zoo'), async (context) => {
  for (const { model, relation } of readTruth()) {
    const result = await compare(model, 'oak')
    context.diagnostic(tableRow(model, result))
    const said = `${model}: ${result.verdict}, p 1e${result.log10p.toFixed(0)}, ${result.transformations.join('; ')}`
    const allowed = ALLOWED[model] ?? ALLOWED[relation] ?? []
    assert.ok(allowed.includes(result.verdict), said)
    if (['derived', 're-derived', 'common-origin', 'inconclusive'].includes(result.verdict))
      assert.ok(result.log10p <= -12, said)
    else assert.ok(result.log10p > -6, said)
    assert.ok(directionOf(model, relation).includes(result.direction), `${said}, ${result.direction}`)
    assert.match(result.transformations.join('; '), NAMED[model] ?? /^/, said)
    assert.ok(result.control === null ? result.verdict === 'insufficient' : result.control.holds, said)
    assert.ok(result.untested.length > 0, said)
  }
})

test('unrelated models stay far from 1e-6 and their counts follow Poisson(1)', needsShared('zoo'), async (context) => {
  const unrelated = ['birch', 'cedar', 'gorse', 'dogwood']
  const others = [
    ...unrelated,
    'oak',
    'ilex',
    'oak-cpt3',
    'oak-noisy',
    'oak-prune50',
    'merge-ties',
    'oak-rotated',
    'oak-scrambled-cpt',
  ]
  const pairs = unrelated.flatMap((a) => others.filter((b) => a !== b).map((b) => [a, b] as const))
  const counts: number[] = []
  for (const [a, b] of pairs) {
    const { verdict, log10p, control } = await compare(a, b)
    assert.equal(verdict, 'no-weight-evidence', `${a} and ${b}`)
    assert.ok(log10p > -6, `${a} and ${b}: ${log10p}`)
    for (const [k, cells] of (control?.counts ?? []).entries()) counts[k] = (counts[k] ?? 0) + cells
  }
  const cells = counts.reduce((sum, count) => sum + count, 0)
  const mean = counts.reduce((sum, count, k) => sum + k * count, 0) / cells
  const p = poissonP(counts, cells)
  context.diagnostic(
    `${pairs.length} pairs, ${cells} cells, counts ${counts.join(' ')}, mean ${mean.toFixed(3)}, chi-squared p ${p.toFixed(3)}`,
  )
  assert.ok(Math.abs(mean - 1) < 3 / Math.sqrt(cells), `mean ${mean}`)
  assert.ok(p > 1e-3, `chi-squared p ${p}`)
})

/** p of chi-squared against Poisson(1), with 5 and more in one class. */
function poissonP(counts: readonly number[], cells: number): number {
  const expected = [1, 1, 2, 6, 24].map((factorial) => Math.exp(-1) / factorial)
  const rest = 1 - expected.reduce((sum, value) => sum + value, 0)
  const observed = [
    ...[0, 1, 2, 3, 4].map((k) => counts[k] ?? 0),
    counts.slice(5).reduce((sum, count) => sum + count, 0),
  ]
  const statistic = observed.reduce(
    (sum, count, i) => sum + (count - cells * (expected[i] ?? rest)) ** 2 / (cells * (expected[i] ?? rest)),
    0,
  )
  return chiSquaredTail(statistic, 5)
}

test('a shared initialisation is never descent, whatever was done to the descendants', needsShared('zoo'), async () => {
  const descendants = ['oak', 'oak-sft', 'oak-cpt', 'oak-cpt3', 'oak-q40', 'oak-shallow', 'oak-deep', 'merge-slerp']
  for (const other of [...descendants, 'oak-permuted', 'oak-narrow-ff']) {
    const { verdict, log10p } = await compare('ilex', other)
    assert.equal(verdict, 'common-origin', other)
    assert.ok(log10p < -12, other)
  }
})

test('siblings and grandchildren are kin too', needsShared('zoo'), async () => {
  for (const [a, b] of [
    ['oak-sft', 'oak-cpt3'],
    ['oak-sft-q40', 'oak-sft'],
    ['merge-dare', 'oak-cpt'],
    ['oak-q40', 'oak-q80'],
    ['oak-deep', 'oak-shallow'],
    ['oak-scrambled', 'oak-scrambled-cpt'],
    ['oak-cpt3', 'oak-scrambled-cpt'],
    ['oak-deep', 'oak-scrambled'],
    ['oak-shallow', 'oak-permuted'],
    ['oak-q40', 'oak-scrambled'],
    ['oak-prune24', 'oak-scrambled-cpt'],
    ['oak-narrow-ff', 'oak-scrambled'],
  ] as const) {
    const { verdict, log10p } = await compare(a, b)
    assert.equal(verdict, 'derived', `${a} and ${b}`)
    assert.ok(log10p < -12)
  }
})

test('franken is a merge once both of its sources are candidates', needsShared('zoo'), async () => {
  const refs = ['birch', 'oak', 'cedar']
  const candidates = await Promise.all(refs.map(async (ref) => ({ ref, comparison: await compare('franken', ref) })))
  assert.deepEqual(
    candidates.map(({ comparison }) => comparison.verdict),
    ['common-origin', 'derived', 'no-weight-evidence'],
  )
  const marked = markMerges(candidates)
  assert.deepEqual(
    marked.map(({ comparison }) => comparison.verdict),
    ['merge', 'merge', 'no-weight-evidence'],
  )
  assert.match(marked[1]?.comparison.reasons[0] ?? '', /layers 0, 1, 2 from oak; layer 3 from birch/)
})
