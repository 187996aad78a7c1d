import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isSha256 } from '../../base/index.ts'
import { compareOpened } from '../compare.ts'
import summary from './calibration.json' with { type: 'json' }
import { citedCalibration } from './cited.ts'
import { memoryWeights } from './memory-weights.ts'
import { USUAL_SHAPE } from './model.ts'
import { initialise } from './trainer/initialise.ts'

test('citedCalibration() cites the table of this version and no other', () => {
  assert.deepEqual(citedCalibration(summary.version), { calibration: summary })
  assert.deepEqual(citedCalibration('none/0'), {})
  assert.ok(isSha256(summary.digest))
  assert.ok(summary.pairs > 0 && summary.bound > 0)
})

test('compareOpened() cites what belongs to its version', () => {
  const weights = memoryWeights(initialise(USUAL_SHAPE, { kind: 'normal', seed: 'c' }))
  const { method } = compareOpened(weights, weights)
  assert.deepEqual(method.calibration, citedCalibration(method.version).calibration)
})
