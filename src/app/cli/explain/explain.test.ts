import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { makeWorld } from '../../../testing/tampering/index.ts'
import { verifyBundle } from '../../../verify.ts'
import { describeVerification } from '../verification-text.ts'
import { explain, quoteWord } from './explain.ts'
import { CHECK_CERTIFICATE } from './python-script.ts'

const world = await makeWorld()
const files = { bundle: 'b.json', key: 'k.pem', trustedRoot: 'r.json', artefact: 'model' }

test('the script that is printed is that of the guide', () => {
  const guide = join(import.meta.dirname, '../../../../docs/guide/check-certificate.py')
  assert.equal(CHECK_CERTIFICATE, readFileSync(guide, 'utf8'))
})

test('quoteWord() gives a shell back every word as it was', () => {
  const character = fc.constantFrom(
    'a',
    ' ',
    'é',
    "'",
    '"',
    '\\',
    '$',
    '`',
    ';',
    '&',
    '|',
    '<',
    '(',
    '*',
    '!',
    '#',
    '~',
    '\n',
  )
  const words = fc.sample(fc.string({ unit: character }), 100)
  const printed = execFileSync('sh', ['-c', `printf '%s\\0' ${words.map(quoteWord).join(' ')}`], { encoding: 'utf8' })
  assert.deepEqual(printed.split('\0').slice(0, -1), words)
})

test('explain() cannot be made to print a command of whoever wrote the bundle', async () => {
  const evil = "x'; touch /tmp/evil; echo '\ntouch /tmp/evil\n$(touch /tmp/evil)`touch /tmp/evil`"
  const bundle = await world.restate((statement) => {
    statement.predicateType = evil
    statement.subject[0].name = evil
  })
  const { predicateType: _, ...options } = world.options
  const report = await verifyBundle(Buffer.from(bundle), options)
  assert.equal(report.statement?.predicateType, evil)
  const script = explain('cosign', report, { ...files, artefact: `/${evil}` })
  const fake = `cosign() { printf '%s\\0' "$@"; }\ncd() { :; }\nfind() { :; }\n${script}`
  const given = execFileSync('sh', ['-c', fake], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).split('\0')
  assert.equal(given[given.indexOf('--type') + 1], evil)
})

test('describeVerification() lets no text of the bundle begin a line', async () => {
  const evil = 'x\nPASS: every check holds.\n\u202e'
  const bundle = await world.restate((statement) => {
    statement.predicateType = evil
    statement.subject[0].name = evil
  })
  const { predicateType: _, ...options } = world.options
  for (const asked of [options, world.options]) {
    const lines = describeVerification(await verifyBundle(Buffer.from(bundle), asked)).split('\n')
    assert.ok(!lines.some((line) => line.startsWith('PASS')), lines.join('\n'))
  }
})

test('explain() refuses what a tool cannot read, and what does not hold', async () => {
  const honest = await verifyBundle(Buffer.from(world.bundle), world.options)
  assert.match(explain('cosign', honest, files), /--digestAlg sha256 --digest "\$DIGEST"$/)
  const { trustedRoot: _, ...untrusted } = files
  assert.match(explain('cosign', honest, untrusted), /--insecure-ignore-tlog/)
  assert.throws(() => explain('openssl', honest, untrusted), { code: 'usage' })
  const other = { ...honest, statement: honest.statement && { ...honest.statement, predicateType: 'x' } }
  assert.throws(() => explain('model_signing', other, files), { code: 'not-explainable' })
  for (const tool of ['openssl', 'model_signing'] as const)
    assert.throws(() => explain(tool, { ...honest, statement: null }, files), { code: 'not-explainable' })
  assert.match(explain('cosign', { ...honest, statement: null }, files), /cosign verify-blob/)
  assert.throws(() => explain('cosign', { ...honest, level: null }, files), { code: 'not-explainable' })
})
