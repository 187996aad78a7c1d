import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { BLOCK_SIZE, BlockHasher } from '../base/index.ts'
import { DigestThread, PIECE_SIZE } from './digest-thread.ts'
import { SharedSink } from './shared-sink.ts'

const BYTES = randomBytes(3 * BLOCK_SIZE + PIECE_SIZE + 5)

async function digest(sink: SharedSink, bytes: Uint8Array) {
  for (let from = 0; from < bytes.length; from += PIECE_SIZE) {
    await sink.ready()
    const piece = bytes.subarray(from, from + PIECE_SIZE)
    sink.take(piece, from + piece.length === bytes.length)
  }
  return sink.finish()
}

function expected(bytes: Uint8Array) {
  const hasher = new BlockHasher()
  hasher.update(bytes)
  const { sha256, blocks } = hasher.finish()
  return { sha256, blocks }
}

test('SharedSink puts the blocks together, whichever of the two digested them', async (context) => {
  const thread = new DigestThread()
  context.after(() => thread.close())
  const whole = expected(BYTES)
  const lag = fc.array(fc.constantFrom(0, 100), { minLength: 4, maxLength: 4 })
  const check = async (lags: readonly number[]) => {
    const turns = lags.values()
    const waiting = { get: () => turns.next().value ?? 0 }
    const steered = Object.defineProperty(Object.create(thread) as DigestThread, 'waiting', waiting)
    for (const name of ['ready', 'put', 'finish'] as const) steered[name] = thread[name].bind(thread) as never
    assert.deepEqual(await digest(new SharedSink(steered), BYTES), whole)
  }
  await fc.assert(fc.asyncProperty(lag, check), { numRuns: 12 })
})

test('DigestThread says when it has ended instead of waiting for ever', async () => {
  const thread = new DigestThread()
  const finishing = assert.rejects(thread.finish(), { code: 'internal' })
  await thread.close()
  await finishing
  await assert.rejects(thread.ready(), { code: 'internal' })
})
