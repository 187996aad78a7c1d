import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calibrationFiles } from '../calibration-files.ts'
import { calibrationOf, summaryOf } from '../calibration.ts'
import { planZoo } from '../zoo/pairs.ts'
import { quickZoo } from '../zoo/recipe.ts'
import type { PairOutcome } from '../zoo/run-pairs.ts'
import { makeTables } from './tables.ts'

function outcome(given: Partial<PairOutcome>): PairOutcome {
  const usual = {
    cell: 'independent',
    truth: 'independent',
    a: 'base-00',
    b: 'base-01',
    verdict: 'no-weight-evidence',
  } as const
  return {
    ...usual,
    log10p: 0,
    direction: 'none',
    conditional: false,
    control: [4, 4, 2],
    controlHolds: true,
    tests: { C1: -0.5 },
    cosine: null,
    ...given,
  }
}

const PLAN = planZoo(quickZoo('s'))

const OUTCOMES = [
  outcome({}),
  outcome({ a: 'base-02', control: [3, 5, 2] }),
  outcome({ a: 'base-02', b: 'base-00', verdict: 'common-origin', log10p: -7 }),
  outcome({
    cell: 'sft',
    truth: 'child',
    a: 'base-00/sft',
    b: 'base-00',
    verdict: 'derived',
    log10p: -600,
    direction: 'a-from-b',
  }),
  outcome({
    cell: 'sft',
    truth: 'child',
    a: 'base-01/sft',
    b: 'base-01',
    verdict: 'derived',
    log10p: -3,
    direction: 'b-from-a',
  }),
  outcome({ cell: 'drift-2', truth: 'child', a: 'base-01/drift-2', b: 'base-01', verdict: 'inconclusive', log10p: -4 }),
]

test('makeTables() counts false kinship, areas, directions and power', () => {
  const { independent, cells, directions, power, null: histogram, tests } = makeTables(OUTCOMES, 's')
  assert.equal(independent.pairs, 3)
  assert.equal(independent.models, 3)
  assert.equal(independent.kin, 1)
  assert.deepEqual(independent.belowPowers, [1, 1, 1, 1, 1, 1])
  assert.deepEqual(histogram.observed, [11, 13, 6])
  const sft = cells.find(({ cell }) => cell === 'sft')
  assert.equal(sft?.auc, 0.8333)
  assert.deepEqual(sft?.direction, { right: 1, wrong: 1, open: 0 })
  assert.deepEqual(directions, { right: 1, wrong: 1, open: 1 })
  assert.deepEqual(
    power.map(({ drift, cosine, kin }) => [drift, cosine, kin.count]),
    [[2, 0.4472, 0]],
  )
  assert.deepEqual(
    tests.map(({ test: id, pairs }) => [id, pairs]),
    [['C1', 3]],
  )
})

test('makeTables() gives the 3/n bound when no stranger was called kin', () => {
  assert.equal(makeTables(OUTCOMES.slice(0, 2), 's').independent.bound, 1.5)
})

test('calibrationOf() has a digest that follows from the outcomes, and files that name it', () => {
  const calibration = calibrationOf(OUTCOMES, PLAN)
  assert.equal(calibrationOf(OUTCOMES, PLAN).digest, calibration.digest)
  assert.notEqual(calibrationOf(OUTCOMES.slice(1), PLAN).digest, calibration.digest)
  const files = calibrationFiles(calibration)
  assert.deepEqual([...files.keys()], ['tables.json', 'tables.md', 'summary.json', 'null.svg', 'power.svg'])
  assert.ok(files.get('tables.md')?.includes(calibration.digest))
  assert.deepEqual(summaryOf(calibration), {
    version: calibration.version,
    digest: calibration.digest,
    pairs: 3,
    false: 1,
    bound: calibration.tables.independent.bound,
  })
})
