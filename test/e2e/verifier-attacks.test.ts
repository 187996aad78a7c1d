/** The page that checks certificates under attack: hostile texts, giants, depth, masses of files, gigabytes. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, openSync, closeSync, ftruncateSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { test } from 'node:test'
import type { CDPSession } from 'playwright-core'
import { dirHash, omsRoot, sha256 } from '../../src/base/index.ts'
import { signStatement } from '../../src/certificate/certify.ts'
import { buildOmsStatement } from '../../src/certificate/manifest/write-oms.ts'
import { check, digest, issue, makeRequest, open, options, placeOf, signer, text, write } from './verifier-desk.ts'

const MARKUP = '<img src=x onerror="alert(1)"><script>alert(2)</script>'
const HOSTILE = `${MARKUP}\u202egnp.exe\u0007__proto__${'W'.repeat(4_000)}`

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

test('the page takes files that are named like prototypes or turn the line round', options, async (context) => {
  const names = ['__proto__', 'constructor/prototype', 'a\u202egnp.bin', 'toString']
  const files = names.map((path) => ({ path, sha256: sha256(path) }))
  for (const path of names) write(`names/${path}`, path)
  write('names.json', (await signStatement(buildOmsStatement('__proto__', files), signer)).bundle)
  const { page, errors } = await open(context)
  assert.equal(await check(page, { certificate: 'names.json', model: 'names' }), 'The certificate is genuine')
  assert.ok((await text(page, 'details')).includes('a⟨U+202E⟩gnp.bin'))
  write('names/toString', 'changed')
  assert.equal(await check(page, { certificate: 'names.json', model: 'names' }), 'Do not rely on this certificate')
  assert.match(await text(page, '.tw-status'), /toString is/)
  assert.deepEqual(errors, [])
})

const LARGE = 2.5 * 2 ** 30

/** Writes a file of zeros that ends in "end"; gives its SHA-256. */
function makeLarge(path: string): string {
  const zeros = new Uint8Array(2 ** 22)
  const hash = createHash('sha256')
  for (let at = 0; at < LARGE; at += zeros.length) hash.update(at + zeros.length < LARGE ? zeros : zeros.subarray(3))
  mkdirSync(dirname(placeOf(path)), { recursive: true })
  const file = openSync(placeOf(path), 'w')
  ftruncateSync(file, LARGE)
  writeSync(file, 'end', LARGE - 3)
  closeSync(file)
  return hash.update('end').digest('hex')
}

/** MiB that the JavaScript of the page holds, buffers included. */
async function memoryOf(session: CDPSession): Promise<number> {
  const { usedSize, backingStorageSize = 0 } = (await session.send('Runtime.getHeapUsage')) as {
    readonly usedSize: number
    readonly backingStorageSize?: number
  }
  return (usedSize + backingStorageSize) / 2 ** 20
}

/** Seconds of CPU time that the page has spent. */
async function cpuOf(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
}

test(
  'the page hashes a model of 2.5 GB in bounded memory, with progress, and can be stopped',
  options,
  async (context) => {
    const files = [{ path: 'model.safetensors', sha256: makeLarge('large/model.safetensors') }]
    const request = makeRequest()
    await issue('large.json', { ...request, model: { name: 'large', sha256: omsRoot(files), dirHash: dirHash(files) } })
    const { page } = await open(context)
    const session = await page.context().newCDPSession(page)
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    const start = await cpuOf(session)
    const checked = check(page, { certificate: 'large.json', model: 'large' })
    const samples: number[] = []
    for (let value = 0; value < 1;) {
      await new Promise((resolve) => setTimeout(resolve, 250))
      value = await page.evaluate<number>('bar.max === 1 ? 0 : bar.value / bar.max')
      samples.push(await memoryOf(session))
    }
    assert.equal(await checked, 'The certificate is genuine')
    const speed = LARGE / 1e6 / ((await cpuOf(session)) - start)
    const most = Math.max(...samples)
    context.diagnostic(
      `${speed.toFixed(0)} MB for each second of CPU time; at most ${most.toFixed(0)} MiB in ${samples.length} samples`,
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
  assert.match(await text(page, '.tw-status'), /f\/10000 is signed but not there \[file-missing\]/)
})
