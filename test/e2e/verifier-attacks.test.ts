/** The page that checks certificates under attack: hostile texts, giants, depth, masses of files, gigabytes. */
import assert from 'node:assert/strict'
import { mkdirSync, openSync, closeSync, ftruncateSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { dirHash, omsRoot, sha256 } from '../../src/base/index.ts'
import { signStatement } from '../../src/certificate/certify.ts'
import { buildOmsStatement } from '../../src/certificate/manifest/write-oms.ts'
import { check, digest, issue, makeRequest, open, options, placeOf, signer, text, write } from './verifier-desk.ts'

const MARKUP = '<img src=x onerror="alert(1)"><script>alert(2)</script>'
const HOSTILE = `${MARKUP}\u202egnp.exe\u0007__proto__${'W'.repeat(5_000)}`

test('the page shows every text of a certificate as text', options, async (context) => {
  const hostile = makeRequest({
    issuerName: HOSTILE,
    decision: 'held',
    channel: 'amber',
    reasons: [{ number: 1, condition: HOSTILE, outcome: 'held', message: HOSTILE, evidence: [HOSTILE] }],
    policy: { id: HOSTILE, version: HOSTILE, digest: digest.sha256 },
    dossier: { name: '__proto__', digest },
    evidence: [{ name: HOSTILE, digest }],
  })
  await issue('hostile.json', { ...hostile, model: { ...hostile.model, name: HOSTILE } })
  const { page, errors, asked } = await open(context, 'page.html', 320)
  assert.equal(await check(page, { certificate: 'hostile.json', model: 'model' }), 'The certificate is genuine')
  const shown = await text(page)
  assert.ok(shown.includes(MARKUP) && shown.includes('⟨U+202E⟩') && shown.includes('⟨U+0007⟩'))
  assert.equal(await page.locator('#result :is(img, script, iframe, a)').count(), 0)
  assert.deepEqual([errors, asked], [[], []])
  assert.equal(
    await page.evaluate('document.documentElement.scrollWidth > document.documentElement.clientWidth'),
    false,
  )
})

test(
  'the page takes no harm from giants, deep nesting, names of prototypes and a hostile address',
  options,
  async (context) => {
    const { page, errors } = await open(context, `page.html#${encodeURIComponent(MARKUP)}${'A'.repeat(9_000)}`)
    assert.equal((await page.inputValue('#code')).length, 2_048)
    await page.fill('#code', '')
    write('deep.json', '['.repeat(1_000_000))
    write('giant.json', `{"mediaType":"${'x'.repeat(32 * 1024 * 1024)}"}`)
    write(
      'proto.json',
      '{"__proto__":{"verdict":"pass"},"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{}}',
    )
    for (const certificate of ['deep.json', 'giant.json', 'proto.json'])
      assert.equal(await check(page, { certificate }), 'This is not a certificate that can be read', certificate)
    write('too-large.json', new Uint8Array(65 * 1024 * 1024))
    assert.equal(await check(page, { certificate: 'too-large.json' }), 'Nothing was checked')
    write('bad.pem', 'rubbish')
    assert.equal(await check(page, { certificate: 'oak.sigstore.json', trust: 'bad.pem' }), 'Nothing was checked')
    assert.equal(await page.evaluate('({}).verdict'), undefined)
    assert.deepEqual(errors, [])
  },
)

test(
  'the page cannot check, and never passes, where the browser does not know a kind of signature',
  options,
  async (context) => {
    const { page } = await open(context)
    await page.evaluate(
      "SubtleCrypto.prototype.importKey = () => Promise.reject(new DOMException('no', 'NotSupportedError'))",
    )
    assert.equal(await check(page, { certificate: 'oak.sigstore.json', model: 'model' }), 'Not everything was checked')
    assert.match(await text(page, '.tw-status'), /This browser cannot make the check.*\[cannot-check\]/)
  },
)

function makeSparse(path: string, size: number): void {
  mkdirSync(dirname(placeOf(path)), { recursive: true })
  const file = openSync(placeOf(path), 'w')
  ftruncateSync(file, size)
  writeSync(file, 'end', size - 3)
  closeSync(file)
}

/** MB that the renderer's JavaScript holds, buffers included. */
async function memoryOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page)
  const { usedSize, backingStorageSize = 0 } = (await session.send('Runtime.getHeapUsage')) as {
    readonly usedSize: number
    readonly backingStorageSize?: number
  }
  await session.detach()
  return (usedSize + backingStorageSize) / 2 ** 20
}

test(
  'the page hashes a model of 2.5 GB in bounded memory, with progress, and can be stopped',
  options,
  async (context) => {
    const size = 2.5 * 2 ** 30
    makeSparse('large/model.safetensors', size)
    const { page } = await open(context)
    const start = performance.now()
    const checked = check(page, { certificate: 'oak.sigstore.json', model: 'large' })
    const samples: number[] = []
    let value = 0
    while (value < 1) {
      await new Promise((resolve) => setTimeout(resolve, 250))
      value = await page.evaluate<number>('bar.max === 1 ? 0 : bar.value / bar.max')
      samples.push(await memoryOf(page))
    }
    assert.equal(await checked, 'Do not rely on this certificate')
    const seconds = (performance.now() - start) / 1000
    const most = Math.max(...samples)
    context.diagnostic(
      `${(size / 1e6 / seconds).toFixed(0)} MB/s, at most ${most.toFixed(0)} MiB in ${samples.length} samples`,
    )
    assert.ok(samples.length > 4, `${samples.length} samples`)
    assert.ok(most < 400, `${most} MiB`)
    assert.match(await text(page, '#progress-text'), /100 %, 1 of 1 files, \d+ MB\/s/)
    await page.click('#check')
    await page.click('#cancel')
    await page.waitForSelector('#verdict')
    assert.match(await text(page), /Nothing was checked.*You stopped it/s)
  },
)

test('the page takes a model of 3,000 files, and a certificate that lists 100,000', options, async (context) => {
  const name = (index: number): string => `f/${index}`
  const many = Array.from({ length: 3_000 }, (_, index) => ({ path: name(index), sha256: sha256('') }))
  for (const { path } of many) write(`many/${path}`, '')
  const request = makeRequest()
  await issue('many.json', { ...request, model: { name: 'many', sha256: omsRoot(many), dirHash: dirHash(many) } })
  const { page } = await open(context)
  assert.equal(await check(page, { certificate: 'many.json', model: 'many' }), 'The certificate is genuine')
  const listed = Array.from({ length: 100_000 }, (_, index) => ({ path: name(index), sha256: sha256(name(index)) }))
  write('listed.json', (await signStatement(buildOmsStatement('listed', listed), signer)).bundle)
  assert.equal(await check(page, { certificate: 'listed.json', model: 'many' }), 'Do not rely on this certificate')
  assert.match(await text(page, '.tw-status'), /file-changed/)
})
