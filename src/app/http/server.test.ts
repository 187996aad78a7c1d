import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { FastifyInstance } from 'fastify'
import { fixedClock, sha256, silentLog } from '../../base/index.ts'
import type { Register } from '../../register/index.ts'
import { makeEntry, makePlace, openTestRegister, type TestPlace } from '../../testing/register.ts'
import type { ReplyRecord } from '../web/certificate.ts'
import { answerGate } from './api.ts'
import type { CertificateSources } from './certificates.ts'
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
  for (const url of ['/', '/search?q=birch', `/models/tw1:${sha256('<b>birch</b>')}`, '/c/260000000029']) {
    const page = await server.inject(url)
    assert.equal(page.statusCode, 200, url)
    assert.ok(page.body.includes('&lt;b&gt;birch&lt;/b&gt;'), url)
    assert.doesNotMatch(page.body, /<script|(?:src|href)="(?:https?:)?\/\//)
    assert.match(String(page.headers['content-security-policy']), /default-src 'none'/)
  }
})

test('GET /c/{number} is the page, whatever spaces the number has, and the old address leads there', async () => {
  const page = await server.inject('/c/260000000029')
  for (const text of ['2600 0000 0029', '23 November 2026', 'Held because', 'What this certificate does not say'])
    assert.ok(page.body.includes(text), text)
  for (const [from, to] of [
    ['/c/2600%200000%200029', '/c/260000000029'],
    ['/c/2600-0000-0029.json', '/c/260000000029.json'],
    ['/certificates/260000000029', '/c/260000000029'],
    ['/certificates/260000000029/bundle.json', '/c/260000000029.json'],
  ] as const) {
    const { statusCode, headers } = await server.inject(from)
    assert.deepEqual([statusCode, headers.location], [301, to])
  }
  assert.match((await server.inject('/c/260000000028')).body, /mistyped/)
  assert.match((await server.inject('/c/260000000012')).body, /No certificate of this number/)
  for (const path of ['/c/x', '/c/260000000029.exe', '/c/__proto__', '/c/%00', `/c/${'1'.repeat(150)}`])
    assert.equal((await server.inject(path)).statusCode, 404, path)
})

test('GET /c/{number} gives the certificate, the code and, when there is one, the proof', async () => {
  const bundle = await server.inject('/c/260000000029.json')
  assert.equal(bundle.headers['content-type'], 'application/vnd.dev.sigstore.bundle.v0.3+json')
  assert.equal((await server.inject('/c/260000000029.tlog-proof')).statusCode, 404)
  const svg = await server.inject({ url: '/c/260000000029.qr', headers: { host: 'evil"><script>' } })
  assert.equal(svg.headers['content-type'], 'image/svg+xml')
  assert.doesNotMatch(svg.body, /evil|script/)
  const png = await server.inject('/c/260000000029.qr.png')
  assert.deepEqual([...png.rawPayload.subarray(0, 4)], [0x89, 0x50, 0x4e, 0x47])
})

const HOSTILE = '<img src=x onerror=alert(1)>\u202egnp.exe'
const REPLIES: readonly ReplyRecord[] = [
  {
    kind: 'reply',
    party: 'Birch Ltd',
    receivedAt: '2026-11-25T00:00:00Z',
    reason: 1,
    text: 'We disagree.',
    textDigest: sha256('a'),
  },
  {
    kind: 'appeal',
    party: HOSTILE,
    receivedAt: '2026-11-26T00:00:00Z',
    text: null,
    textDigest: sha256('b'),
    outcome: HOSTILE,
  },
  {
    kind: 'correction',
    party: 'Ash',
    receivedAt: '2026-11-26T00:00:00Z',
    reason: 99,
    text: 'x'.repeat(5000),
    textDigest: sha256('c'),
  },
]

test('GET /c/{number} shows every reply, at the finding that it answers, and no markup of strangers', async () => {
  const sources: CertificateSources = {
    publicAddress: 'https://register.example',
    findProof: () => Promise.resolve('c2sp.org/tlog-proof@v1\n'),
    findToken: () => Promise.resolve('A'.repeat(130)),
    findStatus: () => Promise.resolve('revoked' as const),
    findReplies: () => Promise.resolve(REPLIES),
  }
  const own = createServer({ register, clock, log: silentLog, sources })
  const { body } = await own.inject('/c/260000000029')
  assert.ok(body.indexOf('We disagree.') < body.indexOf('What this certificate does not say'))
  assert.match(body, /<li><strong>Held because:.*?We disagree\..*?<\/li>/)
  for (const text of [
    'Appeal of',
    sha256('b'),
    'x'.repeat(5000),
    'Revoked.',
    'It said: Held',
    '⟨U+202E⟩',
    'tlog-proof',
    'signed summary',
  ])
    assert.ok(body.includes(text), text)
  assert.doesNotMatch(body, /<img|<script/)
  assert.equal((await own.inject('/c/260000000029.tlog-proof')).body, 'c2sp.org/tlog-proof@v1\n')
  assert.ok(body.includes('https://register.example/c/260000000029<'))
  await own.close()
})

test('GET /verify is the page that checks certificates, with the keys of the register and a policy of its own', async () => {
  const trust = { signingKey: '-----BEGIN PUBLIC KEY-----</script><script>alert(1)', trustedRoot: '{}' }
  const own = createServer({
    register,
    clock,
    log: silentLog,
    trust,
    sources: { publicAddress: 'https://r.example' },
  })
  const { body, headers } = await own.inject('/verify')
  const policy = String(headers['content-security-policy'])
  assert.match(policy, /^default-src 'none'; script-src 'sha256-[^']+' 'wasm-unsafe-eval'; style-src 'sha256-/)
  assert.match(policy, /frame-ancestors 'none'$/)
  assert.equal(headers['x-content-type-options'], 'nosniff')
  assert.equal(body.match(/<script/g)?.length, 2, 'the keys, as data, and the script')
  const [, embedded = ''] = /id="embedded">(.*?)<\/script>/.exec(body) ?? []
  assert.deepEqual(JSON.parse(embedded), { from: 'https://r.example', files: [trust.signingKey, '{}'] })
  assert.match(String((await own.inject('/verify.html')).headers['content-disposition']), /^attachment/)
  for (const [path, text, type] of [
    ['/signing-key.pem', trust.signingKey, /^text\/plain/],
    ['/trusted_root.json', '{}', /^application\/json/],
  ] as const) {
    const answer = await own.inject(path)
    assert.equal(answer.body, text)
    assert.match(String(answer.headers['content-type']), type)
    assert.equal(answer.headers['cache-control'], 'public, max-age=3600')
    assert.equal((await server.inject(path)).statusCode, 404, 'nothing where nothing was made')
  }
  await own.close()
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
