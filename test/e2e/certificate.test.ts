/** The page of a certificate in a real browser: readable by everyone, one sheet of paper, with a code that can be checked. */
import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { after, before, test, type TestContext } from 'node:test'
import type { FastifyInstance } from 'fastify'
import readQr from 'jsqr'
import type { Browser, Page } from 'playwright-core'
import { createServer } from '../../src/app/http/server.ts'
import type { ReplyRecord } from '../../src/app/web/certificate.ts'
import { fixedClock, sha256, silentLog } from '../../src/base/index.ts'
import { issueToken, type Signer } from '../../src/certificate/index.ts'
import type { Register } from '../../src/register/index.ts'
import { findChromium, launchChromium } from '../../src/testing/browser.ts'
import { makeEntry, makePlace, openTestRegister, type TestPlace } from '../../src/testing/register.ts'
import { verifyToken } from '../../src/verify.ts'
import { checkPage } from './check-page.ts'

const executable = findChromium()
const options = {
  skip: executable === undefined ? 'no Chromium on this machine (apt-get install chromium, or CHROMIUM=path)' : false,
}
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const signer: Signer = {
  publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  sign: (bytes) => Promise.resolve(new Uint8Array(sign('sha256', bytes, privateKey))),
}
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
  const pdf = await page.pdf({ preferCSSPageSize: true })
  assert.equal(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length, 1)
})

test('the code of the certificate, photographed, is checked offline', options, async (context) => {
  const page = await open(context)
  const pixels = await page.evaluate<{ readonly side: number; readonly light: string }>(`(async () => {
    const image = new Image()
    image.src = '/c/${NUMBER}.qr.png'
    await image.decode()
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height })
    const context = canvas.getContext('2d')
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(0, 0, image.width, image.height)
    let light = ''
    for (let at = 0; at < data.length; at += 4) light += data[at] > 127 ? 1 : 0
    return { side: image.width, light }
  })()`)
  const decode = readQr as unknown as typeof readQr.default
  const data = Uint8ClampedArray.from(
    { length: 4 * pixels.light.length },
    (_, at) => Number(pixels.light[at >> 2]) * 255,
  )
  const text = decode(data, pixels.side, pixels.side)?.data ?? ''
  assert.match(text, /^https:\/\/register\.example\/c\/260000000012#[\w-]{130}$/)
  const known = { now: clock.now(), trustedKeys: [{ publicKeyPem: signer.publicKeyPem }], dirHash: sha256(NAME) }
  const report = await verifyToken(text, { ...known, readStatus: (index) => (index === 7 ? 'valid' : undefined) })
  assert.deepEqual([report.verdict, report.token?.result], ['pass', 'held'])
})
