import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { outermostEnds } from '../../testing/protobuf.ts'
import { readBytes } from '../../testing/read-bytes.ts'
import {
  buildSavedModel,
  constant,
  entry,
  functionDef,
  graphDef,
  nodeDef,
  textConstant,
} from '../../testing/tensorflow.ts'
import { tensorflowReaders } from './index.ts'

const savedModel = tensorflowReaders.find(({ format }) => format === 'tf-saved-model') ?? assert.fail('no reader')
const call = nodeDef('call', 'StatefulPartitionedCall', { attr: { f: [['func', [['name', 'body']]]] } })
const sound = buildSavedModel(
  graphDef(
    [constant('w'), textConstant('t', 'words'), nodeDef('y', 'MatMul', { input: ['w', 'w'] }), call],
    [functionDef('body', [nodeDef('r', 'RestoreV2')])],
  ),
  [
    ['saver_def', [['restore_op_name', 'call']]],
    ['signature_def', entry('serve', [['outputs', entry('out', [['name', 'call:0']])]])],
  ],
)

function readOrFault(bytes: Uint8Array): ReturnType<typeof readBytes> | undefined {
  try {
    return readBytes(savedModel, bytes, { limits: { items: 10_000, bytes: 2_000_000 } })
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown
    return undefined
  }
}

test('tensorflowReaders never read a model that is cut within a field in full', () => {
  const ends = new Set(outermostEnds(sound))
  for (let length = 1; length < sound.length; length++) {
    const read = ends.has(length) ? undefined : readOrFault(sound.subarray(0, length))
    if (read !== undefined) assert.ok(read.codes.length > 0, `cut to ${length} bytes of ${sound.length}`)
  }
})

test('tensorflowReaders throw nothing but Fault over mutated models and read nothing outside', () => {
  const mutation = fc.record({ at: fc.nat(sound.length - 1), byte: fc.nat(255) })
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), (mutations) => {
      const bytes = Uint8Array.from(sound)
      for (const { at, byte } of mutations) bytes[at] = byte
      readOrFault(bytes)
    }),
    { numRuns: 1500 },
  )
})
