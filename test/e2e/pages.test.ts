/** Public pages and the report in a real browser: readable by everyone (axe, WCAG 2.2 AA), without script and network. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import type { FastifyInstance } from 'fastify'
import { createServer } from '../../src/app/http/server.ts'
import { sha256, silentLog, systemClock } from '../../src/base/index.ts'
import { assembleDossier, decide, loadPolicy, renderReport } from '../../src/dossier/index.ts'
import type { Register } from '../../src/register/index.ts'
import { findChromium, launchChromium, needsChromium } from '../../src/testing/browser.ts'
import { makeArtefact, makeAudit, makeComparison, makeFinding, makeTrace } from '../../src/testing/evidence.ts'
import { temporaryFolder } from '../../src/testing/folders.ts'
import { makeEntry, makePlace, openTestRegister, type TestPlace } from '../../src/testing/register.ts'
import { checkPage } from './check-page.ts'

const executable = findChromium()
const options = needsChromium()
let home: TestPlace
let register: Register
let server: FastifyInstance
let browser: Browser
let address: string

before(async () => {
  if (executable === undefined) return
  home = await makePlace()
  register = await openTestRegister(home.place)
  await register.enter(makeEntry({ name: 'examples/oak', number: '262300000017' }))
  await register.enter(makeEntry({ name: 'examples/unread', number: '262300000026', defect: true }))
  server = createServer({ register, clock: systemClock, log: silentLog })
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

async function openPage(context: TestContext, path: string, width = 1200): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, bypassCSP: true })
  context.after(() => page.close())
  await page.goto(`${address}${path}`)
  return page
}

for (const [name, path] of [
  ['start', '/'],
  ['search', '/search?q=oak'],
  ['nothing-found', '/search?q=zzz'],
  ['model', `/models/tw1:${sha256('examples/oak')}`],
  ['certificate', '/c/262300000026'],
  ['not-found', '/nowhere'],
] as const) {
  for (const width of [1200, 320]) {
    test(`page ${name} at ${width} pixels has no violation that axe knows`, options, async (context) => {
      await checkPage(await openPage(context, path, width), `${name}-${width}`)
    })
  }
}

test(
  'a person finds a certificate by its number and comes to the model, by keyboard alone',
  options,
  async (context) => {
    const page = await openPage(context, '/')
    await page.getByLabel('Search the register').focus()
    await page.keyboard.type('2623 0000 0017')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'examples/oak' }).click()
    await page.getByRole('link', { name: '2623 0000 0017' }).click()
    assert.match((await page.textContent('h1')) ?? '', /examples\/oak/)
  },
)

test('the report is readable from a file, without network', options, async (context) => {
  const artefact = makeArtefact({
    problems: [{ kind: 'symlink', path: 'link', message: 'a link that is not followed', excluded: true }],
  })
  const audit = makeAudit({ findings: [makeFinding({ offset: 8, evidence: '{"a":' })], verdict: 'defect' })
  const map = Array.from({ length: 144 }, (_, i) => ({
    a: Math.floor(i / 12),
    b: i % 12,
    fixed: i % 13 === 0 ? 160 : i % 3,
    sampled: 160,
    log10p: i % 13 === 0 ? -284.7 : 0,
  }))
  const trace = makeTrace({
    candidates: [
      {
        artefact: { ref: 'examples/oak', id: 'tw1:c' },
        standing: 'cleared',
        comparison: makeComparison('derived', { map }),
      },
    ],
  })
  const decision = decide({ artefact, audit, trace }, loadPolicy())
  const { dossier, digest } = assembleDossier({
    version: '0.1.0',
    artefact,
    facts: sha256('facts'),
    audit,
    trace,
    decision,
  })
  const certificate = {
    number: '262300000017',
    issuedAt: '2026-11-23T12:00:00Z',
    expiresOn: '2027-11-23',
    assurance: 'self-attested',
  }
  const file = join(temporaryFolder(context), 'report.html')
  writeFileSync(file, renderReport({ dossier, digest, certificate }))
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, bypassCSP: true })
  context.after(() => page.close())
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.goto(`file://${file}`)
  await checkPage(page, 'report')
  assert.deepEqual(asked, [`file://${file}`])
})
