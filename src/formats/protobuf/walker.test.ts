import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildOnnx } from '../../testing/onnx.ts'
import { rawField } from '../../testing/protobuf.ts'
import { onnxReader } from '../onnx/index.ts'
import { pickleReader } from '../pickle/index.ts'
import { readBytes } from '../../testing/read-bytes.ts'
import { parseSchema } from './schema.ts'
import { unquote } from './text-fields.ts'

test('Walker has a file that rides along in an unknown field read as a member', () => {
  const pickle = Buffer.from('80049514000000000000008c026f73948c0673797374656d9493942e', 'hex')
  const bytes = Buffer.concat([buildOnnx(), rawField(5000, 2, pickle)])
  const { codes, members, facts } = readBytes(onnxReader, bytes, { readers: [onnxReader, pickleReader] })
  assert.deepEqual([codes, facts.reading], [['pb-unknown-field'], 'listed'])
  assert.deepEqual(
    members.map(({ format }) => format),
    ['pickle'],
  )
})

test('Walker opens no more than a few unknown fields, and none that are short', () => {
  const short = rawField(5000, 2, Buffer.from('short'))
  const long = rawField(5000, 2, Buffer.alloc(20, 'x'))
  const bytes = Buffer.concat([buildOnnx(), short, ...Array<Buffer>(50).fill(long)])
  assert.equal(readBytes(onnxReader, bytes).members.length, 16)
})

test('parseSchema() reads names, kinds and repetition, and open messages', () => {
  const schema = parseSchema('Pair 1:key:string\n  2:value:Pair* …\nOther 3:x:float*')
  const pair = schema.get('Pair')
  assert.deepEqual(
    [...(pair?.fields.values() ?? [])].map(({ name, kind, repeated, message }) => [name, kind, repeated, message]),
    [
      ['key', 'string', false, undefined],
      ['value', 'message', true, 'Pair'],
    ],
  )
  assert.deepEqual(
    [pair?.isOpen, schema.get('Other')?.isOpen, schema.get('Other')?.fields.get(3)?.packable],
    [true, false, true],
  )
})

test('unquote() gives what a quoted text of protobuf stands for', () => {
  assert.equal(unquote(String.raw`'a\n\x4a\101\'\\'`), "a\nJA'\\")
  assert.equal(Buffer.from(unquote('"é\\u00e9"'), 'latin1').toString(), 'éé')
})
