/** The compact token of a certificate: issued by clear, kept, and checked offline by the program. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openRegister } from '../../src/register/index.ts'
import { systemClock } from '../../src/base/index.ts'
import { homeWithRegister } from './home.ts'
import { assertFault, jsonOf, runTidewaiter } from './program.ts'
import { assertContract } from './schemas.ts'

const undo: (() => void)[] = []
let home: string
let folder: string
let code: string

before(async () => {
  home = await homeWithRegister({ after: (each) => void undo.push(each) })
  const env = { TIDEWAITER_PUBLIC_ADDRESS: 'https://register.example' }
  const run = await runTidewaiter(['clear', 'examples/oak', '--home', home, '--format', 'json', '--quiet'], { env })
  folder = jsonOf(run).dossier.path
  code = readFileSync(join(folder, 'token.txt'), 'utf8').trim()
})

after(() => {
  for (const each of undo) each()
})

async function check(token: string, words: readonly string[] = []) {
  const run = await runTidewaiter(['verify', '--token', token, '--home', home, '--format', 'json', ...words, '--quiet'])
  const report = jsonOf(run)
  assertContract('token-check', report)
  return { came: `${run.status} ${report.verdict} ${report.reason}`, report }
}

test('clear keeps a token in the dossier and the register, and the report names its address', async () => {
  assert.match(code, /^https:\/\/register\.example\/c\/260000000012#[\w-]{130}$/)
  assert.ok(readFileSync(join(folder, 'report.html'), 'utf8').includes(code))
  const makeId = (): string => '0'
  const register = await openRegister({ place: { folder: join(home, 'register') }, clock: systemClock, makeId })
  assert.equal(await register.findToken('260000000012'), code.split('#')[1])
  assert.equal(await register.findToken('260000000021'), undefined)
  await register.close()
})

test('verify --token checks an address or a token, and is never more than partial without a status', async () => {
  const [, token = ''] = code.split('#')
  assert.equal((await check(code)).came, '5 partial no-artefact')
  const { came, report } = await check(token, ['--artefact', 'examples/oak'])
  assert.equal(came, '5 partial status-unknown')
  const certificate = JSON.parse(readFileSync(join(folder, 'certificate.sigstore.json'), 'utf8'))
  const { predicate } = JSON.parse(Buffer.from(certificate.dsseEnvelope.payload, 'base64').toString())
  const { number, decision: result, expiresOn, statusIndex } = predicate
  assert.deepEqual(
    { ...report.token, model: 0, keyPrefix: 0 },
    { number, result, expiresOn, statusIndex: statusIndex.index, model: 0, keyPrefix: 0 },
  )
})

test('verify --token refuses another model, another key, another number and a changed token', async () => {
  const other = join(home, 'other.pem')
  writeFileSync(
    other,
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }),
  )
  assert.equal((await check(code, ['--artefact', 'examples/birch'])).came, '1 fail subject-mismatch')
  assert.equal((await check(code, ['--key', other])).came, '1 fail hint')
  assert.equal((await check(code.replace('260000000012', '260000000021'))).came, '2 malformed number-mismatch')
  const turned = code.at(-5) === 'A' ? 'B' : 'A'
  assert.equal((await check(`${code.slice(0, -5)}${turned}${code.slice(-4)}`)).report.token, null)
})

test('verify takes a certificate or a token, one of them', async () => {
  assertFault(await runTidewaiter(['verify', '--home', home]), 'usage', 2)
  assertFault(await runTidewaiter(['verify', 'a.json', '--token', code, '--home', home]), 'usage', 2)
  const { stdout } = await runTidewaiter(['verify', '--token', code, '--home', home])
  assert.match(stdout, /The token says: cleared, certificate 260000000012.*\nPARTIAL \(no-artefact\)/)
})
