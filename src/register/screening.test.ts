import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { encodeFingerprint, fingerprintModel, indexRow, type Fingerprint } from '../lineage/index.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { openModel } from '../testing/models.ts'
import { makeEntry, useRegister } from '../testing/register.ts'
import { makeBase, writeModel } from '../testing/zoo.ts'
import { connect } from './connect.ts'

const home = useRegister()

test('Register keeps with each fingerprint what an index is made from, and makes it for those of before', async (context) => {
  const { opened, facts } = await openModel(writeModel(temporaryFolder(context), makeBase(1)))
  const fingerprint: Fingerprint = await fingerprintModel(opened, facts, { threads: 0 })
  const bytes = encodeFingerprint(fingerprint)
  const oak = makeEntry({ name: 'oak', number: '260000000010', fingerprint: bytes })
  await home.register.enter(oak)
  await home.register.enter(makeEntry({ name: 'ash', number: '260000000047', fingerprint: Uint8Array.of(0, 255, 7) }))
  await home.register.enter(makeEntry({ name: 'oak', number: '260000000056', fingerprint: bytes }))
  const expected = { ...indexRow(fingerprint), model: oak.artefact.id }
  const state = { fingerprints: 2, screened: 2, indexable: 1 }
  assert.deepEqual(await home.register.screeningState(), state)
  const pages = await Array.fromAsync(home.register.screeningRows(''))
  assert.deepEqual(
    pages.flatMap(({ rows }) => rows),
    [expected],
  )
  assert.deepEqual(await Array.fromAsync(home.register.screeningRows(pages.at(-1)?.cursor ?? '')), [])

  await home.reopen(async (place) => {
    const connection = await connect(place)
    await sql`delete from screening`.execute(connection.database)
    await connection.close()
  })
  assert.deepEqual(await home.register.screeningState(), { ...state, screened: 0, indexable: 0 })
  const steps: number[] = []
  await home.register.fillScreening((done) => void steps.push(done))
  assert.deepEqual([await home.register.screeningState(), steps], [state, [2]])
  assert.deepEqual(
    (await Array.fromAsync(home.register.screeningRows(''))).flatMap(({ rows }) => rows),
    [expected],
  )
  const [record] = await Array.fromAsync(home.register.fingerprintsOf([oak.artefact.id, 'tw1:none']))
  assert.deepEqual([record?.ref, record?.bytes.length], ['oak', bytes.length])
})
