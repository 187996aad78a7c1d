import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sha256 } from '../base/index.ts'
import { makeEntry, useRegister } from '../testing/register.ts'
import { connect } from './connect.ts'
import { sql } from 'kysely'

const home = useRegister()

test('Register.takeSerial() never gives a serial twice, not even to askers at once', async () => {
  const serials = await Promise.all(Array.from({ length: 20 }, () => home.register.takeSerial(2026)))
  assert.equal(new Set(serials).size, 20)
  assert.equal(await home.register.takeSerial(2027), 1)
})

test('Register.enter() keeps a model, its files, its dossier and its clearance', async () => {
  const entry = makeEntry({ name: 'oak', number: '260000000010' })
  await home.register.enter(entry)
  const model = await home.register.findModel(entry.artefact.id)
  assert.deepEqual(model?.files, [{ path: 'model.safetensors', size: 1024, sha256: sha256('oak file') }])
  const certificate = await home.register.findCertificate('260000000010')
  assert.equal(certificate?.decision, 'cleared')
  assert.equal(certificate?.issuedAt, '2026-11-23T12:00:00Z')
  assert.equal(await home.register.findDossier(entry.dossier.digest), entry.dossier.text)
})

test('Register.enter() refuses a number that was issued and then leaves nothing behind', async () => {
  const entry = makeEntry({ name: 'impostor', number: '260000000010' })
  await assert.rejects(home.register.enter(entry), { code: 'number-taken' })
  assert.equal(await home.register.findModel(entry.artefact.id), undefined)
})

test('Register.docket() holds every decision, the newest first', async () => {
  await home.register.enter(makeEntry({ name: 'elm', number: '260000000029' }))
  await home.register.enter(makeEntry({ name: 'elm', number: '260000000038', defect: true }))
  const docket = await home.register.docket(`tw1:${sha256('elm')}`)
  assert.deepEqual(
    docket.map(({ number, decision }) => [number, decision]),
    [
      ['260000000038', 'held'],
      ['260000000029', 'cleared'],
    ],
  )
})

test('Register.search() finds by name, identity, file digest and number, and shows the latest decision', async () => {
  for (const query of [
    'ELM',
    `tw1:${sha256('elm')}`,
    sha256('elm'),
    sha256('elm file'),
    '2600 0000 0029',
    sha256('elm root'),
  ]) {
    const { hits } = await home.register.search({ query, limit: 10 })
    assert.deepEqual(
      hits.map(({ ref, decision }) => [ref, decision]),
      [['elm', 'held']],
      query,
    )
  }
  assert.deepEqual((await home.register.search({ query: '%', limit: 10 })).hits, [])
})

test('Register.search() pages by key and misses nothing', async () => {
  const first = await home.register.search({ query: '', limit: 1 })
  assert.equal(first.hits.length, 1)
  const second = await home.register.search({ query: '', limit: 1, after: first.next ?? '' })
  assert.deepEqual([first.hits[0]?.ref, second.hits[0]?.ref, second.next], ['elm', 'oak', null])
})

test('Register.standings() tells the latest decision on a file or a model', async () => {
  const standings = await home.register.standings([sha256('elm file'), `tw1:${sha256('oak')}`, sha256('nobody')])
  assert.deepEqual(
    standings.map(({ asked, decision }) => [asked, decision]).toSorted(),
    [
      [sha256('elm file'), 'held'],
      [`tw1:${sha256('oak')}`, 'cleared'],
    ].toSorted(),
  )
})

test('Register.fingerprints() gives every model once with its bytes and standing', async () => {
  await home.register.enter(makeEntry({ name: 'ash', number: '260000000047', fingerprint: Uint8Array.of(0, 255, 7) }))
  await home.register.enter(
    makeEntry({ name: 'ash', number: '260000000056', defect: true, fingerprint: Uint8Array.of(1, 2, 3) }),
  )
  const found = await Array.fromAsync(home.register.fingerprints())
  assert.deepEqual(
    found.map(({ ref, standing, bytes }) => [ref, standing, [...bytes]]),
    [['ash', 'held', [1, 2, 3]]],
  )
})

test('Register gives a place of a status list once, and counts those that it gave', async () => {
  const { statements } = home.register
  const taken = []
  for (const number of ['260000000012', '260000000023'])
    taken.push(await statements.takePlace({ list: 'status-1', idx: 7, number }))
  assert.deepEqual(taken, [true, false])
  assert.equal(await statements.takePlace({ list: 'status-2', idx: 7, number: '260000000023' }), true)
  assert.deepEqual([await statements.countPlaces('status-1'), await statements.countPlaces('status-3')], [1, 0])
})

test('Register never changes or forgets a clearance, not even by SQL', async () => {
  await home.reopen(async (place) => {
    const { database, close } = await connect(place)
    await assert.rejects(sql`update clearance set decision = 'cleared'`.execute(database), /never changed/)
    await assert.rejects(sql`delete from clearance`.execute(database), /never changed/)
    await close()
  })
  assert.equal((await home.register.count()).clearances, 5)
})
