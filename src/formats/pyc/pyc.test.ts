import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { glimpse, readBytes, type BytesRead } from '../../testing/read-bytes.ts'
import { describeMarshal, pycReader } from './index.ts'

interface Vectors {
  readonly files: Readonly<Record<string, string>>
  readonly lambdas: Readonly<Record<string, string>>
}

const VECTORS = JSON.parse(readFileSync(join(import.meta.dirname, 'vectors.json'), 'utf8')) as Vectors

function bytesOf(name: string): Buffer {
  return Buffer.from(VECTORS.files[name] ?? assert.fail(name), 'hex')
}

function read(bytes: Uint8Array): BytesRead {
  return readBytes(pycReader, bytes, { path: 'a.pyc' })
}

function effects({ facts }: BytesRead): readonly string[] {
  return (facts.code ?? []).map(({ kind, target, reach, locus }) => `${kind} ${target} ${reach} ${locus}`)
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}

function text(type: string, value: string): Buffer {
  return Buffer.concat([Buffer.from(type), int(value.length), Buffer.from(value)])
}

function tuple(...items: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from('('), int(items.length), ...items])
}

/** A module that names `os.system`, as Python 2.7 and 3.8 lay it out. */
function oldCode(numbers: number): Buffer {
  const none = Buffer.from('N')
  const before = Buffer.concat(Array.from({ length: numbers }, () => int(0)))
  const names = tuple(text('t', 'os'), text('t', 'system'), Buffer.concat([Buffer.from('R'), int(0)]))
  const tables = [text('s', 'code'), tuple(none, text('u', 'id')), names, tuple(), tuple(), tuple()]
  return Buffer.concat([
    Buffer.from('c'),
    before,
    ...tables,
    text('s', 'a.py'),
    text('s', '<module>'),
    int(1),
    text('s', ''),
  ])
}

test('pycReader lists the names and texts of bytecode by CPython, and accounts for every byte', () => {
  const result = read(bytesOf('plain'))
  const { facts, accounting } = result
  assert.deepEqual([facts.reading, accounting.complete, facts.anomalies], ['listed', true, []])
  assert.ok(facts.metadata.some(({ key, value }) => key.endsWith('forward names') && String(value).includes('sqrt')))
  assert.deepEqual(effects(result), [])
})

test('pycReader finds what bytecode reaches, and when', () => {
  assert.deepEqual(effects(read(bytesOf('command'))), ['process os.system import line 0, in <module>'])
  const hidden = effects(read(bytesOf('hidden')))
  assert.ok(
    hidden.some((effect) => effect.startsWith('process subprocess.check_output load')),
    hidden.join('; '),
  )
})

test('pycReader reads the layouts of versions that are long gone', () => {
  const files = [
    Buffer.concat([Buffer.from('03f30d0a00000000', 'hex'), oldCode(4)]),
    Buffer.concat([Buffer.from('550d0d0a', 'hex'), Buffer.alloc(12), oldCode(6)]),
    Buffer.concat([Buffer.from('420d0d0a', 'hex'), Buffer.alloc(12), oldCode(5)]),
  ]
  for (const bytes of files) {
    const result = read(bytes)
    assert.deepEqual(result.codes, [])
    assert.ok(effects(result).some((effect) => effect.startsWith('process os.system import')))
  }
})

test('pycReader notes a version that nobody knows, and what is broken', () => {
  const unknown = Buffer.from(bytesOf('plain'))
  unknown.writeUInt16LE(40_000, 0)
  assert.deepEqual(read(unknown).codes, ['pyc-version'])
  const whole = bytesOf('command')
  for (let length = 17; length < whole.length; length++) {
    const { codes, facts } = read(whole.subarray(0, length))
    assert.deepEqual([codes, facts.reading], [['pyc-broken'], 'listed'])
  }
  const trailing = read(Buffer.concat([whole, Buffer.from('more')]))
  assert.equal(trailing.accounting.complete, false)
})

test('pycReader gives facts or a fault for any bytes, and reads nothing outside', () => {
  const whole = bytesOf('command')
  const edits = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(edits, (changes) => {
      const bytes = Uint8Array.from(whole)
      for (const [place, byte] of changes) if (place >= 4) bytes[place] = byte
      assert.equal(read(bytes).facts.reading, 'listed')
    }),
    { numRuns: 1500 },
  )
})

test('pycReader is not led on by giants and by tuples of tuples', () => {
  const giant = Buffer.concat([Buffer.from('a70d0d0a', 'hex'), Buffer.alloc(12), Buffer.from('('), int(0x7fffffff)])
  assert.deepEqual(read(giant).codes, ['pyc-broken'])
  const flagged = (body: Buffer): Buffer => Buffer.concat([Buffer.from([(body[0] ?? 0) | 0x80]), body.subarray(1)])
  let bomb = flagged(tuple(text('s', 'leaf')))
  for (let level = 0; level < 60; level++) {
    const again = Array.from({ length: 50 }, () => Buffer.concat([Buffer.from('r'), int(59 - level)]))
    bomb = flagged(tuple(bomb, ...again))
  }
  const before = process.cpuUsage()
  read(Buffer.concat([Buffer.from('a70d0d0a', 'hex'), Buffer.alloc(12), bomb]))
  assert.ok(process.cpuUsage(before).user < 2e6)
})

test('pycReader knows bytecode by its head', () => {
  assert.equal(pycReader.sniff(glimpse(bytesOf('plain'))), 'magic')
  assert.equal(pycReader.sniff(glimpse(Buffer.from('0123456789abcdef'))), null)
})

test('describeMarshal() tells a marshalled lambda, as Keras keeps it, from other bytes', () => {
  const command = describeMarshal(Buffer.from(VECTORS.lambdas['command'] ?? '', 'hex'))
  assert.ok(command?.facts.some(({ target }) => target === 'builtins.__import__'))
  assert.deepEqual(describeMarshal(Buffer.from(VECTORS.lambdas['plain'] ?? '', 'hex'))?.facts, [])
  assert.equal(describeMarshal(Buffer.from('just some text that is no code')), undefined)
  assert.equal(describeMarshal(new Uint8Array(0)), undefined)
})
