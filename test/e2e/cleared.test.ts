/**
 * A certificate that `clear` made, from the register that `serve` serves, in a real browser: what its page gives to a
 * stranger, and what the page that checks certificates makes of it.
 */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { findChromium, launchChromium, needsChromium } from '../../src/testing/browser.ts'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { homeWithRegister } from '../cli/home.ts'
import { jsonOf, ROOT, runTidewaiter, startTidewaiter, type Running } from '../cli/program.ts'
import { checkPage } from './check-page.ts'
import { countSheets, readCode } from './printed.ts'

const executable = findChromium()
const options = needsChromium()
const NUMBER = '260000000012'
const MODEL = join(ROOT, 'examples/oak')
const undo: (() => void)[] = []
const cleanable = { after: (each: () => void) => void undo.push(each) }

let home: string
let folder: string
let dossier: string
let serving: Running
let address: string
let browser: Browser

/** Starts `serve` and waits for its address. */
async function serve(): Promise<string> {
  serving = startTidewaiter(['serve', '--home', home, '--port', '0'], {
    env: { TIDEWAITER_PUBLIC_ADDRESS: 'https://register.example' },
  })
  let said = ''
  for await (const text of serving.child.stdout ?? []) {
    said += String(text)
    const [, found] = /served at (http:\/\/\S+);/.exec(said) ?? []
    if (found !== undefined) return found
  }
  throw new Error(`serve ended: ${said}`)
}

before(async () => {
  if (executable === undefined) return
  home = await homeWithRegister(cleanable)
  folder = temporaryFolder(cleanable)
  const run = await runTidewaiter(['clear', 'examples/oak', '--home', home, '--format', 'json', '--quiet'])
  dossier = jsonOf(run).dossier.path
  address = await serve()
  browser = await launchChromium(executable)
})

after(async () => {
  if (executable === undefined) return
  await browser.close()
  serving.child.kill('SIGINT')
  await serving.ended
  for (const each of undo) each()
})

async function open(context: TestContext, path: string, width = 1200): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 } })
  context.after(() => page.close())
  await page.goto(`${address}${path}`)
  return page
}

async function check(page: Page, certificate: string, model: string = MODEL): Promise<string> {
  await page.setInputFiles('#certificate', certificate)
  await page.setInputFiles('#folder', model)
  await page.click('#check')
  await page.waitForSelector('#verdict')
  return (await page.textContent('#verdict')) ?? ''
}

/** Writes what the page of the certificate gives to download. */
async function download(path: string, name: string): Promise<string> {
  const answer = await fetch(`${address}${path}`)
  assert.equal(answer.status, 200, path)
  const place = join(folder, name)
  writeFileSync(place, Buffer.from(await answer.arrayBuffer()))
  return place
}

interface Bundle {
  readonly verificationMaterial: { tlogEntries?: unknown[]; timestampVerificationData?: unknown }
}

function alter(name: string, change: (bundle: Bundle) => void): string {
  const bundle = JSON.parse(readFileSync(join(dossier, 'certificate.sigstore.json'), 'utf8')) as Bundle
  change(bundle)
  const place = join(folder, name)
  writeFileSync(place, JSON.stringify(bundle))
  return place
}

test(
  'the page says genuine of a certificate that clear made, with log and timestamp, and asks for no key',
  options,
  async (context) => {
    const page = await open(context, '/verify')
    const certificate = await download(`/c/${NUMBER}.json`, 'oak.sigstore.json')
    assert.equal(await check(page, certificate), 'The certificate is genuine')
    const text = (await page.textContent('#result')) ?? ''
    for (const said of [
      /It says: Cleared/,
      /entry \d+ of \d+ in the log \d{4}\.log\.tidewaiter\.localhost/,
      /https:\/\/register\.example/,
    ])
      assert.match(text, said)
    await checkPage(await unguarded(context, certificate), 'verify-genuine')
  },
)

/** The page with a result, under a policy that lets axe run. */
async function unguarded(context: TestContext, certificate: string, width = 1200): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, bypassCSP: true })
  context.after(() => page.close())
  await page.goto(`${address}/verify`)
  await check(page, certificate)
  return page
}

test(
  'the page refuses it when the log entry or the timestamp was stripped, and for another model',
  options,
  async (context) => {
    const page = await open(context, '/verify')
    const honest = join(dossier, 'certificate.sigstore.json')
    const withoutLog = alter('no-log.json', ({ verificationMaterial }) => void delete verificationMaterial.tlogEntries)
    const emptyLog = alter('empty-log.json', ({ verificationMaterial }) => void (verificationMaterial.tlogEntries = []))
    const withoutTime = alter(
      'no-time.json',
      ({ verificationMaterial }) => void delete verificationMaterial.timestampVerificationData,
    )
    for (const [certificate, model, reason] of [
      [withoutLog, MODEL, 'log-entry-count'],
      [emptyLog, MODEL, 'log-entry-count'],
      [withoutTime, MODEL, 'timestamp-count'],
      [honest, join(ROOT, 'examples/birch'), 'subject-mismatch'],
    ] as const) {
      assert.equal(await check(page, certificate, model), 'Do not rely on this certificate', reason)
      assert.match((await page.textContent('.tw-status')) ?? '', new RegExp(`\\[${reason}\\]`))
    }
    await checkPage(await unguarded(context, withoutLog), 'verify-stripped')
  },
)

test('with the keys of the page switched off, what strangers download here does the same', options, async (context) => {
  const page = await open(context, '/verify')
  const [certificate, key, root] = await Promise.all([
    download(`/c/${NUMBER}.json`, 'oak.sigstore.json'),
    download('/signing-key.pem', 'signing-key.pem'),
    download('/trusted_root.json', 'trusted_root.json'),
  ])
  await page.uncheck('#use-embedded')
  assert.equal(await check(page, certificate), 'Do not rely on this certificate')
  await page.setInputFiles('#trust', [key, root])
  assert.equal(await check(page, certificate), 'The certificate is genuine')
  const words = ['verify', certificate, '--artefact', MODEL, '--key', key, '--trusted-root', root]
  assert.equal((await runTidewaiter([...words, '--home', join(folder, 'nobody')])).status, 0)
})

for (const width of [1200, 320])
  test(`the page of the certificate at ${width} pixels says how a stranger checks it`, options, async (context) => {
    const page = await browser.newPage({ viewport: { width, height: 900 }, bypassCSP: true })
    context.after(() => page.close())
    await page.goto(`${address}/c/${NUMBER}`)
    await checkPage(page, `cleared-${width}`)
    assert.match(
      (await page.textContent('.tw-facts')) ?? '',
      /Public log\s*entry \d+ of \d{4}\.log\.tidewaiter\.localhost/,
    )
    for (const path of [
      `/c/${NUMBER}.json`,
      `/c/${NUMBER}.tlog-proof`,
      '/signing-key.pem',
      '/trusted_root.json',
      '/verify',
    ])
      assert.equal(await page.locator(`a[href="${path}"]`).count(), 1, path)
  })

test(
  'the printed page is one sheet whose code is the token that clear kept, and the page checks it',
  options,
  async (context) => {
    const page = await browser.newPage({ viewport: { width: 703, height: 1032 }, bypassCSP: true })
    context.after(() => page.close())
    await page.goto(`${address}/c/${NUMBER}`)
    await page.emulateMedia({ media: 'print' })
    const pictures = process.env['SCREENSHOTS']
    if (pictures !== undefined) await page.screenshot({ path: join(pictures, 'cleared-print.png'), fullPage: true })
    assert.equal(await countSheets(page), 1)
    const text = await readCode(page, NUMBER)
    const kept = readFileSync(join(dossier, 'token.txt'), 'utf8').trim()
    assert.equal(text, `https://register.example/c/${NUMBER}#${kept}`)
    const verifier = await open(context, '/verify')
    await verifier.fill('#code', text)
    await verifier.setInputFiles('#folder', MODEL)
    await verifier.click('#check')
    await verifier.waitForSelector('#verdict')
    assert.equal(await verifier.textContent('#verdict'), 'Not everything was checked')
    assert.match((await verifier.textContent('#result')) ?? '', /withdrawn since was not asked/)
    if (pictures !== undefined) await verifier.screenshot({ path: join(pictures, 'verify-code.png'), fullPage: true })
  },
)
