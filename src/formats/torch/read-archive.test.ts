import assert from 'node:assert/strict'
import { test } from 'node:test'
import { f32Tensor } from '../../testing/safetensors.ts'
import { pickleStateDict } from '../../testing/torch.ts'
import { writeZip } from '../../testing/zip.ts'
import { Budget } from '../budget.ts'
import type { FileFacts } from '../facts.ts'
import { memorySource } from '../memory-source.ts'
import { readFile } from '../read-file.ts'
import { READERS } from '../registry.ts'

const TENSORS = Array.from({ length: 200 }, (_, index) => f32Tensor(`t${index}`, [1], [index]))
const STORAGES = TENSORS.map(({ bytes }, index) => [`data/${index}`, bytes] as const)
const PICKLE = ['data.pkl', pickleStateDict(TENSORS)] as const
const EMPTY_TUPLE = Buffer.from('\x80\x02).', 'latin1')

function read(records: readonly (readonly [string, Uint8Array | string])[], path = 'model.pt'): FileFacts {
  const members = records.map(([name, data]) => ({ name: `archive/${name}`, data, method: 0 }))
  const budget = new Budget()
  return readFile({ path, source: memorySource(writeZip(members), budget), budget }, READERS)
}

function seen({ format, reading, anomalies }: FileFacts): readonly string[] {
  return [format, reading, ...anomalies.map(({ code }) => code)]
}

test('readTorchArchive() finds the pickle of a checkpoint wherever the writer put it', () => {
  assert.deepEqual(seen(read([PICKLE, ...STORAGES])), ['torch-zip', 'full'])
  assert.deepEqual(seen(read([...STORAGES, PICKLE])), ['torch-zip', 'full'])
  assert.deepEqual(seen(read([...STORAGES.slice(0, 50), PICKLE, ...STORAGES.slice(50)])), ['torch-zip', 'full'])
})

test('readTorchArchive() takes for TorchScript what torch.load would, though head and tail do not show it', () => {
  const constants = ['constants.pkl', EMPTY_TUPLE] as const
  const facts = read([PICKLE, ...STORAGES.slice(0, 50), constants, ...STORAGES.slice(50)], 'model.bin')
  assert.deepEqual(seen(facts), ['torchscript', 'full', 'tsc-as-weights'])
})

test('readTorchArchive() reads a zip that only begins like one of torch as a zip', () => {
  const facts = read([['data/0', 'oak'], ['notes.md', '# Oak']], 'notes.zip') // prettier-ignore
  assert.deepEqual([facts.format, facts.members?.map(({ reading }) => reading)], ['zip', ['unread', 'full']])
})
