import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { glimpse, readBytes, type BytesRead } from '../../testing/read-bytes.ts'
import { notebookReader } from '../notebook/index.ts'
import { loadGrammar } from './grammar.ts'
import { pythonReader } from './index.ts'

await loadGrammar()

const SOURCE = `import os
import torch.nn as nn
from .own import x

class Net(nn.Module):
    def forward(self, y):
        return x(y)
`
const PIECES = [
  'import os\n',
  'def f(a, *b, **c):\n  ',
  'class A(B):\n  ',
  'exec(',
  ')',
  "'a' + 'b'",
  'lambda x: ',
  'f(f)(f)',
  '[x for x in ',
  ']',
  '\n',
  'f = ',
  'self.',
  'getattr(os, ',
  'f',
  '[::-1]',
  '{1: f}',
  'return f(f)\n',
  'while 1:\n  ',
]

function read(source: string | Uint8Array, path = 'modeling.py'): BytesRead {
  return readBytes(pythonReader, typeof source === 'string' ? Buffer.from(source) : source, { path })
}

test('pythonReader reads a source whole, with its imports', () => {
  const { facts, accounting } = read(SOURCE)
  assert.deepEqual([facts.reading, accounting.complete, facts.anomalies], ['full', true, []])
  assert.deepEqual(
    facts.code?.map(({ kind, target, reach, locus }) => [kind, target, reach, locus]),
    [
      ['import', 'os', 'import', 'line 1'],
      ['import', 'torch.nn', 'import', 'line 2'],
    ],
  )
})

test('pythonReader does not call a source read that it does not understand', () => {
  const cases = ['def f(:\n  pass', `x = ${'('.repeat(400)}1${')'.repeat(400)}`, 'x = 1\n'.repeat(200_000), 'a = $b']
  for (const source of cases) {
    const { facts } = read(source)
    assert.equal(facts.reading, 'listed', source.slice(0, 20))
    assert.notEqual(facts.reason, undefined)
  }
  assert.equal(read(Buffer.from('caf\u00e9 = 1', 'latin1')).facts.reading, 'unread')
})

test('pythonReader goes on after a mark in the source', () => {
  const { facts } = read('import os\nx = = 2\nos.system("id")\n')
  assert.equal(facts.reading, 'listed')
  assert.ok(facts.code?.some(({ target }) => target === 'os.system'))
})

test('pythonReader reads the lines of a path file that Python runs', () => {
  const path = 'evil.pth'
  const bytes = Buffer.from('/some/folder\nimport os; os.system("id")\n')
  assert.equal(pythonReader.sniff(glimpse(bytes, path)), 'structure')
  assert.ok(read(bytes, path).facts.code?.some(({ target, reach }) => target === 'os.system' && reach === 'import'))
  assert.equal(pythonReader.sniff(glimpse(Buffer.from('PK\u0003\u0004\0\0\0'), 'model.pth')), null)
})

test('pythonReader always answers within bounds, whatever the source', () => {
  const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((pieces) => pieces.join(''))
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ maxLength: 80 })), (source) => {
      if (source === '') return
      const { facts } = read(source)
      assert.ok(facts.reading === 'full' || facts.reason !== undefined)
      assert.ok(JSON.stringify(facts).isWellFormed())
    }),
    { numRuns: 500 },
  )
})

test('pythonReader comes to an end with sources that fold back on themselves', () => {
  const doubling = Array.from({ length: 40 }, (_, i) => `a${i + 1} = a${i} + a${i}`).join('\n')
  const calling = Array.from({ length: 200 }, (_, i) => `def f${i}(x): return f${(i + 1) % 200}(f${(i + 7) % 200}(x))`)
  const nested = `${'exec('.repeat(60)}'1'${')'.repeat(60)}`
  const before = process.cpuUsage()
  for (const source of [
    `a0 = 'ab'\n${doubling}\nexec(a40)`,
    `${calling.join('\n')}\nf0(1)`,
    nested,
    'x = x(x)\n'.repeat(5000),
  ])
    assert.notEqual(read(source).facts.code, null)
  assert.ok(process.cpuUsage(before).user < 8e6, 'more than eight seconds of CPU time')
})

test('notebookReader reads the Python of the cells, which nothing imports', () => {
  const cells = [
    { cell_type: 'markdown', source: ['import os'] },
    { cell_type: 'code', source: ['!pip install acme\n', '%cd x\n', 'import os\n', 'os.system("id")'], outputs: [] },
  ]
  const bytes = Buffer.from(JSON.stringify({ cells, nbformat: 4 }))
  const { facts, accounting } = readBytes(notebookReader, bytes, { path: 'demo.ipynb' })
  assert.deepEqual([facts.reading, accounting.complete, facts.reason], ['full', true, undefined])
  assert.deepEqual(
    facts.code?.map(({ kind, target, reach }) => `${kind} ${target} ${reach}`),
    ['draw shell call', 'import os call', 'process os.system call'],
  )
  assert.equal(readBytes(notebookReader, bytes.subarray(0, 90), { path: 'demo.ipynb' }).facts.reading, 'unread')
})
