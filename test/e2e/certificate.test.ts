/** The page of a certificate in a real browser: readable by everyone, one sheet of paper, with a code that can be checked. */
import assert from 'node:assert/strict'
import { after, before, test, type TestContext } from 'node:test'
import type { FastifyInstance } from 'fastify'
import type { Browser, Page } from 'playwright-core'
import { createServer } from '../../src/app/http/server.ts'
import type { ReplyRecord } from '../../src/app/web/certificate.ts'
import { fixedClock, sha256, silentLog } from '../../src/base/index.ts'
import { issueToken } from '../../src/certificate/index.ts'
import type { Register } from '../../src/register/index.ts'
import { findChromium, launchChromium, needsChromium } from '../../src/testing/browser.ts'
import { makeSigner } from '../../src/testing/publication.ts'
import { makeEntry, makePlace, openTestRegister, type TestPlace } from '../../src/testing/register.ts'
import { verifyToken } from '../../src/verify.ts'
import { checkPage } from './check-page.ts'
import { countSheets, readCode } from './printed.ts'

const executable = findChromium()
const options = needsChromium()
const signer = makeSigner()
const NAME = 'examples/oak'
const NUMBER = '260000000012'
const clock = fixedClock('2026-12-01T00:00:00Z')
const reply: ReplyRecord = {
  kind: 'reply',
  party: 'Oak Ltd',
  receivedAt: '2026-11-25T00:00:00Z',
  reason: 1,
  text: 'The file is read in full by the reader of last week; we have asked for another look.',
  textDigest: sha256('reply'),
}

let home: TestPlace
let register: Register
let server: FastifyInstance
let browser: Browser
let address: string

before(async () => {
  if (executable === undefined) return
  home = await makePlace()
  register = await openTestRegister(home.place)
  await register.enter(makeEntry({ name: NAME, number: NUMBER, defect: true }))
  server = createServer({
    register,
    clock,
    log: silentLog,
    sources: {
      publicAddress: 'https://register.example',
      findStatus: () => Promise.resolve('valid'),
      findReplies: () => Promise.resolve([reply]),
      findProof: () => Promise.resolve('c2sp.org/tlog-proof@v1\n'),
      findToken: ({ number, modelId, decision, expiresOn }) =>
        issueToken(
          { number, dirHash: modelId.slice(4), result: decision, expiresOn: expiresOn.slice(0, 10), statusIndex: 7 },
          signer,
        ),
    },
  })
  address = await server.listen({ host: '127.0.0.1', port: 0 })
  browser = await launchChromium(executable)
})

after(async () => {
  if (executable === undefined) return
  await browser.close()
  await server.close()
  await register.close()
  await home.remove()
})

async function open(context: TestContext, width = 1200): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, bypassCSP: true })
  context.after(() => page.close())
  await page.goto(`${address}/c/${NUMBER}#javascript:alert(1)`)
  return page
}

for (const width of [1200, 320])
  test(`the certificate at ${width} pixels has no violation that axe knows`, options, async (context) => {
    await checkPage(await open(context, width), `certificate-full-${width}`)
  })

test('the certificate prints on one sheet, with the reply', options, async (context) => {
  const page = await open(context)
  await page.emulateMedia({ media: 'print' })
  for (const name of ['2600 0000 0012', reply.text ?? '', 'Model identity', 'What this certificate does not say'])
    assert.ok(await page.getByText(name).first().isVisible(), name)
  assert.equal(await page.getByRole('link', { name: 'Download the certificate' }).isVisible(), false)
  const folder = process.env['SCREENSHOTS']
  if (folder !== undefined) {
    await page.setViewportSize({ width: 703, height: 1032 })
    await page.screenshot({ path: `${folder}/certificate-print.png`, fullPage: true })
  }
  assert.equal(await countSheets(page), 1)
})

test('the code of the certificate, photographed, is checked offline', options, async (context) => {
  const text = await readCode(await open(context), NUMBER)
  assert.match(text, /^https:\/\/register\.example\/c\/260000000012#[\w-]{130}$/)
  const known = { now: clock.now(), trustedKeys: [{ publicKeyPem: signer.publicKeyPem }], dirHash: sha256(NAME) }
  const report = await verifyToken(text, { ...known, readStatus: (index) => (index === 7 ? 'valid' : undefined) })
  assert.deepEqual([report.verdict, report.token?.result], ['pass', 'held'])
})
