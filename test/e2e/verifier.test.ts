/** The page that checks certificates, opened from a disk in a real browser. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { dirHash } from '../../src/base/index.ts'
import { signStatement } from '../../src/certificate/certify.ts'
import {
  issueCertificate,
  issueToken,
  tokenAddress,
  webCryptography,
  writeTrustedRoot,
} from '../../src/certificate/index.ts'
import { buildOmsStatement } from '../../src/certificate/manifest/write-oms.ts'
import { needsShared, sharedPath } from '../../src/testing/folders.ts'
import { makePublisher, makeSigner } from '../../src/testing/publication.ts'
import { checkPage } from './check-page.ts'
import {
  check,
  FILES,
  issue,
  makeRequest,
  manifest,
  open,
  openUnguarded,
  options,
  placeOf,
  signer,
  text,
  write,
} from './verifier-desk.ts'

test(
  'the page checks a certificate and its model from a file, and asks nothing of the network',
  options,
  async (context) => {
    const { page, asked, errors } = await open(context)
    assert.equal(await check(page, { certificate: 'oak.sigstore.json', model: 'model' }), 'The certificate is genuine')
    assert.match(await text(page, '.tw-status'), /It says: Cleared/)
    assert.match(await text(page), new RegExp(`2600 0000 0012.*Customs of Oak.*${dirHash(manifest)}`))
    assert.deepEqual([asked, errors], [[], []])
    assert.equal(await page.evaluate('document.activeElement.id'), 'verdict')
  },
)

test('the page is partial without the model, and says what it did not check', options, async (context) => {
  const { page } = await open(context)
  assert.equal(await check(page, { certificate: 'oak.sigstore.json' }), 'Not everything was checked')
  assert.match(await text(page, '.tw-status'), /You gave no model/)
  assert.match(await text(page), /What was not checked.*withdrawn.*clock.*keys that you gave/s)
})

test(
  'the page says no without a key, with another key, of changed bytes, and of a model with a file too many',
  options,
  async (context) => {
    const { page } = await open(context)
    const certificate = 'oak.sigstore.json'
    assert.equal(await check(page, { certificate, trust: '' }), 'Do not rely on this certificate')
    assert.match(await text(page, '.tw-status'), /You gave no public key/)
    write('other.pem', makeSigner().publicKeyPem)
    assert.equal(await check(page, { certificate, trust: 'other.pem' }), 'Do not rely on this certificate')
    const { bundle } = await issueCertificate(makeRequest(), signer)
    const envelope = JSON.parse(bundle) as { dsseEnvelope: { payload: string } }
    const payload = Buffer.from(envelope.dsseEnvelope.payload, 'base64')
      .toString()
      .replace('examples/oak', 'examples/oaf')
    envelope.dsseEnvelope.payload = Buffer.from(payload).toString('base64')
    write('changed.json', JSON.stringify(envelope))
    assert.equal(await check(page, { certificate: 'changed.json', model: 'model' }), 'Do not rely on this certificate')
    assert.match(await text(page, '.tw-status'), /\[signature\]/)
    for (const [path, content] of [...FILES, ['weights/extra.bin', '']] as const) write(`more/${path}`, content)
    assert.equal(await check(page, { certificate, model: 'more' }), 'Do not rely on this certificate')
    assert.match(await text(page, '.tw-status'), /\[subject-mismatch\]/)
  },
)

test('the page never makes a genuine refusal look good, and knows what has expired', options, async (context) => {
  await issue('refused.json', makeRequest({ decision: 'refused', channel: 'red' }))
  await issue('expired.json', { ...makeRequest(), issuedAt: Date.parse('2020-01-01T00:00:00Z') })
  const { page } = await open(context)
  assert.equal(await check(page, { certificate: 'refused.json', model: 'model' }), 'The certificate is genuine')
  assert.match(await text(page, '.tw-status.tw-red'), /It says: Refused/)
  assert.equal(await check(page, { certificate: 'expired.json', model: 'model' }), 'The certificate has expired')
  assert.match(await text(page, '.tw-status.tw-red'), /It said: Cleared/)
})

test('the page checks a printed code, and refuses one of another number', options, async (context) => {
  const content = {
    number: '260000000012',
    result: 'cleared',
    expiresOn: '2099-11-23',
    dirHash: dirHash(manifest),
  } as const
  const token = await issueToken(content, signer)
  const { page } = await open(context)
  const code = tokenAddress('https://register.example', '260000000012', token)
  assert.equal(await check(page, { code, model: 'model' }), 'Not everything was checked')
  assert.match(await text(page, '.tw-status'), /It says: Cleared.*withdrawn since was not asked/)
  const wrong = tokenAddress('https://register.example', '260000000021', token)
  assert.equal(await check(page, { code: wrong }), 'This is not a certificate that can be read')
  assert.match(await text(page, '.tw-status'), /number-mismatch/)
  const other = code.at(-20) === 'A' ? 'B' : 'A'
  assert.equal(
    await check(page, { code: `${code.slice(0, -20)}${other}${code.slice(-19)}` }),
    'Do not rely on this certificate',
  )
})

test(
  'the page uses the keys that came with it, says whose they are, and can be told not to',
  options,
  async (context) => {
    const { page, errors } = await open(context, 'with-keys.html')
    assert.equal(
      await check(page, { certificate: 'oak.sigstore.json', trust: '', model: 'model' }),
      'The certificate is genuine',
    )
    assert.match(await text(page), /Whoever gave you the page \(it says: <\/script><script>alert\(1\)<\/script>\)/)
    await page.getByLabel('Use the keys that came with this page').uncheck()
    assert.equal(await check(page, { certificate: 'oak.sigstore.json', trust: '' }), 'Do not rely on this certificate')
    assert.deepEqual(errors, [])
  },
)

test(
  'the page checks log and time against a trusted root, and refuses what other tools let pass',
  { skip: options.skip === false ? needsShared('vectors', 'interop').skip : options.skip },
  async (context) => {
    const interop = (path: string): string => join(sharedPath('vectors', 'interop') ?? '', path)
    execFileSync('tar', ['xzf', interop('model.tar.gz'), '-C', placeOf('.'), '--one-top-level=golden'])
    const { page } = await open(context)
    await page.setInputFiles('#trust', [interop('keys/signer.pub.pem'), interop('trusted_root.json')])
    await page.setInputFiles('#folder', placeOf('golden/model'))
    const given = async (file: string): Promise<string> => {
      await page.setInputFiles('#certificate', interop(file))
      return check(page, { trust: '' })
    }
    assert.equal(await given('oms.sigstore.json'), 'The certificate is genuine')
    assert.match(await text(page), /entry \d+ of 50 in the log 2026\.nl\.log/)
    assert.equal(await given('certificate.sigstore.json'), 'The certificate is genuine')
    assert.match(await text(page, '.tw-status.tw-amber'), /does not read statements of this kind/)
    for (const [file, reason] of [
      ['b03-both-missing', 'log-entry-count'],
      ['b09-proof-hash', 'inclusion'],
      ['c03-ts-fake-tsa', 'timestamp'],
      ['c09-ts-future', 'timestamp-future'],
      ['a15-sig-malleated', 'leaf'],
    ] as const) {
      assert.equal(await given(`mutants/${file}.json`), 'Do not rely on this certificate', file)
      assert.ok((await text(page, '.tw-status')).includes(`[${reason}]`), file)
    }
  },
)

test('the page asks for the witnesses that a policy names', options, async (context) => {
  const now = Date.now() - 3_600_000
  const publisher = await makePublisher({ now, validFrom: now - 86_400_000 })
  const other = await makePublisher({ now, validFrom: now - 86_400_000 })
  const root = { logs: [publisher.trustedLog], timestampAuthorities: [publisher.authority] }
  const { bundle } = await signStatement(buildOmsStatement('oak', manifest), publisher.signer, publisher)
  write('witnessed.json', bundle)
  const trust = [
    write('signer.pem', publisher.signer.publicKeyPem),
    write('root.json', await writeTrustedRoot(root, webCryptography)),
  ]
  const { page } = await open(context)
  const given = { certificate: 'witnessed.json', trust: '', model: 'model' }
  await page.setInputFiles('#trust', [...trust, write('policy', publisher.policyText)])
  assert.equal(await check(page, given), 'The certificate is genuine')
  assert.match(await text(page, '.tw-status.tw-green'), /^(?!.*Nothing shows)/)
  await page.setInputFiles('#trust', [...trust, write('other-policy', other.policyText)])
  assert.equal(await check(page, given), 'Do not rely on this certificate')
  assert.match(await text(page, '.tw-status'), /Too few witnesses/)
})

for (const width of [1200, 320])
  test(
    `the page at ${width} pixels has no violation that axe knows, before and after a check`,
    options,
    async (context) => {
      const page = await openUnguarded(context, 'with-keys.html', width)
      await checkPage(page, `verifier-${width}`)
      await check(page, { certificate: 'oak.sigstore.json', model: 'model' })
      await checkPage(page, `verifier-result-${width}`)
    },
  )

const FIELDS = ['govuk-skip-link', 'certificate', 'code', 'trust', 'status', 'folder', 'files', 'check']

test('the page can be used by keyboard alone', options, async (context) => {
  const { page } = await open(context)
  const order: string[] = []
  for (let i = 0; i < FIELDS.length; i++) {
    await page.keyboard.press('Tab')
    order.push((await page.evaluate('document.activeElement.id || document.activeElement.className')) as string)
  }
  assert.deepEqual(order, FIELDS)
  await page.setInputFiles('#certificate', placeOf('oak.sigstore.json'))
  await page.focus('#check')
  await page.keyboard.press('Enter')
  await page.waitForSelector('#verdict')
})
