/** The page that checks certificates, opened from a disk in a real browser, with honest and hostile input. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdirSync, openSync, closeSync, ftruncateSync, writeFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { buildVerifierPage } from '../../src/app/web/verifier/build.ts'
import { embedTrust } from '../../src/app/web/verifier/template.ts'
import { dirHash, omsRoot, sha256, type ManifestFile } from '../../src/base/index.ts'
import {
  issueCertificate,
  issueToken,
  tokenAddress,
  type CertificateRequest,
  type Signer,
} from '../../src/certificate/index.ts'
import { signStatement } from '../../src/certificate/certify.ts'
import { buildOmsStatement } from '../../src/certificate/oms.ts'
import { findChromium, launchChromium } from '../../src/testing/browser.ts'
import { needsShared, sharedPath, temporaryFolder } from '../../src/testing/folders.ts'
import { checkPage } from './check-page.ts'

const executable = findChromium()
const options = {
  skip: executable === undefined ? 'no Chromium on this machine (apt-get install chromium, or CHROMIUM=path)' : false,
}

function makeSigner(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
  return { publicKeyPem, sign: (bytes) => Promise.resolve(new Uint8Array(sign('sha256', bytes, privateKey))) }
}

const signer = makeSigner()
const FILES = new Map([
  ['config.json', '{}'],
  ['weights/ä model.safetensors', 'weights'],
])
const manifest: readonly ManifestFile[] = [...FILES].map(([path, text]) => ({ path, sha256: sha256(text) }))
const digest = { sha256: sha256('x') }

function makeRequest(changes: Partial<CertificateRequest['content']> = {}): CertificateRequest {
  return {
    model: { name: 'examples/oak', sha256: omsRoot(manifest), dirHash: dirHash(manifest) },
    content: {
      number: '260000000012',
      decision: 'cleared',
      channel: 'green',
      reasons: [],
      issuerName: 'Customs of Oak',
      dossier: { name: 'dossier.json', digest },
      policy: { id: 'default', version: '1', digest: digest.sha256 },
      inputs: { files: 2, totalBytes: 9, rehash: 'full' },
      evidence: [],
      ...changes,
    },
    issuedAt: Date.now() - 86_400_000,
  }
}

let browser: Browser
let folder: string
const undo: (() => void)[] = []

function write(path: string, text: string | Uint8Array): string {
  const whole = join(folder, path)
  mkdirSync(dirname(whole), { recursive: true })
  writeFileSync(whole, text)
  return whole
}

async function issue(name: string, request: CertificateRequest): Promise<string> {
  return write(name, (await issueCertificate(request, signer)).bundle)
}

before(async () => {
  if (executable === undefined) return
  folder = temporaryFolder({ after: (each) => void undo.push(each) })
  const page = await buildVerifierPage()
  write('page.html', page)
  write(
    'with-keys.html',
    embedTrust(page, { from: '</script><script>alert(1)</script>', files: [signer.publicKeyPem] }),
  )
  write('key.pem', signer.publicKeyPem)
  for (const [path, text] of FILES) write(`model/${path}`, text)
  await issue('oak.sigstore.json', makeRequest())
  browser = await launchChromium(executable)
})

after(async () => {
  await (browser as Browser | undefined)?.close()
  for (const each of undo) each()
})

interface Opened {
  readonly page: Page
  /** Addresses that the page asked for beside its own, and what went wrong in it. */
  readonly asked: string[]
  readonly errors: string[]
}

async function open(context: TestContext, file = 'page.html', width = 1200): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width, height: 900 } })
  context.after(() => page.close())
  const [asked, errors]: [string[], string[]] = [[], []]
  page.on('request', (request) => asked.push(request.url()))
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => errors.push(message.text()))
  page.on('dialog', (dialog) => {
    errors.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  await page.goto(`file://${join(folder, file)}`)
  asked.length = 0
  return { page, asked, errors }
}

interface Given {
  readonly certificate?: string
  readonly trust?: string
  readonly model?: string
  readonly code?: string
}

async function check(page: Page, { certificate, trust = 'key.pem', model, code }: Given): Promise<string> {
  if (certificate !== undefined) await page.setInputFiles('#certificate', join(folder, certificate))
  if (trust !== '') await page.setInputFiles('#trust', join(folder, trust))
  if (model !== undefined) await page.setInputFiles('#folder', join(folder, model))
  if (code !== undefined) await page.fill('#code', code)
  await page.click('#check')
  await page.waitForSelector('#verdict', { timeout: 120_000 })
  return (await page.textContent('#verdict')) ?? ''
}

const text = async (page: Page, of = '#result'): Promise<string> => (await page.textContent(of)) ?? ''

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
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  const file = openSync(join(folder, path), 'w')
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

test(
  'the page checks log and time against a trusted root, and refuses what other tools let pass',
  { skip: options.skip === false ? needsShared('vectors', 'interop').skip : options.skip },
  async (context) => {
    const interop = (path: string): string => join(sharedPath('vectors', 'interop') ?? '', path)
    execFileSync('tar', ['xzf', interop('model.tar.gz'), '-C', folder, '--one-top-level=golden'])
    const { page } = await open(context)
    await page.setInputFiles('#trust', [interop('keys/signer.pub.pem'), interop('trusted_root.json')])
    await page.setInputFiles('#folder', join(folder, 'golden/model'))
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

for (const width of [1200, 320])
  test(
    `the page at ${width} pixels has no violation that axe knows, before and after a check`,
    options,
    async (context) => {
      const page = await browser.newPage({ viewport: { width, height: 900 }, bypassCSP: true })
      context.after(() => page.close())
      await page.goto(`file://${join(folder, 'with-keys.html')}`)
      await checkPage(page, `verifier-${width}`)
      await check(page, { certificate: 'oak.sigstore.json', model: 'model' })
      await checkPage(page, `verifier-result-${width}`)
    },
  )

test('the page can be used by keyboard alone', options, async (context) => {
  const { page } = await open(context)
  const order: string[] = []
  for (let i = 0; i < 8; i++) {
    await page.keyboard.press('Tab')
    order.push((await page.evaluate('document.activeElement.id || document.activeElement.className')) as string)
  }
  assert.deepEqual(order.slice(0, 7), ['govuk-skip-link', 'certificate', 'code', 'trust', 'folder', 'files', 'check'])
  await page.setInputFiles('#certificate', join(folder, 'oak.sigstore.json'))
  await page.focus('#check')
  await page.keyboard.press('Enter')
  await page.waitForSelector('#verdict')
})
