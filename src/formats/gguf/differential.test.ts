import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { gguf } from '@huggingface/gguf'
import { needsShared, sharedPath, temporaryFolder } from '../../testing/folders.ts'
import { buildGguf, type GgufOptions } from '../../testing/gguf.ts'
import { readBytes } from '../../testing/read-bytes.ts'
import { GGML_TYPES, ggmlTypeByName } from './ggml-types.ts'
import { ggufReader } from './index.ts'

const plain = { name: 'w', shape: [4], type: 'f32' } as const

/** A file that claims a string of 9 MB in few bytes. */
function longString(): Uint8Array {
  const bytes = Buffer.from(buildGguf({ metadata: [['k', 'string', 'abc']] }))
  bytes.writeBigUInt64LE(9_000_000n, bytes.length - 11)
  return bytes
}

/** The eleven malformed files of the design, section 3, and the code that ours must note. */
const MALFORMED: readonly (readonly [what: string, code: string, accepted: boolean, bytes: Uint8Array])[] = [
  [
    'two entries declared, one present',
    'ggf-empty-key',
    true,
    Buffer.concat([buildGguf({ metadata: [['k', 'u32', 1]], entryCount: 2 }), Buffer.alloc(64)]),
  ],
  ['a string of 9 MB in a file of 50 bytes', 'ggf-length', true, longString()],
  ['a tensor at 2^60', 'ggf-outside-file', true, buildGguf({ tensors: [{ ...plain, offset: 2n ** 60n }] })],
  [
    'two tensors at one offset',
    'ggf-overlap',
    true,
    buildGguf({ tensors: [plain, { ...plain, name: 'v', offset: 0 }] }),
  ],
  [
    'a key twice',
    'ggf-duplicate-key',
    true,
    buildGguf({
      metadata: [
        ['k', 'u32', 1],
        ['k', 'u32', 2],
      ],
    }),
  ],
  ['a tensor twice', 'ggf-duplicate-tensor', true, buildGguf({ tensors: [plain, plain] })],
  ['alignment 3', 'ggf-alignment', true, buildGguf({ metadata: [['general.alignment', 'u32', 3]], tensors: [plain] })],
  ['ggml type 250', 'ggf-tensor-type', true, buildGguf({ tensors: [{ ...plain, typeId: 250 }] })],
  ['a key named __proto__', 'ggf-key-name', true, buildGguf({ metadata: [['__proto__', 'u32', 1]] })],
  [
    'an array of a million in 60 bytes',
    'ggf-length',
    true,
    buildGguf({ metadata: [['k', 'array', { of: 'u8', items: [], declared: 1_000_000 }]] }),
  ],
  [
    'dimensions of 2^60',
    'ggf-overflow',
    false,
    buildGguf({ tensors: [{ ...plain, shape: [2n ** 60n], data: new Uint8Array(4) }] }),
  ],
]

function parse(context: TestContext, bytes: Uint8Array): ReturnType<typeof gguf> {
  const path = join(temporaryFolder(context), 'model.gguf')
  writeFileSync(path, bytes)
  return gguf(path, { allowLocalFile: true })
}

for (const [what, code, accepted, bytes] of MALFORMED) {
  test(`ggufReader.read() notes ${code} for ${what}, which @huggingface/gguf ${accepted ? 'accepts' : 'refuses'}`, async (context) => {
    if (accepted) await parse(context, bytes)
    else await assert.rejects(parse(context, bytes))
    const { codes } = readBytes(ggufReader, bytes)
    assert.ok(codes.includes(code), `noted: ${codes.join(', ')}`)
  })
}

async function compareInfos(context: TestContext, bytes: Uint8Array): Promise<void> {
  const theirs = await parse(context, bytes)
  const { facts, codes } = readBytes(ggufReader, bytes)
  assert.deepEqual([facts.reading, codes], ['full', []])
  const expected = theirs.tensorInfos.map(({ name, shape, dtype, offset }) => ({
    name,
    shape: shape.toReversed().map(Number),
    type: Number(dtype),
    offset: Number(offset + theirs.tensorDataOffset),
  }))
  const ours = facts.tensors.map(({ name, shape, type, offset }) => ({
    name,
    shape,
    type: ggmlTypeByName(type)?.id,
    offset,
  }))
  assert.deepEqual(ours, expected)
  const known = facts.metadata.filter(({ value }) => typeof value === 'string' || typeof value === 'boolean')
  for (const { key, value } of known)
    if (!key.startsWith('tokenizer.chat')) assert.equal(value, (theirs.metadata as Record<string, unknown>)[key])
}

test(
  'ggufReader.read() gives the tensor list that @huggingface/gguf gives of the zoo',
  needsShared('zoo'),
  async (context) => {
    for (const model of ['oak-q40', 'oak-q51', 'oak-q80', 'oak-sft-q40']) {
      const folder = sharedPath('zoo', model) ?? ''
      const file = readdirSync(folder).find((name) => name.endsWith('.gguf')) ?? ''
      await compareInfos(context, readFileSync(join(folder, file)))
    }
  },
)

const tensors = GGML_TYPES.map(({ name, blockElements }, i) => ({
  name: `blk.${i}.w`,
  shape: [1 + (i % 3), 2 * blockElements],
  type: name,
}))
const built: GgufOptions = {
  metadata: [
    ['general.architecture', 'string', 'llama'],
    ['general.name', 'string', 'Ünïcode ✓'],
  ],
  tensors,
}

for (const options of [{}, { version: 2 }, { littleEndian: false }]) {
  test(`ggufReader.read() gives the tensor list that @huggingface/gguf gives of all types, ${JSON.stringify(options)}`, async (context) => {
    await compareInfos(context, buildGguf({ ...built, ...options }))
  })
}
