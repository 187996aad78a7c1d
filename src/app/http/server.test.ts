import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { fixedClock, sha256, silentLog } from '../../base/index.ts'
import type { Register } from '../../register/index.ts'
import { makeEntry, makePlace, openTestRegister, type TestPlace } from '../../testing/register.ts'
import { answerGate } from './api.ts'
import { createServer } from './server.ts'

const clock = fixedClock('2026-12-01T00:00:00Z')
const SHARED_FILE = sha256('a file that stands in two models')
let home: TestPlace
let register: Register
let server: FastifyInstance

before(async () => {
  home = await makePlace()
  register = await openTestRegister(home.place)
  await register.enter(makeEntry({ name: 'examples/oak', number: '260000000010' }))
  await register.enter(makeEntry({ name: '<b>birch</b>', number: '260000000029', defect: true, file: SHARED_FILE }))
  await register.enter(makeEntry({ name: 'cedar', number: '260000000038', file: SHARED_FILE }))
  server = createServer({ register, clock, log: silentLog })
})

after(async () => {
  await server.close()
  await register.close()
  await home.remove()
})

async function check(digests: readonly string[]): Promise<readonly (readonly [string, string])[]> {
  const answer = await server.inject({ method: 'POST', url: '/v1/gate/check', payload: { digests } })
  return (answer.json() as { answers: { answer: string; reason: string }[] }).answers.map(
    (each) => [each.answer, each.reason] as const,
  )
}

test('POST /v1/gate/check passes what is cleared and holds what nobody examined', async () => {
  assert.deepEqual(await check([sha256('examples/oak file'), `tw1:${sha256('examples/oak')}`, sha256('nobody')]), [
    ['pass', 'cleared'],
    ['pass', 'cleared'],
    ['hold', 'not in the register'],
  ])
})

test('POST /v1/gate/check gives the strictest answer for a file that stands in several models', async () => {
  assert.deepEqual(await check([SHARED_FILE]), [['hold', 'held']])
})

test('POST /v1/gate/check holds what has expired', async () => {
  clock.advance(400 * 86_400_000)
  assert.deepEqual(await check([sha256('examples/oak file')]), [['hold', 'the clearance ended 2027-11-23T12:00:00Z']])
  clock.advance(-400 * 86_400_000)
})

test('POST /v1/gate/check says what is wrong with a request', async () => {
  for (const payload of [{ digests: ['xyz'] }, { digests: [] }, {}]) {
    const answer = await server.inject({ method: 'POST', url: '/v1/gate/check', payload })
    assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
    assert.equal((answer.json() as { code: string }).code, 'bad-request')
  }
})

test('answerGate() lets a refusal win over everything else', () => {
  const standing = { asked: 'd', number: '1', modelId: 'm', expiresOn: '2030-01-01T00:00:00Z' }
  const answers = answerGate(
    ['d'],
    [
      { ...standing, decision: 'cleared' },
      { ...standing, decision: 'refused' },
      { ...standing, decision: 'held' },
    ],
    '2026-01-01T00:00:00Z',
  )
  assert.equal(answers[0]?.answer, 'refuse')
})

test('GET /v1/models pages and finds', async () => {
  const first = (await server.inject('/v1/models?limit=2')).json() as { models: unknown[]; next: string }
  assert.equal(first.models.length, 2)
  const second = (await server.inject(`/v1/models?limit=2&after=${first.next}`)).json() as {
    models: { ref: string }[]
    next: null
  }
  assert.deepEqual([second.models.map(({ ref }) => ref), second.next], [['examples/oak'], null])
  assert.equal((await server.inject('/v1/models?limit=0')).statusCode, 400)
})

test('GET /v1/certificates/{number} gives the certificate, and a problem for a number that was never issued', async () => {
  const answer = await server.inject('/v1/certificates/260000000010')
  assert.equal((answer.json() as { decision: string }).decision, 'cleared')
  const missing = await server.inject('/v1/certificates/260000000000')
  assert.deepEqual([missing.statusCode, (missing.json() as { code: string }).code], [404, 'no-such-certificate'])
})

test('GET pages show names of strangers as text, and no page loads anything from elsewhere', async () => {
  for (const url of ['/', '/search?q=birch', `/models/tw1:${sha256('<b>birch</b>')}`, '/certificates/260000000029']) {
    const page = await server.inject(url)
    assert.equal(page.statusCode, 200, url)
    assert.ok(page.body.includes('&lt;b&gt;birch&lt;/b&gt;'), url)
    assert.doesNotMatch(page.body, /<script|https?:\/\//)
    assert.match(String(page.headers['content-security-policy']), /default-src 'none'/)
  }
})

test('GET /assets/style.css has no typeface, crest or file of the crown', async () => {
  const { body } = await server.inject('/assets/style.css')
  assert.match(body, /\.govuk-generic-header/)
  assert.doesNotMatch(body, /GDS Transport|url\(\/assets|@font-face/)
})

test('GET something else is a page for people and a problem for programs', async () => {
  assert.match((await server.inject('/nowhere')).body, /Not found/)
  assert.equal(((await server.inject('/v1/nowhere')).json() as { code: string }).code, 'no-such-route')
})
