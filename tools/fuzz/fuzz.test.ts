import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { OPCODE_BY_BYTE, OPCODES } from '../../src/formats/pickle/opcodes.ts'
import type { Outcome } from './frames.ts'
import { generate, type Stream } from './generate.ts'
import { minimise } from './minimise.ts'
import { startOracles, type Oracles } from './oracles.ts'
import { judge } from './properties.ts'
import { runStreams } from './run.ts'
import { stateOf, type Statement } from './subject.ts'

const NONE: Outcome = { finished: true, globals: [], events: [], result: 'None', end: 4 }
const HONEST: Statement = {
  canonical: true,
  proved: true,
  globals: new Set(),
  ambiguous: false,
  uses: new Map(),
  end: 4,
  doubt: undefined,
  verdict: 'proved',
  why: '',
}

function outcomes(...all: readonly Partial<Outcome>[]): ReadonlyMap<string, Outcome> {
  return new Map(all.map((each, i) => [`python ${i}`, { ...NONE, ...each }]))
}

const stream = (text: string): Stream => ({ bytes: new Uint8Array(Buffer.from(text, 'latin1')), persistent: false })

test('generate() gives the same stream for the same numbers, and each opcode somewhere', () => {
  const streams = Array.from({ length: 3000 }, (_, i) => generate(5, i, []))
  assert.deepEqual(generate(5, 77, []), streams[77])
  assert.notDeepEqual(generate(6, 77, []), streams[77])
  const seen = new Set(streams.flatMap(({ bytes }) => [...bytes].map((byte) => OPCODE_BY_BYTE[byte]?.name)))
  assert.equal(OPCODES.filter(({ name }) => !seen.has(name)).length, 0)
})

test('judge() passes a statement that holds', () => {
  assert.equal(judge(HONEST, outcomes({}, {}, { end: -1 })), undefined)
})

const LIES: readonly (readonly [string, Partial<Statement>, readonly Partial<Outcome>[]])[] = [
  ['canonical-differs', {}, [{}, { finished: false }]],
  ['canonical-differs', {}, [{}, { result: '1' }]],
  ['canonical-differs', {}, [{}, { end: 5 }]],
  ['canonical-differs', { proved: false }, [{}, { events: ['build instance of a.b'] }]],
  ['unreported-global', { canonical: false, proved: false }, [{}, { globals: ['os.system'] }]],
  ['proved-fails', {}, [{ finished: false }, { finished: false }]],
  ['proved-beyond', { globals: new Set(['os.system']) }, [{ globals: ['os.system'], events: ['call os.system'] }]],
  ['proved-beyond', { uses: new Map([['call a.b', 1]]) }, [{ events: ['call a.b', 'call a.b'] }]],
  ['checker-refuses', { doubt: 'the stream is not that of the proof' }, [{}]],
  ['breach', { canonical: false, proved: false }, [{ globals: ['BREACH open'] }]],
]

for (const [property, lie, seen] of LIES) {
  test(`judge() finds ${property} of ${JSON.stringify(seen.at(-1))}`, () => {
    assert.equal(judge({ ...HONEST, ...lie }, outcomes(...seen))?.property, property)
  })
}

test('minimise() keeps nothing that the property does not need', async () => {
  const needle = Buffer.from('R.')
  const small = await minimise(stream('abcdefgR.hijklmn'), async (streams) =>
    streams.map(({ bytes }) => Buffer.from(bytes).includes(needle)),
  )
  assert.equal(Buffer.from(small.bytes).toString(), 'R.')
})

async function startPython(): Promise<Oracles | string> {
  try {
    return await startOracles('python3', { pyodide: false })
  } catch (thrown) {
    return `no oracle: ${String(thrown)}`
  }
}

test('startOracles() runs nothing that a stream calls', async (context) => {
  const oracles = await startPython()
  if (typeof oracles === 'string') return context.skip(oracles)
  const path = join(temporaryFolder(context), 'touched')
  try {
    const hostile = [
      `cos\nsystem\n(S'touch ${path}'\ntR.`,
      `cposix\nsystem\n(S'touch ${path}'\ntR.`,
      `(S'open("${path}", "w")'\ni__builtin__\neval\n.`,
    ]
    const answers = await oracles.run(hostile.map(stream))
    assert.deepEqual(
      answers.map((each) => [...new Set([...each.values()].flatMap(({ globals }) => globals))]),
      [['os.system'], ['posix.system'], ['__builtin__.eval']],
    )
    assert.ok(answers.every((each) => [...each.values()].every(({ finished }) => finished)))
    assert.ok(!existsSync(path))
  } finally {
    oracles.stop()
  }
})

test('startOracles() shows that a frame that cuts through an opcode is read in three ways', async (context) => {
  const oracles = await startPython()
  if (typeof oracles === 'string') return context.skip(oracles)
  try {
    const straddle = Buffer.concat([
      Buffer.from('800495', 'hex'),
      Buffer.from('0500000000000000', 'hex'),
      Buffer.from('8c0861626364656667682e', 'hex'),
    ])
    const [answer = new Map<string, Outcome>()] = await oracles.run([
      { bytes: new Uint8Array(straddle), persistent: false },
    ])
    assert.ok(new Set([...answer.values()].map(({ finished, result }) => `${finished} ${result}`)).size > 1)
    assert.equal(stateOf({ bytes: new Uint8Array(straddle), persistent: false }).canonical, false)
  } finally {
    oracles.stop()
  }
})

test('runStreams() finds nothing wrong with a few hundred streams', async (context) => {
  const oracles = await startPython()
  if (typeof oracles === 'string') return context.skip(oracles)
  try {
    const found = await runStreams(oracles, { streams: 500, seed: 11, from: 0, most: 1, seeds: [] })
    assert.deepEqual(
      found.map(({ violation }) => violation),
      [],
    )
  } finally {
    oracles.stop()
  }
})
