/** Tampering with timestamps, most of them signed by the trusted authority itself. */
import { createHash } from 'node:crypto'
import { context, TAG } from '../../certificate/timestamp/der.ts'
import { element, integer, oid, sequence, setOf } from '../../certificate/timestamp/der-writer.ts'
import { makeTimestampChain, issueTimestamp, requestTimestamp } from '../../certificate/index.ts'
import { OID } from '../../certificate/timestamp/oids.ts'
import { makeSigner } from '../publication.ts'
import { attribute, forgeTimestamp, signingCertificate, type Forgery } from './forged-timestamp.ts'
import { tampering, type Tampering } from './tampering.ts'
import type { World } from './world.ts'

const SHA1 = '2b0e03021a'
const NO_BYTES = new Uint8Array()

/** The honest bundle with other timestamps. */
async function stamped(
  { edit, bundle }: World,
  make: (signature: Uint8Array, honest: Uint8Array) => Promise<readonly Uint8Array[]> | readonly Uint8Array[],
): Promise<string> {
  const { dsseEnvelope, verificationMaterial } = JSON.parse(bundle)
  const { signedTimestamp } = verificationMaterial.timestampVerificationData.rfc3161Timestamps[0]
  const signature = Buffer.from(dsseEnvelope.signatures[0].sig, 'base64')
  const made = await make(signature, Buffer.from(signedTimestamp, 'base64'))
  const rfc3161Timestamps = made.map((bytes) => ({ signedTimestamp: Buffer.from(bytes).toString('base64') }))
  return edit((b) => (b.verificationMaterial.timestampVerificationData = { rfc3161Timestamps }))
}

/** A timestamp by the trusted authority with something otherwise than it should be. */
function forged(
  name: string,
  forgery: Partial<Forgery> | ((world: World) => Partial<Forgery> | Promise<Partial<Forgery>>),
): Tampering {
  return tampering(`timestamp: ${name}`, 'timestamp', async (world) => {
    const { stampKey, authority } = world.publisher
    const other = typeof forgery === 'function' ? await forgery(world) : forgery
    const whole = { key: stampKey, chain: authority.chain, now: world.now, ...other }
    return stamped(world, async (signature) => [await forgeTimestamp(signature, whole)])
  })
}

/** The honest timestamp with a change to its bytes. */
function changed(name: string, change: (bytes: Buffer) => Uint8Array): Tampering {
  return tampering(`timestamp: ${name}`, 'timestamp', (world) =>
    stamped(world, (_, honest) => [change(Buffer.from(honest))]),
  )
}

/** A timestamp at another time; `ms` after the honest one. */
function shifted(name: string, code: string, ms: number): Tampering {
  return tampering(`timestamp: ${name}`, code, (world) =>
    stamped(world, async (signature) => {
      const { stampKey: key, authority } = world.publisher
      const request = await requestTimestamp(signature)
      return [await issueTimestamp(request, { key, chain: authority.chain, now: world.now + ms, serial: 1n })]
    }),
  )
}

const replaceAt = (at: number, value: Uint8Array) => (members: Uint8Array[]) => members.with(at, value)
const append = (value: Uint8Array) => (members: Uint8Array[]) => [...members, value]
const DAY = 24 * 60 * 60 * 1000

/** The catalogue. */
export const TIMESTAMP_TAMPERINGS: readonly Tampering[] = [
  forged('imprint by SHA-1', {
    info: (members) =>
      members.with(2, sequence(sequence(oid(SHA1)), element(TAG.octetString, createHash('sha1').digest()))),
  }),
  forged('imprint of nothing', {
    info: (members) =>
      members.with(2, sequence(sequence(oid(OID.sha256)), element(TAG.octetString, createHash('sha256').digest()))),
  }),
  tampering('timestamp: over the payload', 'timestamp', (world) =>
    stamped(world, async () => [
      (await world.publisher.stamp(Buffer.from(JSON.parse(world.bundle).dsseEnvelope.payload, 'base64'))) as Uint8Array,
    ]),
  ),
  forged('info of version 2', { info: replaceAt(0, integer(2n)) }),
  forged('time without Z', { info: replaceAt(4, element(TAG.generalizedTime, Buffer.from('20261120120000'))) }),
  forged('time of another zone', {
    info: replaceAt(4, element(TAG.generalizedTime, Buffer.from('20261120120000+0100'))),
  }),
  forged('time with a fraction that ends in zero', {
    info: replaceAt(4, element(TAG.generalizedTime, Buffer.from('20261120120000.50Z'))),
  }),
  forged('30th of February', { info: replaceAt(4, element(TAG.generalizedTime, Buffer.from('20260230120000Z'))) }),
  forged('serial padded', { info: replaceAt(3, element(TAG.integer, Uint8Array.of(0, 9))) }),
  forged('critical extension', {
    info: append(
      element(
        context(1, true),
        sequence(oid('2a03'), element(TAG.boolean, Uint8Array.of(0xff)), element(TAG.octetString, NO_BYTES)),
      ),
    ),
  }),
  forged('member behind the info', { info: append(element(TAG.null)) }),
  forged('no signing certificate', { attributes: (list) => list.slice(0, 2) }),
  forged('no content type', { attributes: (list) => list.slice(1) }),
  forged('no message digest', { attributes: (list) => list.toSpliced(1, 1) }),
  forged('content type of data', { attributes: replaceAt(0, attribute(OID.contentType, oid('2a864886f70d010701'))) }),
  forged('message digest of another text', {
    attributes: replaceAt(1, attribute(OID.messageDigest, element(TAG.octetString, new Uint8Array(32)))),
  }),
  forged('signing certificate of another', async ({ publisher }) => {
    const value = await signingCertificate(publisher.authority.chain[1] ?? NO_BYTES)
    return { attributes: replaceAt(2, attribute(OID.signingCertificateV2, value)) }
  }),
  forged('attribute twice', { attributes: (list) => [...list, list[0] ?? NO_BYTES] }),
  forged('attribute with two values', {
    attributes: replaceAt(
      1,
      sequence(
        oid(OID.messageDigest),
        setOf([1, 2].map((byte) => element(TAG.octetString, new Uint8Array(32).fill(byte)))),
      ),
    ),
  }),
  forged('attributes out of order', { attributes: (list) => list.toReversed(), unsorted: true }),
  forged('unsigned attribute', { signer: append(element(context(1, true), attribute('2a03', integer(1n)))) }),
  forged('signer named by key identifier', {
    signer: (members) => members.with(0, integer(3n)).with(1, element(context(0, false), new Uint8Array(20))),
  }),
  forged('signer named with another serial', {
    signer: (members) => members.with(1, sequence(sequence(), integer(5n))),
  }),
  forged('signer hash of SHA-1', { signer: replaceAt(2, sequence(oid(SHA1))) }),
  forged('signature algorithm of RSA', { signer: replaceAt(4, sequence(oid(OID.sha256WithRsa), element(TAG.null))) }),
  forged('ECDSA with parameters', { signer: replaceAt(4, sequence(oid(OID.ecdsaWithSha256), element(TAG.null))) }),
  forged('two signers', {
    data: (members) => members.with(4, element(TAG.set, ...[0, 1].map(() => (members[4] ?? NO_BYTES).subarray(4)))),
  }),
  forged('no signer', { data: (members) => members.with(4, setOf([])) }),
  forged('revocation lists', { data: (members) => members.toSpliced(4, 0, element(context(1, true), sequence())) }),
  forged('signed data of version 1', { data: replaceAt(0, integer(1n)) }),
  forged('two hash functions', {
    data: (members) => members.with(1, setOf([sequence(oid(OID.sha256)), sequence(oid(OID.sha512))])),
  }),
  forged('another hash function named outside', {
    data: (members) => members.with(1, setOf([sequence(oid(OID.sha512))])),
  }),
  forged('status granted with changes', { status: sequence(integer(1n)) }),
  forged('status with words', { status: sequence(integer(0n), sequence(element(TAG.utf8, Buffer.from('fine')))) }),
  forged('status rejected', { status: sequence(integer(2n)) }),
  forged('certificate of a stranger put in', async ({ publisher, now }) => {
    const [strange] = await makeTimestampChain({
      root: makeSigner(),
      leaf: makeSigner(),
      organization: 'Tidewaiter test',
      name: 'Tidewaiter test TSA',
      validFrom: now - DAY,
    })
    return { certificates: [publisher.authority.chain[0] ?? NO_BYTES, strange] }
  }),
  forged('certificate exchanged for one of a stranger', async ({ now }) => ({
    certificates: await makeTimestampChain({
      root: makeSigner(),
      leaf: makeSigner(),
      organization: 'Tidewaiter test',
      name: 'Tidewaiter test TSA',
      validFrom: now - DAY,
    }),
  })),
  forged('certificate twice', ({ publisher }) => ({
    certificates: [publisher.authority.chain[0], publisher.authority.chain[0]].map((der) => der ?? NO_BYTES),
  })),
  forged('signed by a stranger with the certificate of the authority', () => ({ key: makeSigner() })),
  changed('byte behind it', (bytes) => Buffer.concat([bytes, Buffer.from([0])])),
  changed('byte missing', (bytes) => bytes.subarray(0, -1)),
  changed('indefinite length', (bytes) =>
    Buffer.concat([Buffer.from([0x30, 0x80]), bytes.subarray(4), Buffer.from([0, 0])]),
  ),
  changed('length not in its shortest form', (bytes) =>
    Buffer.concat([Buffer.from([0x30, 0x83, 0]), bytes.subarray(2)]),
  ),
  changed('token without its status', (bytes) => bytes.subarray(9)),
  changed('nothing', () => NO_BYTES),
  changed('bit of the signature', (bytes) => {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    return bytes
  }),
  changed('seventy thousand bytes', () => new Uint8Array(70_000)),
  tampering('timestamp: a good one and noise', 'timestamp', (world) =>
    stamped(world, (_, honest) => [honest, Buffer.from('noise')]),
  ),
  tampering('timestamp: a good one and one of another bundle', 'timestamp', (world) =>
    stamped(world, async (_, honest) => [honest, (await world.publisher.stamp(Buffer.from('other'))) as Uint8Array]),
  ),
  tampering('timestamp: nine of them', 'timestamp-count', (world) =>
    stamped(world, (_, honest) => Array.from({ length: 9 }, () => honest)),
  ),
  tampering('timestamp: empty list', 'timestamp-count', (world) => stamped(world, () => [])),
  shifted('in the future', 'timestamp-future', 5 * 365 * DAY),
  shifted('before the authority was trusted', 'timestamp', -60 * DAY),
  tampering('timestamp: before the key was valid', 'key-validity', ({ bundle, options, now }) => ({
    bundle,
    options: { trustedKeys: (options.trustedKeys ?? []).map((key) => ({ ...key, validFrom: now + 1 })) },
  })),
  tampering('timestamp: after the key was no longer valid', 'key-validity', ({ bundle, options, now }) => ({
    bundle,
    options: { trustedKeys: (options.trustedKeys ?? []).map((key) => ({ ...key, validUntil: now - 1 })) },
  })),
  tampering('timestamp: after others may have the key', 'key-compromised', ({ bundle, options, now }) => ({
    bundle,
    options: { trustedKeys: (options.trustedKeys ?? []).map((key) => ({ ...key, compromisedFrom: now })) },
  })),
  tampering('timestamp: none, and others may have the key', 'key-compromised', ({ edit, options, now }) => ({
    bundle: edit((b) => delete b.verificationMaterial.timestampVerificationData),
    options: {
      requireTimestamp: false,
      trustedKeys: (options.trustedKeys ?? []).map((key) => ({ ...key, compromisedFrom: now + DAY })),
    },
  })),
]
