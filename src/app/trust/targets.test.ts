import assert from 'node:assert/strict'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import {
  issueCertificate,
  loadTuf,
  webCryptography,
  writeKeyring,
  writeTrustedRoot,
  type KeyringKey,
} from '../../certificate/index.ts'
import { temporaryFolder } from '../../testing/folders.ts'
import { keyringKey, makeSigner, type TestSigner } from '../../testing/keys.ts'
import { makeWorld, type World } from '../../testing/tampering/index.ts'
import { makeTrust, serveTrust } from '../../testing/trust.ts'
import { verifyBundle } from '../../verify.ts'
import { checkAfter, checkTarget, installedTrust, ownRootPath, TARGETS, trustFolder } from './targets.ts'

const NOW = Math.floor(Date.now() / 1000) * 1000
const HOUR = 3600 * 1000
const DIGEST = 'ab'.repeat(32)

async function certify(signer: TestSigner): Promise<Buffer> {
  const { bundle } = await issueCertificate(
    {
      model: { name: 'oak', sha256: DIGEST, dirHash: DIGEST },
      content: {
        number: '260000000012',
        decision: 'cleared',
        channel: 'green',
        reasons: [],
        dossier: { name: 'dossier.json', digest: { sha256: DIGEST } },
        policy: { id: 'default', version: '1', digest: DIGEST },
        inputs: { files: 1, totalBytes: 1, rehash: 'full' },
        evidence: [],
      },
      issuedAt: NOW,
    },
    signer,
  )
  return Buffer.from(bundle)
}

/** Publishes keyrings one after another and gives what a home says of a certificate under each. */
async function judge(
  context: TestContext,
  bundle: Buffer,
  keyrings: readonly (readonly KeyringKey[])[],
): Promise<string[]> {
  const trust = await makeTrust(join(temporaryFolder(context), 'repository'), NOW)
  const { url } = await serveTrust(context, trust.folder)
  const home = temporaryFolder(context)
  const { refreshTrust } = await loadTuf()
  const said: string[] = []
  for (const keys of keyrings) {
    await trust.publish({ 'stations.json': writeKeyring({ keys, quorums: [] }) }, NOW)
    await refreshTrust({ folder: trustFolder(home), url, root: trust.root, fetch, names: TARGETS, check: checkTarget })
    const { checks } = await verifyBundle(bundle, { now: NOW, ...(await installedTrust(home, NOW, bundle))?.options })
    said.push(checks.find(({ outcome }) => outcome === 'fail')?.reason ?? 'nothing failed')
  }
  await assert.rejects(installedTrust(home, NOW + 25 * HOUR, bundle), { code: 'trust-stale' })
  renameSync(join(trustFolder(home), 'targets'), join(trustFolder(home), 'targets.old'))
  assert.ok((await installedTrust(home, NOW, bundle))?.keyring, 'a refresh that died takes no keyring away')
  return said
}

test('installedTrust() has a certificate judged by the keyring of the last refresh', async (context) => {
  const [officer, other] = [await makeSigner(), await makeSigner()]
  const key = keyringKey(officer)
  const said = await judge(context, await certify(officer), [
    [key],
    [keyringKey(other)],
    [{ ...key, role: 'station', predicateTypes: ['https://tidewaiter.example/attestation/mot-result/v0.1'] }],
    [{ ...key, validUntil: NOW - HOUR }],
    [{ ...key, revoked: { from: NOW + HOUR, reason: 'compromised' } }],
  ])
  assert.deepEqual(said, ['nothing failed', 'hint', 'key-role', 'key-compromised', 'key-compromised'])
})

test('installedTrust() trusts nobody where nothing was ever refreshed', async (context) => {
  const bundle = await certify(await makeSigner())
  assert.equal(await installedTrust(temporaryFolder(context), NOW, bundle), undefined)
})

test('installedTrust() lends log and clock of this installation to what stands in its log, and to nothing else', async (context) => {
  const [home, own, other] = [temporaryFolder(context), await makeWorld(NOW - HOUR), await makeWorld(NOW - HOUR)]
  const { trustedLog, authority } = own.publisher
  mkdirSync(join(trustFolder(home), 'own'), { recursive: true })
  const root = await writeTrustedRoot({ logs: [trustedLog], timestampAuthorities: [authority] }, webCryptography)
  writeFileSync(ownRootPath(home), root)
  const judgeOf = async ({ bundle, publisher }: World): Promise<string> => {
    const bytes = Buffer.from(bundle)
    const trust = await installedTrust(home, NOW, bytes)
    const { publicKeyPem } = publisher.signer
    const { verdict, checks } = await verifyBundle(bytes, { now: NOW, publicKeyPem, ...trust?.options })
    return `${verdict}:${checks.find(({ id }) => id === 'log')?.reason ?? 'logged'}`
  }
  assert.deepEqual([await judgeOf(own), await judgeOf(other)], ['partial:logged', 'partial:log-not-verified'])
})

test('checkAfter() lets no keyring undo what the one before said', async () => {
  const [one, two] = [keyringKey(await makeSigner()), keyringKey(await makeSigner(), { unit: 'leith' })]
  const revoked = { ...one, revoked: { from: NOW, reason: 'compromised' } as const }
  const write = (...keys: readonly KeyringKey[]): Buffer => Buffer.from(writeKeyring({ keys, quorums: [] }))
  const check = checkAfter(write(revoked))
  await check('stations.json', write(revoked, two))
  await check('stations.json', write({ ...revoked, revoked: { ...revoked.revoked, from: NOW - HOUR } }))
  for (const next of [
    write(two),
    write(one),
    write({ ...revoked, revoked: { ...revoked.revoked, from: NOW + HOUR } }),
    write({ ...revoked, role: 'regulator' }),
    write({ ...revoked, unit: 'leith' }),
    write({ ...revoked, validFrom: one.validFrom - HOUR }),
  ])
    await assert.rejects(check('stations.json', next), { code: 'keyring-successor' })
})

test('checkTarget() refuses names and contents that are not distributed', async () => {
  await assert.rejects(checkTarget('passwd', Buffer.from('')), { code: 'trust-target' })
  for (const name of TARGETS) await assert.rejects(checkTarget(name, Buffer.from('{"a":1,"a":2}')), name)
})
