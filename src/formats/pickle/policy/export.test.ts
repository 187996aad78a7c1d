import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { EXPORT_FORMATS, exportPolicy, policyIds } from './export.ts'

interface Lists {
  readonly globals: readonly string[]
  readonly reduces: readonly string[]
}

test('exportPolicy() gives PickleBall the globals of a policy, and of them those that may be called', () => {
  const { globals, reduces } = JSON.parse(exportPolicy('core', 'pickleball')) as Lists
  assert.ok(globals.includes('torch.FloatStorage') && !reduces.includes('torch.FloatStorage'))
  assert.ok(reduces.includes('torch._utils._rebuild_tensor_v2'))
  assert.ok(reduces.every((name) => globals.includes(name)))
})

test('exportPolicy() leaves out what only its arguments make harmless', () => {
  for (const id of policyIds()) {
    for (const format of EXPORT_FORMATS) assert.doesNotMatch(exportPolicy(id, format), /getattr"|builtins", "type"/)
  }
})

test('exportPolicy() refuses a policy that does not exist', () => {
  assert.throws(() => exportPolicy('no-such', 'torch'), { code: 'no-such-policy' })
})

function hasPython(): boolean {
  try {
    execFileSync('python3', ['-c', ''])
    return true
  } catch {
    return false
  }
}

const skip = hasPython() ? false : 'python3 is not installed'
test('exportPolicy() writes Python that Python can parse', { skip }, () => {
  for (const id of policyIds()) {
    const input = exportPolicy(id, 'torch')
    execFileSync('python3', ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'], { input })
  }
})
