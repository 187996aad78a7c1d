import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../testing/folders.ts'
import { prepareDossierFolder } from './dossier-folder.ts'
import { openKeptResults } from './keep.ts'

test('openKeptResults() gives back what was kept for this artefact and version, and nothing else', (context) => {
  const folder = temporaryFolder(context)
  openKeptResults(folder, 'tw1:a', '1').keep('facts.json', 'hello')
  const find = (artefact: string, version: string): string | undefined =>
    openKeptResults(folder, artefact, version).find('facts.json')?.toString()
  assert.equal(find('tw1:a', '1'), Buffer.from('hello').toString())
  assert.equal(find('tw1:b', '1'), undefined)
  assert.equal(find('tw1:a', '2'), undefined)
})

test('openKeptResults() does not give back what was cut or changed', (context) => {
  const folder = temporaryFolder(context)
  const kept = openKeptResults(folder, 'tw1:a', '1')
  kept.keep('facts.json', 'hello')
  const path = join(folder, readdirSync(folder)[0] ?? '', 'facts.json')
  for (const damaged of [readFileSync(path).subarray(0, -1), Buffer.from('short'), Buffer.alloc(0)]) {
    writeFileSync(path, damaged)
    assert.equal(kept.find('facts.json'), undefined)
  }
})

test('openKeptResults() forgets an artefact and no other', (context) => {
  const folder = temporaryFolder(context)
  const [a, b] = [openKeptResults(folder, 'tw1:a', '1'), openKeptResults(folder, 'tw1:b', '1')]
  a.keep('x', '1')
  b.keep('x', '2')
  a.forget()
  assert.equal(a.find('x'), undefined)
  assert.equal(b.find('x')?.toString(), Buffer.from('2').toString())
})

test('prepareDossierFolder() shows nothing before it is published and everything after', (context) => {
  const folder = temporaryFolder(context)
  const prepared = prepareDossierFolder(folder, '260000000012', new Map([['dossier.json', '{}']]))
  assert.deepEqual(
    readdirSync(folder).filter((name) => !name.startsWith('.')),
    [],
  )
  prepared.publish()
  assert.deepEqual(readdirSync(folder), ['260000000012'])
  assert.equal(readFileSync(join(prepared.path, 'dossier.json'), 'utf8'), '{}')
})

test('prepareDossierFolder() leaves nothing when it is discarded or cannot be written', (context) => {
  const folder = temporaryFolder(context)
  prepareDossierFolder(folder, '260000000012', new Map([['a', 'b']])).discard()
  assert.throws(() => prepareDossierFolder(folder, '260000000013', new Map([['no/such/folder', 'b']])), {
    code: 'cannot-write',
  })
  assert.deepEqual(readdirSync(folder), [])
})

test('prepareDossierFolder() never replaces a dossier that stands', (context) => {
  const folder = temporaryFolder(context)
  mkdirSync(join(folder, '260000000012', 'x'), { recursive: true })
  assert.throws(() => prepareDossierFolder(folder, '260000000012', new Map([['a', 'b']])).publish(), {
    code: 'cannot-write',
  })
  assert.deepEqual(readdirSync(folder), ['260000000012'])
})
