/** The foreign verifiers are there, each in the version that our formats were measured with. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { findCosign, findModelSigning } from './tools.ts'

const python = findModelSigning()
const cosign = findCosign()

test('findModelSigning() gives a Python with model_signing 1.1.1 that can be imported', { skip: python.skip }, () => {
  const script = 'import importlib.metadata as m, model_signing.verifying; print(m.version("model-signing"))'
  assert.equal(execFileSync(python.path, ['-c', script], { encoding: 'utf8' }).trim(), '1.1.1')
})

test('findCosign() gives cosign 3.1.3', { skip: cosign.skip }, () => {
  assert.match(execFileSync(cosign.path, ['version'], { encoding: 'utf8' }), /GitVersion:\s+v3\.1\.3/)
})
