import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rawField } from '../../testing/protobuf.ts'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { sentencePieceReader } from './index.ts'

function piece(text: string, type = 1): Buffer {
  const score = Buffer.alloc(4)
  return rawField(
    1,
    2,
    Buffer.concat([rawField(1, 2, Buffer.from(text)), rawField(2, 5, score), rawField(3, 0, Buffer.from([type]))]),
  )
}

const trainer = rawField(2, 2, Buffer.concat([rawField(3, 0, Buffer.from([2])), rawField(4, 0, Buffer.from([2]))]))

test('sentencePieceReader.read() of a sound tokenizer is full', () => {
  const bytes = Buffer.concat([piece('<unk>', 2), piece('▁a'), trainer])
  const { facts, codes, accounting } = readBytes(sentencePieceReader, bytes)
  assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
  const metadata = new Map(facts.metadata.map(({ key, value }) => [key, value]))
  assert.deepEqual([metadata.get('pieces'), metadata.get('vocab_size'), metadata.get('model_type')], [2, 2, 2])
  assert.equal(sentencePieceReader.sniff(glimpse(bytes)), 'structure')
})

test('sentencePieceReader.read() notes pieces that stand twice, are empty or of no type, and their absence', () => {
  const codes = (...parts: readonly Buffer[]): readonly string[] =>
    readBytes(sentencePieceReader, Buffer.concat([...parts, trainer])).codes
  assert.deepEqual(codes(piece('a'), piece('a')), ['spm-duplicate'])
  assert.deepEqual(codes(piece('')), ['spm-piece'])
  assert.deepEqual(codes(piece('a', 9)), ['spm-piece'])
  assert.deepEqual(codes(), ['spm-empty'])
})
