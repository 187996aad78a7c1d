import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { isFault } from '../../base/index.ts'
import { needsShared, sharedPath } from '../../testing/folders.ts'
import { makePublisher } from '../../testing/publication.ts'
import { webCryptography } from '../cryptography.ts'
import { readTrustedRoot, writeTrustedRoot, type TrustedRoot } from './trusted-root.ts'

const FILES = [
  'trusted_root.json',
  'foreign/cosign-3.1.3-created.trusted_root.json',
  'foreign/cosign-3.1.3-live.trusted_root.json',
  'roots/log-ended-early.json',
  'roots/tsa-starts-late.json',
  'roots/with-expired-tsa.json',
]

const validFrom = Date.parse('2026-10-01T00:00:00Z')
const { trustedLog, authority } = await makePublisher({ now: validFrom, validFrom })
const root: TrustedRoot = { logs: [trustedLog], timestampAuthorities: [authority] }
const written = await writeTrustedRoot(root, webCryptography)

const read = (text: string): Promise<TrustedRoot> => readTrustedRoot(Buffer.from(text), webCryptography)

test(
  'writeTrustedRoot() gives the value that cosign makes of the same keys',
  needsShared('vectors', 'interop'),
  async () => {
    const folder = sharedPath('vectors', 'interop') ?? ''
    for (const file of FILES) {
      const theirs = readFileSync(join(folder, file), 'utf8')
      assert.deepEqual(
        JSON.parse(await writeTrustedRoot(await read(theirs), webCryptography)),
        JSON.parse(theirs),
        file,
      )
    }
  },
)

test('readTrustedRoot() reads what writeTrustedRoot() wrote', async () => {
  const again = await read(written)
  assert.equal(await writeTrustedRoot(again, webCryptography), written)
  assert.deepEqual(
    again.timestampAuthorities[0]?.chain.map((der) => Buffer.from(der)),
    authority.chain.map((der) => Buffer.from(der)),
  )
})

test('readTrustedRoot() refuses what tools understand differently, and says what', async () => {
  const refuse = async (change: (root: ReturnType<typeof JSON.parse>) => void): Promise<string> => {
    const value = JSON.parse(written)
    change(value)
    try {
      await read(JSON.stringify(value))
      return 'accepted'
    } catch (thrown) {
      return isFault(thrown) ? `${thrown.code}: ${thrown.message}` : String(thrown)
    }
  }
  assert.equal(await refuse(() => {}), 'accepted')
  assert.match(await refuse((value) => (value.more = 1)), /^trusted-root: .*"more"/)
  assert.match(await refuse((value) => (value.mediaType = value.mediaType.replace('0.1', '0.2'))), /^trusted-root/)
  assert.match(await refuse((value) => delete value.tlogs[0].hashAlgorithm), /^trusted-root: .*hashAlgorithm/)
  assert.match(await refuse((value) => delete value.tlogs[0].publicKey.validFor.start), /^trusted-root: .*start/)
  assert.match(await refuse((value) => (value.tlogs[0].baseUrl = 'log.example')), /^trusted-root: .*baseUrl/)
  assert.match(await refuse((value) => (value.tlogs[0].baseUrl = 'https://other.example')), /logId is not that of/)
  assert.match(await refuse((value) => (value.tlogs[0].publicKey.keyDetails = 'PKIX_ED25519_PH')), /^trusted-root/)
  assert.match(await refuse((value) => (value.tlogs[0].publicKey.rawBytes = 'AAAA')), /not an Ed25519 public key/)
  assert.match(
    await refuse((value) => (value.tlogs[0].checkpointKeyId = { keyId: 'n+6XYQ==' })),
    /checkpointKeyId differs/,
  )
  const { keyId } = JSON.parse(written).tlogs[0].logId
  assert.equal(await refuse((value) => (value.tlogs[0].checkpointKeyId = { keyId })), 'accepted')
  assert.match(await refuse((value) => (value.tlogs[0].publicKey.validFor.start = '2026-10-01')), /not a time in UTC/)
  assert.match(await refuse((value) => value.timestampAuthorities[0].certChain.certificates.pop()), /fewer than two/)
  assert.match(
    await refuse((value) => (value.timestampAuthorities[0].certChain.certificates[0].rawBytes = 'MAA=')),
    /^trusted-root/,
  )
  await assert.rejects(read(written.replace('{', '{"tlogs":[],')), { code: 'trusted-root' })
})

test('writeTrustedRoot() refuses a log without a time from which it is trusted', async () => {
  const { validFrom: _, ...log } = trustedLog
  await assert.rejects(writeTrustedRoot({ ...root, logs: [log] }, webCryptography), { code: 'trusted-root' })
})
