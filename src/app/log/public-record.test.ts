import assert from 'node:assert/strict'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { test } from 'node:test'
import { Fault, sha256, systemClock } from '../../base/index.ts'
import { loadOrCreateAuthority } from '../../certificate/index.ts'
import { createLog, DatabaseTiles, fileLock, openLog, type LogOptions } from '../../log/index.ts'
import { temporaryFolder, type Cleanable } from '../../testing/folders.ts'
import { makeSigners } from '../../testing/log.ts'
import { makeSigner } from '../../testing/publication.ts'
import { useRegister } from '../../testing/register.ts'
import { SAMPLES } from '../../testing/statements.ts'
import { verifyBundle } from '../../verify.ts'
import { stampBy } from './own-authority.ts'
import { PublicRecord, type ToSay } from './public-record.ts'

const ORIGIN = '2026.log.example'
const home = useRegister()
const signer = makeSigner()
const keyId = sha256(signer.publicKeyPem)

/** An inspection of the model of this name. */
function inspectionOf(name: string): ToSay<'inspection'> {
  const { issuer: _issuer, issuedAt, log: _log, docket: _docket, ...content } = SAMPLES.inspection
  const digest = { sha256: sha256(name), dirHash: sha256(name), dirHash1: sha256(name) }
  return {
    kind: 'inspection',
    subject: { name, digest },
    modelId: `tw1:${sha256(name)}`,
    familyId: `tf1:${sha256(name)}`,
    issuer: { keyId, role: 'regulator' },
    issuedAt,
    content,
  }
}

/** What makes records on one log; each is as a process of its own. */
async function makeRecords(context: Cleanable): Promise<(changes: Partial<LogOptions>) => Promise<PublicRecord>> {
  const folder = temporaryFolder(context)
  const database = home.register.logDatabase
  const options: LogOptions = {
    origin: ORIGIN,
    database,
    store: (log) => new DatabaseTiles(database, log),
    signers: makeSigners(ORIGIN),
    lock: fileLock(join(folder, 'lock.sqlite')),
    clock: systemClock,
    sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
  }
  await createLog(options)
  const names = { organization: 'Test', name: 'Test TSA', now: systemClock.now() }
  const stamp = stampBy(await loadOrCreateAuthority(join(folder, 'tsa'), names))
  return async (changes) => {
    const log = await openLog({ ...options, ...changes })
    return new PublicRecord({
      log,
      logId: new Uint8Array(32),
      stamp,
      signer,
      register: home.register,
      mayIssue: () => true,
    })
  }
}

test('PublicRecord loses no text of what the log took, however it ended, and says nothing that the log did not take', async (context) => {
  const record = await makeRecords(context)
  const { statements } = home.register
  const what = inspectionOf('oak')
  const places = async () => (await statements.listOf(what.modelId)).map(({ seq, leafIndex }) => [seq, leafIndex])
  const deaf = () => Promise.reject(new Fault('witness', 'nobody answers'))
  const dying = (at: string) => (point: string) => {
    if (point === at) throw new Error('died')
  }

  await assert.rejects((await record({ askWitnesses: deaf })).say(what), { code: 'witness' })
  assert.deepEqual(await places(), [])
  await (await record({})).say(what)
  assert.deepEqual(await places(), [
    [0, 1],
    [1, 3],
  ])

  await assert.rejects((await record({ crashPoint: dying('append:gathered') })).say(what), { message: 'died' })
  await assert.rejects((await record({ crashPoint: dying('append:sequenced') })).say(what), { message: 'died' })
  await (await record({})).say(what)
  assert.deepEqual(await places(), [
    [0, 1],
    [1, 3],
    [2, 5],
    [3, 7],
  ])

  assert.deepEqual(await statements.draftsOf(what.modelId, ORIGIN), [])
  for (const { bundle } of await statements.listOf(what.modelId)) {
    const options = { trustedKeys: [{ publicKeyPem: signer.publicKeyPem }], now: systemClock.now() }
    const { verdict, checks } = await verifyBundle(Buffer.from(bundle), options)
    assert.notEqual(verdict, 'fail', JSON.stringify(checks))
    assert.equal(JSON.parse(bundle).verificationMaterial.tlogEntries.length, 1)
  }
})
