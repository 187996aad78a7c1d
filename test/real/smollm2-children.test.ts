/**
 * Children of SmolLM2 whose descent is known: fine-tuned by PyTorch, then quantised, renumbered, rotated, scrambled.
 *
 * They are made once by `make-smollm2-children.py` and kept in the cache beside the packages; that takes PyTorch and a
 * quarter of an hour, so where they are not there the test says how to make them, and is skipped.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Comparison } from '../../src/lineage/index.ts'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { compareReal } from './clearing.ts'
import { CACHE, findRealModels } from './packages.ts'

const FOLDER = process.env['TIDEWAITER_SMOLLM2_CHILDREN'] ?? join(CACHE, 'smollm2-children')
const found = findRealModels()
const LAST = join(FOLDER, 'stranger/config.json')
const skip =
  found.skip === false && existsSync(LAST)
    ? false
    : `no children of SmolLM2; make them with python3 test/real/make-smollm2-children.py ${found.skip === false ? found.models.smollm2 : 'MODEL.gguf'} ${FOLDER}`

function model(name: string): string {
  return join(FOLDER, name)
}

interface Expected {
  readonly a: string
  readonly b: string
  readonly verdicts: readonly Comparison['verdict'][]
  readonly named?: RegExp
  /** Test that finds it. */
  readonly by?: string
}

const KIN: readonly Expected[] = [
  { a: 'tuned', b: 'parent', verdicts: ['derived'], by: 'C1' },
  { a: 'tuned-q8_0.gguf', b: 'tuned', verdicts: ['derived', 're-derived'], named: /quantised to q8_0/, by: 'C1' },
  { a: 'tuned-q4_0.gguf', b: 'tuned', verdicts: ['derived'], named: /quantised to q4_0/, by: 'C1' },
  { a: 'tuned-q4_0.gguf', b: 'parent', verdicts: ['derived'], named: /quantised to q4_0/, by: 'C1' },
  { a: 'tuned-permuted', b: 'parent', verdicts: ['derived'], named: /renumbered/, by: 'C2' },
  { a: 'tuned-rotated', b: 'parent', verdicts: ['derived'], named: /rotated/, by: 'C3' },
  { a: 'tuned-scrambled', b: 'parent', verdicts: ['derived'], named: /scrambled/, by: 'C3' },
]

for (const { a, b, verdicts, named = /^/, by } of KIN)
  test(`compare finds ${a} to be kin of ${b}`, { skip }, async (context) => {
    const { verdict, transformations, reasons, control, tests, log10p, direction }: Comparison = await compareReal(
      model(a),
      model(b),
      temporaryFolder(context),
    )
    context.diagnostic(
      `${verdict}, 1e${Math.ceil(log10p)}, ${direction}, control ${control?.cells} cells mean ${control?.mean.toFixed(2)} p ${control?.p.toPrecision(2)}; ${transformations.join('; ')}`,
    )
    assert.ok(verdicts.includes(verdict), `${verdict}: ${reasons.join(' ')}`)
    assert.match(transformations.join('; '), named)
    assert.ok(tests.some(({ id, log10p: p }) => id === by && (p ?? 0) < -6))
    assert.ok(control?.holds)
    assert.notEqual(direction, 'b-from-a')
  })

test(
  'compare finds no kinship with a stranger of the same shape that learned the same text',
  { skip },
  async (context) => {
    for (const other of ['parent', 'tuned', 'tuned-scrambled', 'tuned-q4_0.gguf']) {
      const compared: Comparison = await compareReal(model('stranger'), model(other), temporaryFolder(context))
      const { verdict, log10p, control, reasons } = compared
      context.diagnostic(
        `${other}: ${verdict}, control mean ${control?.mean.toFixed(2)} p ${control?.p.toPrecision(2)}`,
      )
      assert.equal(verdict, 'no-weight-evidence', reasons.join(' '))
      assert.ok(log10p > -3)
      assert.ok(control?.holds)
    }
  },
)
