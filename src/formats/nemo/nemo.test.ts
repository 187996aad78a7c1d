import assert from 'node:assert/strict'
import { test } from 'node:test'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { writeTar } from '../../testing/tar.ts'
import { writeTorchZip } from '../../testing/torch.ts'
import { READERS } from '../registry.ts'
import { nemoReader } from './index.ts'

const MEMBERS = [
  { name: './model_config.yaml', data: 'name: oak\n' },
  { name: './model_weights.ckpt', data: writeTorchZip([]) },
]

test('nemoReader.read() reads each member as what it is', () => {
  const { facts, members, accounting } = readBytes(nemoReader, writeTar(...MEMBERS), {
    path: 'm.nemo',
    readers: READERS,
  })
  assert.deepEqual([facts.format, facts.reading, accounting.complete], ['nemo', 'full', true])
  assert.deepEqual(
    members.map(({ path, format }) => [path, format]),
    [
      ['m.nemo!/./model_config.yaml', 'yaml'],
      ['m.nemo!/./model_weights.ckpt', 'torch-zip'],
    ],
  )
})

test('nemoReader.sniff() knows a tar by its first member or by its name, and nothing else', () => {
  const other = writeTar({ name: 'a.txt', data: 'a' })
  assert.equal(nemoReader.sniff(glimpse(writeTar(...MEMBERS), 'm')), 'magic')
  assert.equal(nemoReader.sniff(glimpse(other, 'm.nemo')), 'magic')
  assert.equal(nemoReader.sniff(glimpse(other, 'm.tar')), null)
  assert.equal(nemoReader.sniff(glimpse(Buffer.from('oak'), 'm.nemo')), null)
})
