/** Keys in a token: SoftHSM2 through PKCS#11, as a module would be used, with its losses and refusals. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { verify } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { isFault } from '../../src/base/index.ts'
import { signStatement } from '../../src/certificate/certify.ts'
import type { Pkcs11Module } from '../../src/certificate/keys/pkcs11/module.ts'
import { openPkcs11Signer, type Pkcs11Signer } from '../../src/certificate/keys/pkcs11/signer.ts'
import { parsePkcs11Uri } from '../../src/certificate/keys/pkcs11/uri.ts'
import { buildOmsStatement } from '../../src/certificate/manifest/write-oms.ts'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { assertFault, jsonOf, runTidewaiter } from '../cli/program.ts'
import { dossiersOf, homeWithRegister } from '../cli/home.ts'
import { findPkcs11Tools } from './pkcs11-package.ts'

const found = findPkcs11Tools()
const skip = { skip: found.skip }
const PIN = '271828'
const OID_P384 = Buffer.from('06052b81040022', 'hex')

/** One token for the whole file: the library is configured once in a process. */
const folder = temporaryFolder({ after: (undo) => process.on('exit', undo) })
const configuration = join(folder, 'softhsm2.conf')
mkdirSync(join(folder, 'tokens'))
writeFileSync(configuration, `directories.tokendir = ${join(folder, 'tokens')}\nlog.level = ERROR\n`)
process.env['SOFTHSM2_CONF'] = configuration
if (found.skip === false)
  execFileSync('softhsm2-util', ['--init-token', '--free', '--label', 'station', '--pin', PIN, '--so-pin', '314159'])

interface Opened {
  readonly module: Pkcs11Module
  readonly signer: Pkcs11Signer
  readonly asked: () => number
}

function open(object: string, { create = false, pin = PIN, token = 'station' } = {}): Opened {
  assert.ok(found.skip === false)
  const module = found.tools.makeModule()
  const uri = parsePkcs11Uri(`pkcs11:token=${token};object=${object}?module-path=${found.tools.library}`)
  let asked = 0
  const readPin = (): string => {
    asked++
    return pin
  }
  return { module, signer: openPkcs11Signer({ module, uri, readPin, create }), asked: () => asked }
}

const statement = buildOmsStatement('oak', [{ path: 'a', sha256: 'ab'.repeat(32) }])

test('a key is made on the token once, and found again by its label', skip, async () => {
  assert.throws(() => open('mot'), { code: 'pkcs11-key' })
  const made = open('mot', { create: true }).signer
  const again = open('mot', { create: true }).signer
  assert.deepEqual([made.created, again.created, again.publicKeyPem], [true, false, made.publicKeyPem])
  const message = Buffer.from('tide')
  for (let i = 0; i < 200; i++) assert.ok(verify('sha256', message, made.publicKeyPem, await again.sign(message)))
  assert.match((await signStatement(statement, made)).keyId, /^[0-9a-f]{64}$/)
})

test('a session that is lost, or logged out by another, is opened again', skip, async () => {
  open('lost', { create: true }).signer.close()
  const { module, signer, asked } = open('lost')
  const all = module as unknown as {
    C_CloseAllSessions(slot: Buffer): void
    C_Logout(session: Buffer): void
    C_Finalize(): void
  }
  const slot = module.C_GetSlotList(true).find((one) => module.C_GetTokenInfo(one).label.trimEnd() === 'station')
  assert.ok(slot)
  const before = asked()
  all.C_CloseAllSessions(slot)
  assert.ok(verify('sha256', Buffer.from('tide'), signer.publicKeyPem, await signer.sign(Buffer.from('tide'))))
  all.C_Logout(module.C_OpenSession(slot, 4))
  assert.ok(verify('sha256', Buffer.from('tide'), signer.publicKeyPem, await signer.sign(Buffer.from('tide'))))
  signer.close()
  assert.ok(verify('sha256', Buffer.from('tide'), signer.publicKeyPem, await signer.sign(Buffer.from('tide'))))
  all.C_Finalize()
  assert.ok(verify('sha256', Buffer.from('tide'), signer.publicKeyPem, await signer.sign(Buffer.from('tide'))))
  assert.ok(asked() > before, 'the PIN is asked for again and not kept')
})

test('a key that was replaced under its label is refused after the session was lost', skip, async () => {
  const { module, signer } = open('swapped', { create: true })
  const all = module as unknown as {
    C_DestroyObject(session: Buffer, object: Buffer): void
    C_CloseAllSessions(slot: Buffer): void
  }
  const slot = module.C_GetSlotList(true).find((one) => module.C_GetTokenInfo(one).label.trimEnd() === 'station')
  assert.ok(slot)
  const session = module.C_OpenSession(slot, 4 | 2)
  module.C_FindObjectsInit(session, [{ type: 3, value: 'swapped' }])
  const objects = module.C_FindObjects(session, 9)
  module.C_FindObjectsFinal(session)
  for (const object of objects) all.C_DestroyObject(session, object)
  open('swapped', { create: true })
  all.C_CloseAllSessions(slot)
  await assert.rejects(signer.sign(Buffer.from('tide')), { code: 'pkcs11-changed' })
})

test('a wrong PIN is tried once and not repeated in the message', skip, () => {
  const module = open('mot').module
  const all = module as unknown as { C_CloseAllSessions(slot: Buffer): void }
  const slot = module.C_GetSlotList(true).find((one) => module.C_GetTokenInfo(one).label.trimEnd() === 'station')
  assert.ok(slot)
  all.C_CloseAllSessions(slot)
  let asked = 0
  assert.ok(found.skip === false)
  const uri = parsePkcs11Uri(`pkcs11:token=station;object=mot?module-path=${found.tools.library}`)
  const readPin = (): string => {
    asked++
    return '999999'
  }
  assert.throws(
    () => openPkcs11Signer({ module, uri, readPin, create: false }),
    (thrown) => isFault(thrown, 'pkcs11-pin') && !`${thrown.message}${String(thrown.cause)}`.includes('999999'),
  )
  assert.equal(asked, 1)
})

test('another curve, another token, two keys of one name and no library are refused', skip, () => {
  const { module } = open('mot')
  const slot = module.C_GetSlotList(true).find((one) => module.C_GetTokenInfo(one).label.trimEnd() === 'station')
  assert.ok(slot && found.skip === false)
  const session = module.C_OpenSession(slot, 4 | 2)
  const make = (label: string, parameters: Buffer): unknown =>
    module.C_GenerateKeyPair(
      session,
      { mechanism: 0x1040 },
      [
        { type: 1, value: true },
        { type: 3, value: label },
        { type: 0x180, value: parameters },
      ],
      [
        { type: 1, value: true },
        { type: 2, value: true },
        { type: 3, value: label },
      ],
    )
  make('p384', OID_P384)
  assert.throws(() => open('p384'), { code: 'pkcs11-curve' })
  const p256 = Buffer.from('06082a8648ce3d030107', 'hex')
  make('twins', p256)
  make('twins', p256)
  assert.throws(() => open('twins'), { code: 'pkcs11-ambiguous' })
  assert.throws(() => open('mot', { token: 'elsewhere' }), { code: 'pkcs11-token' })
  const uri = parsePkcs11Uri('pkcs11:token=station;object=mot?module-path=/no/such/library.so')
  const request = { module: found.tools.makeModule(), uri, readPin: () => PIN, create: false }
  assert.throws(() => openPkcs11Signer(request), { code: 'pkcs11-library' })
})

test('tidewaiter clear signs with a key on the token; the PIN comes by file or environment', skip, async (context) => {
  assert.ok(found.skip === false)
  const home = await homeWithRegister(context)
  const pinFile = join(home, 'pin')
  writeFileSync(pinFile, `${PIN}\n`, { mode: 0o600 })
  const base = `pkcs11:token=station;object=cli?module-path=${found.tools.library}`
  const env = { SOFTHSM2_CONF: configuration, NODE_PATH: found.tools.modules, TIDEWAITER_SIGNER: base }
  const withPin = { env: { ...env, TIDEWAITER_PKCS11_PIN: PIN } }
  const made = jsonOf(await runTidewaiter(['key', 'make', '--home', home, '--format', 'json'], withPin))
  const path = String((made['own'] as { publicKeyPath: string }).publicKeyPath)
  const fromFile = { env: { ...env, TIDEWAITER_SIGNER: `${base}&pin-source=file:${pinFile}` } }
  const cleared = await runTidewaiter(['clear', 'examples/oak', '--home', home, '--format', 'json'], fromFile)
  assert.equal(cleared.status, 0, cleared.stderr)
  const certificate = join(home, 'dossiers', dossiersOf(home)[0] ?? '', 'certificate.sigstore.json')
  const verified = await runTidewaiter([
    'verify',
    certificate,
    '--key',
    path,
    '--artefact',
    'examples/oak',
    '--home',
    home,
  ])
  assert.equal(verified.status, 0, verified.stdout + verified.stderr)
  assert.ok(readFileSync(path, 'utf8').startsWith('-----BEGIN PUBLIC KEY-----'))
  assertFault(await runTidewaiter(['key', 'show', '--home', home], { env }), 'pkcs11-pin')
  const wrong = { env: { ...env, TIDEWAITER_PKCS11_PIN: '999999' } }
  const refused = await runTidewaiter(['key', 'show', '--home', home], wrong)
  assertFault(refused, 'pkcs11-pin')
  assert.doesNotMatch(refused.stderr, /999999/)
  const missing = { env: { ...withPin.env, NODE_PATH: '/nowhere' } }
  assertFault(await runTidewaiter(['key', 'show', '--home', home], missing), 'pkcs11-missing')
})
