import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { isFault } from '../../base/index.ts'
import { needsShared, sharedPath, temporaryFolder } from '../../testing/folders.ts'
import { makeSigner } from '../../testing/publication.ts'
import { forgeTimestamp } from '../../testing/tampering/forged-timestamp.ts'
import { webCryptography } from '../cryptography.ts'
import { loadOrCreateAuthority, readCertificates, writeCertificates } from './authority.ts'
import { issueTimestamp, refuseTimestamp, requestTimestamp } from './issue.ts'
import { makeTimestampChain } from './make-chain.ts'
import { verifyTimestamp, type TimestampAuthority } from './verify.ts'

const validFrom = Date.parse('2026-10-01T00:00:00Z')
const now = Date.parse('2026-11-20T12:00:00Z')
const [root, key] = [makeSigner(), makeSigner()]
const chain = await makeTimestampChain({ root, leaf: key, organization: 'Oak', name: 'Oak TSA', validFrom })
const authority: TimestampAuthority = { chain }
const signed = randomBytes(71)
const request = await requestTimestamp(signed, true)
const response = await issueTimestamp(request, { key, chain, now, serial: 2n ** 64n })

const verify = async (bytes: Uint8Array, trusted: TimestampAuthority = authority): Promise<string> => {
  try {
    const { genTime } = await verifyTimestamp(bytes, signed, { authorities: [trusted], cryptography: webCryptography })
    return new Date(genTime).toISOString()
  } catch (thrown) {
    assert.ok(isFault(thrown, 'timestamp'), String(thrown))
    return thrown.message
  }
}

function openssl(folder: string, ...words: readonly string[]): string {
  return execFileSync('openssl', words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}

function opensslMissing(): string | false {
  try {
    openssl('/', 'version')
    return false
  } catch {
    return 'openssl is not installed'
  }
}

const needsOpenssl = { skip: opensslMissing() }

test('issueTimestamp() writes what verifyTimestamp() takes, with and without certificates', async () => {
  assert.equal(await verify(response), '2026-11-20T12:00:00.000Z')
  const bare = await issueTimestamp(await requestTimestamp(signed), { key, chain, now: now + 999, serial: 0n })
  assert.equal(await verify(bare), '2026-11-20T12:00:00.000Z')
  assert.ok(bare.length < response.length - 300)
})

test('verifyTimestamp() refuses every edit of one byte', async () => {
  const edit = fc.record({ at: fc.nat(response.length - 1), byte: fc.integer({ min: 0, max: 255 }) })
  await fc.assert(
    fc.asyncProperty(edit, async ({ at, byte }) => {
      const edited = Uint8Array.from(response)
      edited[at] = byte
      if (response[at] === byte) return
      assert.notEqual(await verify(edited), '2026-11-20T12:00:00.000Z')
    }),
    { numRuns: 1000 },
  )
})

test('verifyTimestamp() throws nothing but Fault timestamp, whatever it is given', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(response.length), async (noise, at) => {
      await verify(noise)
      await verify(Buffer.concat([response.subarray(0, at), noise, response.subarray(at)]))
      await verify(response.subarray(0, at))
    }),
    { numRuns: 300 },
  )
  assert.match(await verify(new Uint8Array(70_000)), /at most 65536/)
})

test('verifyTimestamp() refuses a time outside of what the authority and its certificates were valid for', async () => {
  assert.match(await verify(response, { chain, validFrom: now + 1 }), /not trusted at 2026-11-20/)
  assert.match(await verify(response, { chain, validUntil: now - 1 }), /not trusted at/)
  assert.equal(await verify(response, { chain, validFrom: now, validUntil: now }), '2026-11-20T12:00:00.000Z')
  for (const time of ['2026-09-30T23:59:59Z', '2036-10-01T00:00:01Z']) {
    const late = await issueTimestamp(request, { key, chain, now: Date.parse(time), serial: 1n })
    assert.match(await verify(late), /was not valid at/)
  }
})

test('verifyTimestamp() refuses chains that do not lead from a stamping certificate to a root', async () => {
  const [leaf, top] = chain
  assert.match(await verify(response, { chain: [leaf] }), /no chain of certificates up to a root/)
  assert.match(await verify(response, { chain: [top, top] }), /not trusted here/)
  const others = await makeTimestampChain({
    root: makeSigner(),
    leaf: key,
    organization: 'Oak',
    name: 'Oak TSA',
    validFrom,
  })
  assert.match(await verify(response, { chain: [leaf, others[1]] }), /not signed by the next/)
  const asRoot = await makeTimestampChain({ root: key, leaf: root, organization: 'Oak', name: 'Oak TSA', validFrom })
  const stamped = await issueTimestamp(request, { key, chain: [asRoot[1], asRoot[1]], now, serial: 1n })
  assert.match(await verify(stamped, { chain: [asRoot[1], asRoot[1]] }), /not for timestamps alone/)
})

test('verifyTimestamp() refuses another certificate of the same names and serial', async () => {
  const fake = await issueTimestamp(request, { key: makeSigner(), chain, now, serial: 1n })
  assert.match(await verify(fake), /not signed by the trusted authority/)
  const again = await makeTimestampChain({
    root,
    leaf: key,
    organization: 'Oak',
    name: 'Oak TSA',
    validFrom: validFrom + 1000,
  })
  const other = await issueTimestamp(await requestTimestamp(signed), { key, chain: again, now, serial: 1n })
  assert.match(await verify(other), /for another certificate of its authority/)
})

test('issueTimestamp() answers what cosign asks', needsShared('vectors', 'interop'), async () => {
  const query = readFileSync(sharedPath('vectors', 'interop', 'foreign', 'cosign-3.1.3-timestamp-query.tsq') ?? '')
  assert.equal(query.length, 56)
  const answer = await issueTimestamp(query, { key, chain, now, serial: 7n })
  assert.match(await verify(answer), /of another signature/)
  assert.deepEqual(await requestTimestamp(signed).then(({ length }) => length), 56)
})

test('issueTimestamp() refuses requests by their kind, in words of the protocol', async () => {
  const refuse = async (change: (hex: string) => string): Promise<string> => {
    const bytes = Buffer.from(change(Buffer.from(request).toString('hex')), 'hex')
    return issueTimestamp(bytes, { key, chain, now, serial: 1n }).then(
      () => 'granted',
      (thrown: unknown) =>
        `${isFault(thrown) ? thrown.code : 'thrown'} ${Buffer.from(refuseTimestamp(thrown) ?? []).toString('hex')}`,
    )
  }
  assert.equal(await refuse((hex) => hex), 'granted')
  assert.match(await refuse((hex) => hex.slice(2)), /^bad-request 3009300702010203020520$/)
  assert.match(await refuse((hex) => `${hex}00`), /^bad-request/)
  assert.match(await refuse((hex) => hex.replace('02010130', '02010230')), /^bad-request/)
  assert.match(await refuse((hex) => hex.replace('0101ff', '010101')), /^bad-request/)
  assert.match(
    await refuse((hex) => hex.replace('608648016503040201', '608648016503040204')),
    /^bad-alg 3009300702010203020780$/,
  )
  assert.match(await refuse((hex) => hex.replace('608648016503040201', '608648016503040202')), /^bad-data-format/)
  const longer = (hex: string, extra: string): string =>
    `30${(0x39 + extra.length / 2).toString(16)}${hex.slice(4, -6)}${extra}0101ff`
  assert.equal(await refuse((hex) => longer(hex, '')), 'granted')
  assert.equal(await refuse((hex) => longer(hex, '02020080')), 'granted')
  assert.match(await refuse((hex) => longer(hex, '02020001')), /^bad-request/)
  assert.match(await refuse((hex) => longer(hex, '06022a03')), /^unaccepted-policy/)
  assert.equal(refuseTimestamp(new Error('ours')), undefined)
})

test('openssl ts takes our timestamps', needsOpenssl, async (context) => {
  const folder = temporaryFolder(context)
  const files = {
    signed,
    request,
    response,
    'leaf.pem': writeCertificates(chain.slice(0, 1)),
    'root.pem': writeCertificates(chain.slice(1)),
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  const at = ['-attime', String(now / 1000), '-CAfile', 'root.pem']
  assert.doesNotThrow(() => openssl(folder, 'ts', '-verify', '-data', 'signed', '-in', 'response', ...at))
  assert.doesNotThrow(() => openssl(folder, 'ts', '-verify', '-queryfile', 'request', '-in', 'response', ...at))
  const bare = await issueTimestamp(await requestTimestamp(signed), { key, chain, now, serial: 1n })
  writeFileSync(join(folder, 'bare'), bare)
  assert.doesNotThrow(() =>
    openssl(folder, 'ts', '-verify', '-data', 'signed', '-in', 'bare', '-untrusted', 'leaf.pem', ...at),
  )
})

const TSA_CONFIG = `[tsa]
default_tsa = own
[own]
serial = serial
default_policy = 1.2.3.4
digests = sha256, sha512
accuracy = secs:1, millisecs:500, microsecs:100
ordering = yes
signer_digest = sha512
ess_cert_id_alg = sha384
`

const EXTENSIONS =
  'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=critical,timeStamping\n'

/** Makes an authority with openssl and lets it stamp {@link signed} into the file `r`. */
function stampWithOpenssl(folder: string, rootKey: readonly string[], leafKey: readonly string[]): void {
  const put = (name: string, content: string | Uint8Array): void => writeFileSync(join(folder, name), content)
  const run = (words: string): string => openssl(folder, ...words.split(' '))
  put('tsa.cnf', TSA_CONFIG)
  put('serial', '01')
  put('signed', signed)
  put('ext', EXTENSIONS)
  openssl(folder, 'genpkey', '-algorithm', ...rootKey, '-out', 'root.key')
  openssl(folder, 'genpkey', '-algorithm', ...leafKey, '-out', 'leaf.key')
  run('req -x509 -new -key root.key -sha384 -subj /O=Elm/CN=root -days 2 -out root.pem')
  run('req -new -key leaf.key -subj /O=Elm/CN=TSA -out leaf.csr')
  run('x509 -req -in leaf.csr -CA root.pem -CAkey root.key -set_serial 7 -sha384 -days 1 -extfile ext -out leaf.pem')
  run('ts -query -data signed -sha512 -cert -out q')
  run('ts -reply -config tsa.cnf -queryfile q -signer leaf.pem -inkey leaf.key -chain root.pem -out r')
}

const KINDS = [
  ['RSA-4096 below P-384', ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384'], ['rsa', '-pkeyopt', 'rsa_keygen_bits:4096']],
  ['P-384 below RSA-2048', ['rsa', '-pkeyopt', 'rsa_keygen_bits:2048'], ['ec', '-pkeyopt', 'ec_paramgen_curve:P-384']],
] as const

for (const [kind, rootKey, leafKey] of KINDS) {
  test(`verifyTimestamp() takes what openssl stamps with ${kind}`, needsOpenssl, async (context) => {
    const folder = temporaryFolder(context)
    stampWithOpenssl(folder, rootKey, leafKey)
    const trusted = ['leaf.pem', 'root.pem'].flatMap((name) =>
      readCertificates(readFileSync(join(folder, name), 'utf8')),
    )
    assert.match(await verify(readFileSync(join(folder, 'r')), { chain: trusted }), /^20\d\d-.*Z$/)
    assert.match(await verify(readFileSync(join(folder, 'r'))), /not trusted here/)
  })
}

test('loadOrCreateAuthority() makes keys and chain once and refuses a chain of another key', async (context) => {
  const folder = join(temporaryFolder(context), 'tsa')
  const names = { organization: 'Oak', name: 'Oak TSA', now }
  const [first, second] = await Promise.all([
    loadOrCreateAuthority(folder, names),
    loadOrCreateAuthority(folder, names),
  ])
  assert.deepEqual(first.chain, second.chain)
  const stamped = await issueTimestamp(request, { ...first, now, serial: 1n })
  assert.match(await verify(stamped, first), /^2026-11-20/)
  writeFileSync(first.chainPath, writeCertificates(chain))
  await assert.rejects(loadOrCreateAuthority(folder, names), (thrown) => isFault(thrown, 'key-mismatch'))
})

test('attack: verifyTimestamp() stops at the ninth certificate of a timestamp, whatever follows', async () => {
  const nine = Array.from({ length: 9 }, (_, at) => Uint8Array.of(0x30, 0x02, 0x05, at))
  const certificates = [...nine, Uint8Array.of(0x05, 0x00)]
  const crowded = await forgeTimestamp(signed, { key, chain, now, certificates })
  await assert.rejects(verifyTimestamp(crowded, signed, { authorities: [authority], cryptography: webCryptography }), {
    code: 'timestamp',
    message: /more than 8 certificates/,
  })
})
