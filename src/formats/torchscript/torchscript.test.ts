import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { writeZip } from '../../testing/zip.ts'
import { scanCode, usesAtLoad } from './code.ts'
import { torchScriptReader } from './index.ts'
import { tokenise } from './tokens.ts'

const DATA = Buffer.from('\x80\x02c__torch__\nNet\n)\x81}b.', 'latin1')
const CONSTANTS = Buffer.from('\x80\x02).', 'latin1')
const PLAIN = `class Net(Module):
  training : bool
  def forward(self: __torch__.Net,
    x: Tensor) -> Tensor:
    _0 = ops.prim.data(x)
    return torch.relu(torch.add(_0, CONSTANTS.c0))
`

function archive(code: string): Uint8Array {
  const records = { 'data.pkl': DATA, 'code/__torch__.py': code, 'constants.pkl': CONSTANTS, version: '3\n' }
  return new Uint8Array(
    writeZip(Object.entries(records).map(([name, data]) => ({ name: `net/${name}`, data, method: 0 }))),
  )
}

function read(bytes: Uint8Array, path = 'model.pt'): ReturnType<typeof readBytes> {
  return readBytes(torchScriptReader, bytes, { path, readers: [] })
}

const valid = archive(PLAIN)

test('torchScriptReader.read() reads a plain program in full and accuses it of nothing', () => {
  const { facts, accounting, codes } = read(valid)
  assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
  assert.ok(facts.references.some(({ kind, target }) => kind === 'code' && target === 'code/__torch__.py'))
  assert.deepEqual(
    facts.metadata.filter(({ key }) => key.startsWith('torchscript.')).map(({ value }) => value),
    [1, 3],
  )
})

function program(body: string, head = 'def forward(self: __torch__.Net, x: Tensor) -> Tensor:'): string {
  return `class Net(Module):\n  ${head}\n    ${body}\n    return x\n`
}

const REACHING: readonly (readonly [about: string, body: string])[] = [
  ['a file that is written', 'torch.save(x, "/tmp/x")'],
  ['a file that is mapped', '_0 = torch.from_file("/etc/passwd", False, 10)'],
  ['the same by its namespace', '_0 = ops.aten.from_file("/etc/passwd", False, 10)'],
  ['the same with spaces', '_0 = ops . aten\\\n . save(x, "a")'],
  ['the same as a method', '_0 = (x).save("a")'],
  ['an image that is read', '_0 = ops.image.read_file("/etc/passwd")'],
  ['a call of another machine', '_0 = ops.prim.rpc_sync("a", x)'],
  ['operators under another name', '_0 = ops'],
  ['operators in brackets', '_0 = (ops).aten.save(x, "a")'],
  ['torch under another name', '_0 = torch'],
  ['an operator that is not called', '_0 = torch.save'],
  ['a namespace that is kept', '_0 = ops.aten'],
]

for (const [about, body] of REACHING) {
  test(`torchScriptReader.read() notes tsc-reaches for ${about}`, () => {
    const { codes } = read(archive(program(body)))
    assert.deepEqual(codes, ['tsc-reaches'])
  })
}

test('torchScriptReader.read() notes operators and classes that are on no list, and knows those of torch', () => {
  assert.deepEqual(read(archive(program('_0 = ops.oak.bark(x)'))).codes, ['tsc-operator'])
  assert.deepEqual(read(archive(program('_0 : __torch__.torch.classes.oak.Tree = x'))).codes, ['tsc-operator'])
  assert.deepEqual(read(archive(program('_0 : __torch__.torch.classes.quantized.LinearPackedParamsBase = x'))).codes, []) // prettier-ignore
  assert.deepEqual(read(archive(program('_0 = ops.torchvision.nms(x, x, 0.5)'))).codes, [])
})

test('usesAtLoad() tells what runs at load from what runs on use', () => {
  const state = 'def __setstate__(self: __torch__.Net, x: Tensor) -> Tensor:'
  const onUse = scanCode(program('torch.save(x, "a")'))
  const atLoad = scanCode(program('torch.save(x, "a")', state))
  const calls = scanCode(program('_0 = (self).helper(x, )', state))
  const computes = scanCode(program('_0 = ops.quantized.linear_prepack(x, None)', state))
  const count = (...all: readonly ReturnType<typeof scanCode>[]) => usesAtLoad(all).length
  assert.deepEqual([count(onUse), count(atLoad), count(onUse, calls), count(onUse, computes)], [0, 1, 1, 0])
})

test('torchScriptReader.read() leaves a method of the archive that is called save in peace', () => {
  const code = `class Net(Module):\n  def save(self, x: Tensor) -> Tensor:\n    return x\n  def forward(self, x: Tensor) -> Tensor:\n    return (self).save(x, )\n`
  assert.deepEqual(read(archive(code)).codes, [])
})

test('torchScriptReader.read() notes a program that is named as weights', () => {
  assert.deepEqual(read(valid, 'pytorch_model.bin').codes, ['tsc-as-weights'])
  assert.deepEqual(read(valid, 'a/model.pth').codes, ['tsc-as-weights'])
  assert.deepEqual(read(valid, 'traced.torchscript').codes, [])
})

test('torchScriptReader.read() judges the names of its pickles as any pickle, but for its own types', () => {
  const records = { 'data.pkl': Buffer.from('cos\nsystem\n(Vid\ntR.'), 'constants.pkl': CONSTANTS }
  const bytes = writeZip(Object.entries(records).map(([name, data]) => ({ name: `net/${name}`, data, method: 0 })))
  const { codes, facts } = read(bytes)
  assert.ok(codes.includes('pkl-executes-code') && facts.reading === 'listed')
})

test('torchScriptReader.read() notes a source that is none', () => {
  const sources = ['def f(x):\n  return "open', 'é = 1', '\u0001']
  for (const source of sources) {
    const { codes, facts } = read(archive(source))
    assert.deepEqual([codes, facts.reading], [['tsc-source'], 'listed'])
  }
})

test('torchScriptReader.read() of a file cut anywhere is never full', () => {
  for (let length = 1; length < valid.length; length += 3) {
    const { facts, codes } = read(valid.subarray(0, length))
    assert.ok(facts.reading !== 'full' && codes.length > 0, `cut to ${length}`)
  }
})

test('scanCode() of any text gives an answer or a Fault, in time linear in the text', () => {
  const words = fc.constantFrom(
    'ops',
    'torch',
    '.',
    '(',
    'aten',
    'save',
    'def',
    'class',
    '__setstate__',
    ' ',
    '"',
    '1e+',
  )
  const property = fc.property(fc.array(fc.oneof(words, fc.string()), { maxLength: 40 }), (parts) => {
    try {
      scanCode(parts.join(''))
    } catch (thrown) {
      if (!isFault(thrown, 'tsc-source')) throw thrown
    }
  })
  fc.assert(property, { numRuns: 1000 })
  assert.equal(scanCode('torch.relu(x) '.repeat(50_000)).operators, 50_000)
})

test('tokenise() leaves no character out', () => {
  const property = fc.property(fc.stringMatching(/^[ -~\n]*$/), (text) => {
    try {
      const shown = tokenise(text).reduce((sum, token) => sum + token.text.length, 0)
      assert.ok(shown <= text.length)
    } catch (thrown) {
      if (!isFault(thrown, 'tsc-source')) throw thrown
    }
  })
  fc.assert(property, { numRuns: 500 })
})

test('torchScriptReader.sniff() takes whatever torch.load would hand to TorchScript', () => {
  assert.equal(torchScriptReader.sniff(glimpse(valid, 'weights.bin')), 'magic')
})
