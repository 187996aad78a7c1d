import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readBytes } from '../../testing/read-bytes.ts'
import { writeZip } from '../../testing/zip.ts'
import { torchPackageReader } from './index.ts'

const RECORDS = {
  '.data/extern_modules': 'torch\n',
  '.data/version': '6\n',
  'model/model.pkl': Buffer.from('\x80\x02}.', 'latin1'),
}

function read(more: Readonly<Record<string, string | Uint8Array>> = {}): ReturnType<typeof readBytes> {
  const records = Object.entries({ ...RECORDS, ...more })
  const bytes = writeZip(records.map(([name, data]) => ({ name: `oak/${name}`, data, method: 0 })))
  return readBytes(torchPackageReader, new Uint8Array(bytes), { path: 'model.pt', readers: [] })
}

test('torchPackageReader.read() reads a package without source in full', () => {
  const { facts, codes, accounting } = read()
  assert.deepEqual([facts.reading, codes, accounting.complete], ['full', [], true])
  assert.deepEqual(
    facts.references.map(({ kind, target }) => [kind, target]),
    [['code', 'torch']],
  )
})

test('torchPackageReader.read() notes Python source, and hands it on', () => {
  const { codes, members } = read({ 'model/net.py': 'import os' })
  assert.deepEqual([codes, members.map(({ path }) => path)], [['tsc-reaches'], ['model.pt!/oak/model/net.py']])
})

test('torchPackageReader.read() reads every pickle and notes a storage that none refers to', () => {
  assert.ok(read({ 'a/b.pkl': 'cos\nsystem\n(Vid\ntR.' }).codes.includes('pkl-executes-code'))
  assert.deepEqual(read({ '.data/0.storage': 'oak' }).codes, ['tor-unreferenced'])
})

test('torchPackageReader.read() notes a list of modules that is none', () => {
  const { codes, facts } = read({ '.data/extern_modules': 'torch\n../evil\n' })
  assert.deepEqual([codes, facts.reading], [['tor-record'], 'listed'])
})
