import assert from 'node:assert/strict'
import { test } from 'node:test'
import { glimpse, readBytes } from '../../testing/read-bytes.ts'
import { writeTorchZip } from '../../testing/torch.ts'
import { writeZip } from '../../testing/zip.ts'
import { READERS } from '../registry.ts'
import { stableBaselinesReader as reader } from './index.ts'

const INERT = Buffer.from('\x80\x04N.', 'latin1').toString('base64')
const HOSTILE = Buffer.from('\x80\x02cos\nsystem\nX\x02\0\0\0id\x85R.', 'latin1').toString('base64')

function policy(data: string): Uint8Array {
  return writeZip([
    { name: 'data', data },
    { name: 'policy.pth', data: writeTorchZip([]) },
    { name: '_stable_baselines3_version', data: '2.3.0' },
  ])
}

function read(data: string): ReturnType<typeof readBytes> {
  return readBytes(reader, policy(data), { path: 'm.zip', readers: READERS })
}

test('stableBaselinesReader.read() proves the pickles in the JSON file one by one', () => {
  const data = { policy_class: { ':type:': 'x', ':serialized:': INERT }, list: [{ ':serialized:': INERT }], n: 1 }
  const { facts, codes, accounting } = read(JSON.stringify(data))
  assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
  assert.deepEqual(
    facts.proofs?.map(({ locus, verdict }) => [locus, verdict]),
    [
      ['data#/policy_class', 'proved'],
      ['data#/list/0', 'proved'],
    ],
  )
})

test('stableBaselinesReader.read() finds what a pickle in the JSON file calls', () => {
  const { facts, codes } = read(JSON.stringify({ lr: { ':serialized:': HOSTILE } }))
  assert.ok(codes.includes('pkl-executes-code'))
  assert.equal(facts.reading, 'listed')
})

test('stableBaselinesReader.read() is not full when the JSON file is not understood to its last byte', () => {
  const broken = [
    '{',
    '{"a":{":serialized:":"%%"}}',
    '{"a":1,"a":2}',
    '[',
    `{"a":{":serialized:":"${INERT.slice(0, 3)}"}}`,
  ]
  for (const data of broken) assert.equal(read(data).facts.reading, 'listed', data)
})

test('stableBaselinesReader.sniff() knows a policy by its version', () => {
  assert.equal(reader.sniff(glimpse(policy('{}'))), 'magic')
  assert.equal(reader.sniff(glimpse(writeZip([{ name: 'data' }]))), null)
})
