import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Cleanable, temporaryFolder } from '../../testing/folders.ts'
import type { FileFacts } from '../facts.ts'
import { findNamespaces } from './namespaces.ts'
import type { ReadCommand } from './messages.ts'
import { ReaderProcess } from './reader-process.ts'

const COMMAND = { path: 'model.bin', size: 7, limits: {} }

interface Started {
  readonly process: ReaderProcess
  readonly command: ReadCommand
}
/** What every hostile program has: it can send frames and raw bytes, and it begins with a proper greeting. */
const PRELUDE = `
import { readSync, writeSync } from 'node:fs'
const raw = (bytes) => { for (let sent = 0; sent < bytes.length;) sent += writeSync(1, bytes, sent) }
const frame = (text) => { const body = Buffer.from(text); const head = Buffer.alloc(4); head.writeUInt32LE(body.length); raw(Buffer.concat([head, body])) }
const say = (value) => frame(JSON.stringify(value))
const wait = () => readSync(0, Buffer.alloc(1))
const hang = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
`
const GREETING = `say({ kind: 'hello', readers: [{ format: 'x', version: 1 }], confined: true });`
const DONE = `say({ kind: 'done', format: 'x', reading: 'full' });`

async function start(context: Cleanable, program: string): Promise<Started> {
  const folder = temporaryFolder(context)
  const file = join(folder, 'program', 'hostile.mjs')
  mkdirSync(join(folder, 'program'))
  writeFileSync(file, PRELUDE + program)
  const process = await ReaderProcess.start({
    program: { file, folders: [] },
    files: [file],
    heapMegabytes: 64,
    namespaces: findNamespaces(),
  })
  context.after(() => process.kill())
  return { process, command: { ...COMMAND, file } }
}

async function readWith(context: Cleanable, program: string, wallMs = 30_000): Promise<FileFacts> {
  const { process, command } = await start(context, `${GREETING} wait(); ${program}`)
  const facts = await process.read(command, wallMs)
  if (facts.reading === 'unread') {
    assert.equal(process.alive, false)
    const again = await process.read(command, wallMs)
    assert.deepEqual([again.reading, again.anomalies.length], ['unread', 1])
  }
  return facts
}

test('ReaderProcess takes the facts of a process that behaves', async (context) => {
  const claim = `say({ kind: 'claims', items: [{ from: 0, to: 7, role: 'opaque' }] });`
  const facts = await readWith(context, `${claim} ${DONE} hang()`)
  assert.deepEqual([facts.path, facts.size, facts.format, facts.reading], ['model.bin', 7, 'x', 'full'])
  assert.deepEqual(facts.claims, [{ from: 0, to: 7, role: 'opaque' }])
})

const HOSTILE: readonly (readonly [what: string, program: string])[] = [
  ['ends at once', 'process.exit(0)'],
  ['ends with an error', 'throw new Error("no")'],
  ['is killed', 'process.kill(process.pid, "SIGKILL"); hang()'],
  ['ends after half an answer', `say({ kind: 'claims', items: [] }); process.exit(0)`],
  ['sends no frames', 'raw(Buffer.alloc(64, 255)); hang()'],
  ['sends a frame that is no JSON', 'frame("{"); hang()'],
  ['announces four gigabytes', 'raw(Buffer.from([254, 255, 255, 255])); hang()'],
  ['says what no reader says', `say({ kind: 'verdict', clean: true }); hang()`],
  ['claims a reading that does not exist', `say({ kind: 'done', format: 'x', reading: 'clean' }); hang()`],
  ['nests without end', `frame('{"kind":"metadata","items":' + '['.repeat(1e6)); hang()`],
  ['greets again', `${GREETING} hang()`],
]

for (const [what, program] of HOSTILE) {
  test(`ReaderProcess leaves the file unread when the process ${what}`, async (context) => {
    const facts = await readWith(context, program)
    assert.deepEqual([facts.reading, facts.anomalies.map(({ code }) => code)], ['unread', ['reader-crashed']])
    assert.deepEqual([facts.path, facts.tensors], ['model.bin', []])
  })
}

test('ReaderProcess says when the process ran out of memory', async (context) => {
  const facts = await readWith(context, 'const kept = []; for (;;) kept.push(new Array(1000).fill({}))')
  assert.match(String(facts.reason), /memory/)
})

test('ReaderProcess kills a process that does not answer in time, or never stops talking', async (context) => {
  const silent = await readWith(context, 'hang()', 50)
  assert.deepEqual(
    silent.anomalies.map(({ code }) => code),
    ['reader-timeout'],
  )
  const item = `{ key: 'k', type: 't', value: 'x'.repeat(1000000) }`
  const endless = await readWith(context, `for (;;) say({ kind: 'metadata', items: [${item}] })`)
  assert.deepEqual(
    endless.anomalies.map(({ code }) => code),
    ['budget-facts'],
  )
})

test('ReaderProcess does not believe a process that speaks before it is asked', async (context) => {
  const { process, command } = await start(context, `${GREETING} ${DONE} hang()`)
  while (process.alive) await new Promise((resolve) => setTimeout(resolve, 5))
  const facts = await process.read(command, 30_000)
  assert.equal(facts.reading, 'unread')
})

test('ReaderProcess.start() refuses a process that is not there, is not confined or does not greet', async (context) => {
  const unavailable = { code: 'reader-unavailable' }
  await assert.rejects(start(context, 'process.exit(3)'), unavailable)
  await assert.rejects(start(context, `say({ kind: 'hello', readers: [], confined: false }); hang()`), unavailable)
  await assert.rejects(start(context, `${DONE} hang()`), unavailable)
  const nothing = {
    program: { file: '/nowhere/program.mjs', folders: [] },
    files: [],
    heapMegabytes: 64,
    namespaces: undefined,
  }
  await assert.rejects(ReaderProcess.start(nothing), unavailable)
})

const bounded = findNamespaces() === undefined ? 'this system does not allow namespaces' : false

test('ReaderProcess ends a process that takes more memory than one may', { skip: bounded }, async (context) => {
  const facts = await readWith(context, 'const kept = []; for (;;) kept.push(Buffer.alloc(1e6, 1))')
  assert.deepEqual([facts.reading, facts.anomalies[0]?.code], ['unread', 'reader-crashed'])
})
