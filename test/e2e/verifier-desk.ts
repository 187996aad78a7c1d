/**
 * A desk for tests of the page that checks certificates: a folder with page, keys, certificates and models, and a browser
 * that opens it from there. Importing it prepares the desk before the tests of a file and clears it away after them.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { after, before, type TestContext } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { buildVerifierPage } from '../../src/app/web/verifier/build.ts'
import { embedTrust } from '../../src/app/web/verifier/template.ts'
import { dirHash, omsRoot, sha256, type ManifestFile } from '../../src/base/index.ts'
import { issueCertificate, type CertificateRequest } from '../../src/certificate/index.ts'
import { findChromium, launchChromium, needsChromium } from '../../src/testing/browser.ts'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { makeSigner } from '../../src/testing/publication.ts'

const executable = findChromium()
/** Skips with the reason where there is no browser. */
export const options = needsChromium()

/** The issuer. */
export const signer = makeSigner()
/** The model in `model/`. */
export const FILES = new Map([
  ['config.json', '{}'],
  ['weights/ä model.safetensors', 'weights'],
])
/** Its files. */
export const manifest: readonly ManifestFile[] = [...FILES].map(([path, text]) => ({ path, sha256: sha256(text) }))
/** Any digest. */
export const digest = { sha256: sha256('x') }

/** A certificate of that model, issued yesterday. */
export function makeRequest(changes: Partial<CertificateRequest['content']> = {}): CertificateRequest {
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

/** Writes a file below the folder; gives its path. */
export function write(path: string, content: string | Uint8Array): string {
  const whole = join(folder, path)
  mkdirSync(dirname(whole), { recursive: true })
  writeFileSync(whole, content)
  return whole
}

/** Issues a certificate into a file. */
export async function issue(name: string, request: CertificateRequest): Promise<string> {
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

/** A page and what it did. */
export interface Opened {
  readonly page: Page
  /** Addresses that the page asked for beside its own, and what went wrong in it. */
  readonly asked: string[]
  readonly errors: string[]
}

/** Opens a file of the folder, as a double click does. */
export async function open(context: TestContext, file = 'page.html', width = 1200): Promise<Opened> {
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

/** What a person gives, by paths below the folder; `trust` is the issuer’s key unless told, and none when empty. */
export interface Given {
  readonly certificate?: string
  readonly trust?: string
  readonly model?: string
  readonly code?: string
}

/** Gives it, presses the button, and tells the verdict. */
export async function check(page: Page, { certificate, trust = 'key.pem', model, code }: Given): Promise<string> {
  if (certificate !== undefined) await page.setInputFiles('#certificate', join(folder, certificate))
  if (trust !== '') await page.setInputFiles('#trust', join(folder, trust))
  if (model !== undefined) await page.setInputFiles('#folder', join(folder, model))
  if (code !== undefined) await page.fill('#code', code)
  await page.click('#check')
  await page.waitForSelector('#verdict', { timeout: 120_000 })
  return (await page.textContent('#verdict')) ?? ''
}

/** What stands in the result, or in a part of it. */
export const text = async (page: Page, of = '#result'): Promise<string> => (await page.textContent(of)) ?? ''

/** Path of a file of the folder. */
export function placeOf(path: string): string {
  return join(folder, path)
}

/** A page whose policy lets tests add a script of their own. */
export async function openUnguarded(context: TestContext, file: string, width: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, bypassCSP: true })
  context.after(() => page.close())
  await page.goto(`file://${placeOf(file)}`)
  return page
}
