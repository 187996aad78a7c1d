import assert from 'node:assert/strict'
import { test } from 'node:test'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { writeTorchZip } from '../../testing/torch.ts'
import { writeZip } from '../../testing/zip.ts'
import { readUntilReady } from '../pending.ts'
import { READERS } from '../registry.ts'
import { torchModelArchiveReader as reader } from './index.ts'

const BYTES = writeZip([
  { name: 'MAR-INF/MANIFEST.json', data: '{"model":{"handler":"handler.py"}}' },
  { name: 'handler.py', data: 'import os\n' },
  { name: 'model.pt', data: writeTorchZip([]) },
])

test('torchModelArchiveReader.read() reads each member as what it is', async () => {
  const { facts, members, accounting } = await readUntilReady(() =>
    readBytes(reader, BYTES, { path: 'm.mar', readers: READERS }),
  )
  assert.deepEqual([facts.format, facts.reading, accounting.complete], ['torch-model-archive', 'full', true])
  assert.deepEqual(
    members.map(({ path }) => path),
    ['m.mar!/MAR-INF/MANIFEST.json', 'm.mar!/handler.py', 'm.mar!/model.pt'],
  )
  assert.equal(members[2]?.format, 'torch-zip')
})

test('torchModelArchiveReader.sniff() knows an archive by its manifest', () => {
  assert.equal(reader.sniff(glimpse(BYTES)), 'magic')
  assert.equal(reader.sniff(glimpse(writeZip([{ name: 'a' }]))), null)
})
