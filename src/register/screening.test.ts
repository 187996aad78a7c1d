import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sql } from 'kysely'
import { encodeFingerprint, fingerprintModel, indexRow, type Fingerprint } from '../lineage/index.ts'
import { temporaryFolder } from '../testing/folders.ts'
import { openModel } from '../testing/models.ts'
import { makeEntry, makePlace, openTestRegister, type TestPlace } from '../testing/register.ts'
import { makeBase, writeModel } from '../testing/zoo.ts'
import { connect } from './connect.ts'
import type { Register } from './register.ts'

let home: TestPlace
let register: Register

before(async () => {
  home = await makePlace()
  register = await openTestRegister(home.place)
})

after(async () => {
  await register.close()
  await home.remove()
})

test('Register keeps with each fingerprint what an index is made from, and makes it for those of before', async (context) => {
  const { opened, facts } = await openModel(writeModel(temporaryFolder(context), makeBase(1)))
  const fingerprint: Fingerprint = await fingerprintModel(opened, facts, { threads: 0 })
  const bytes = encodeFingerprint(fingerprint)
  const oak = makeEntry({ name: 'oak', number: '260000000010', fingerprint: bytes })
  await register.enter(oak)
  await register.enter(makeEntry({ name: 'ash', number: '260000000047', fingerprint: Uint8Array.of(0, 255, 7) }))
  await register.enter(makeEntry({ name: 'oak', number: '260000000056', fingerprint: bytes }))
  const expected = { ...indexRow(fingerprint), model: oak.artefact.id }
  const state = { fingerprints: 2, screened: 2, indexable: 1 }
  assert.deepEqual(await register.screeningState(), state)
  const pages = await Array.fromAsync(register.screeningRows(''))
  assert.deepEqual(
    pages.flatMap(({ rows }) => rows),
    [expected],
  )
  assert.deepEqual(await Array.fromAsync(register.screeningRows(pages.at(-1)?.cursor ?? '')), [])

  await register.close()
  const connection = await connect(home.place)
  await sql`delete from screening`.execute(connection.database)
  await connection.close()
  register = await openTestRegister(home.place)
  assert.deepEqual(await register.screeningState(), { ...state, screened: 0, indexable: 0 })
  const steps: number[] = []
  await register.fillScreening((done) => void steps.push(done))
  assert.deepEqual([await register.screeningState(), steps], [state, [2]])
  assert.deepEqual(
    (await Array.fromAsync(register.screeningRows(''))).flatMap(({ rows }) => rows),
    [expected],
  )
  const [record] = await Array.fromAsync(register.fingerprintsOf([oak.artefact.id, 'tw1:none']))
  assert.deepEqual([record?.ref, record?.bytes.length], ['oak', bytes.length])
})
