/** One model in the containers of torch and NumPy: its weights are read where they lie, so it is the same model. */
import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { writeNpz } from '../../src/testing/npy.ts'
import { writeSafetensors, type TensorToWrite } from '../../src/testing/safetensors.ts'
import { writeTorchLegacy, writeTorchZip } from '../../src/testing/torch.ts'
import { jsonOf, runTidewaiter } from './program.ts'

const OAK = 'examples/oak'

interface Entry {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data_offsets: readonly [number, number]
}

function readOak(): readonly TensorToWrite[] {
  const file = readFileSync(join(OAK, 'model.safetensors'))
  const start = 8 + Number(file.readBigUInt64LE(0))
  const header = JSON.parse(file.subarray(8, start).toString()) as Record<string, Entry>
  return Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        return { name, type: dtype, shape, bytes: file.subarray(start + from, start + to) }
      },
    )
}

function toF32(tensor: TensorToWrite): TensorToWrite {
  assert.equal(tensor.type, 'BF16')
  const halves = new Uint16Array(Uint8Array.from(tensor.bytes).buffer)
  const bytes = new Uint8Array(Uint32Array.from(halves, (half) => half << 16).buffer)
  return { ...tensor, type: 'F32', bytes }
}

function writeFolder(context: TestContext, name: string, bytes: Uint8Array): string {
  const folder = join(temporaryFolder(context), 'model')
  mkdirSync(folder)
  copyFileSync(join(OAK, 'config.json'), join(folder, 'config.json'))
  writeFileSync(join(folder, name), bytes)
  return folder
}

async function run(args: readonly string[], home: string) {
  const ended = await runTidewaiter([...args, '--home', home, '--format', 'json', '--quiet'])
  assert.deepEqual([ended.status, ended.stderr], [0, ''])
  return jsonOf(ended)
}

test('compare finds every tensor of a model again, bit for bit, in any container of torch', async (context) => {
  const home = temporaryFolder(context)
  const tensors = readOak()
  const files = [
    ['pytorch_model.bin', writeTorchZip(tensors)],
    ['model.pt', writeTorchLegacy(tensors)],
    ['last.ckpt', writeTorchZip(tensors.map((tensor) => ({ ...tensor, name: `state_dict.${tensor.name}` })))],
  ] as const
  for (const [name, bytes] of files) {
    const json = await run(['compare', OAK, writeFolder(context, name, bytes)], home)
    assert.equal(json.verdict, 're-derived', name)
    assert.match(json.reasons[0], /the same bit for bit/)
  }
})

test('compare finds every tensor of a model again, bit for bit, in an archive of NumPy arrays', async (context) => {
  const home = temporaryFolder(context)
  const tensors = readOak().map(toF32)
  const plain = writeFolder(context, 'model.safetensors', writeSafetensors(tensors))
  const json = await run(['compare', plain, writeFolder(context, 'model.npz', writeNpz(tensors))], home)
  assert.equal(json.verdict, 're-derived')
  assert.match(json.reasons[0], /the same bit for bit/)
})

test('compare says that it passed over weights that are compressed', async (context) => {
  const home = temporaryFolder(context)
  const npz = writeFolder(context, 'model.npz', writeNpz(readOak().map(toF32), true))
  const json = await run(['compare', OAK, npz], home)
  assert.equal(json.verdict, 'insufficient')
  assert.match(JSON.stringify(json), /compressed/)
})
