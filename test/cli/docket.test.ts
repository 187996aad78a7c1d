/** `tidewaiter docket`: what was said of a model, what becomes of a certificate, and that no reply can be hidden. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { systemClock, systemRandomness, uuidv7 } from '../../src/base/index.ts'
import { openRegister, type Register } from '../../src/register/index.ts'
import { dossiersOf, homeWithRegister } from './home.ts'
import { assertFault, jsonOf, runTidewaiter, type Run } from './program.ts'
import { assertContract } from './schemas.ts'

async function withRegister(home: string, work: (register: Register) => Promise<unknown>): Promise<void> {
  const options = { clock: systemClock, makeId: uuidv7(systemClock, systemRandomness) }
  const register = await openRegister({ place: { folder: join(home, 'register') }, ...options })
  await work(register)
  await register.close()
}

test('docket: a suspension with its appeal beside it, a revocation for good, by the right keys only', async (context) => {
  const home = await homeWithRegister(context)
  const run = (...words: readonly string[]): Promise<Run> => runTidewaiter([...words, '--home', home, '--quiet'])
  const docket = (...words: readonly string[]): Promise<Run> => run('docket', ...words, '--format', 'json')
  assert.equal((await run('clear', 'examples/oak')).status, 0)
  const [number = ''] = dossiersOf(home)
  const [why, appeal] = [join(home, 'why.txt'), join(home, 'appeal.txt')]
  writeFileSync(why, 'The declared data is not what it was trained on.')
  writeFileSync(appeal, 'It is; see annex 3.')

  const stranger = ['--signer', `file:${join(home, 'stranger')}`]
  const withdrawal = ['revoke', number, '--action', 'revoke', '--reason', 'withdrawn']
  assertFault(await docket(...withdrawal, ...stranger), 'role')
  const suspend = jsonOf(
    await docket('revoke', number, '--action', 'suspend', '--reason', 'new-evidence', '--text', why),
  )
  assertContract('docket-said', suspend)
  const words = ['--kind', 'appeal', '--party', 'vendor', '--text', appeal, '--to', suspend.entry.slice(0, 16)]
  const reply = jsonOf(await docket('reply', number, ...words, ...stranger))
  assertContract('docket-said', reply)

  const suspended = jsonOf(await docket('show', number))
  assertContract('docket', suspended)
  assert.deepEqual(suspended.certificates[0].status, 'suspended')
  assert.equal(suspended.certificates[0].cause, suspend.entry)
  const revocation = suspended.statements.find(({ kind }: { kind: string }) => kind === 'revocation')
  assert.deepEqual(
    [revocation.reason, revocation.text.words],
    ['new-evidence', 'The declared data is not what it was trained on.'],
  )
  assert.deepEqual([revocation.replies[0].entry, revocation.replies[0].name], [reply.entry, 'vendor'])
  assert.equal(suspended.length, 4, 'what the stranger wanted to revoke is not in the log')

  assert.equal((await docket('revoke', number, '--action', 'reinstate', '--reason', 'appeal')).status, 0)
  assert.equal(jsonOf(await docket('show', 'oak')).certificates[0].status, 'valid')
  assert.equal((await docket('revoke', number, '--action', 'revoke', '--reason', 'false-statement')).status, 0)
  assertFault(await docket('revoke', number, '--action', 'reinstate', '--reason', 'appeal'), 'status-transition')
  assert.equal(jsonOf(await docket('show', suspend.modelId)).certificates[0].status, 'revoked')

  const erased = jsonOf(await docket('erase', revocation.text.digest))
  assertContract('text-erased', erased)
  assertFault(await docket('erase', revocation.text.digest), 'no-such-text')
  await withRegister(home, async ({ logDatabase, statements }) => {
    await sql`delete from docket_statement where leaf_hash = ${reply.entry}`.execute(logDatabase)
    const certificate = await statements.findCertificate(number)
    await sql`update docket_statement set bundle = ${certificate?.bundle} where leaf_hash = ${suspend.entry}`.execute(
      logDatabase,
    )
  })
  const { stdout } = await run('docket', 'show', number)
  assert.match(stdout, /REVOKED since/)
  assert.match(stdout, /its text was erased; salted SHA-256/)
  const lines = stdout.split('\n')
  const hidden = lines.findIndex((line) => line.includes(reply.entry.slice(0, 16)))
  assert.match(lines[hidden - 1] ?? '', /└ 3 .* appeal to/, 'a reply that was taken out of the register is shown')
  assert.equal(stdout.match(/the register does not hold this statement; the log does/g)?.length, 2)
})

test('docket says what is wrong with a call', async (context) => {
  const home = await homeWithRegister(context)
  const docket = (...words: readonly string[]): Promise<Run> => runTidewaiter(['docket', ...words, '--home', home])
  const number = '260000000012'
  for (const words of [
    ['forget', number],
    ['show'],
    ['revoke', number, '--reason', 'withdrawn'],
    ['revoke', number, '--action', 'revoke', '--reason', 'because'],
    ['reply', number, '--kind', 'outcome'],
    ['erase', 'abc'],
  ])
    assertFault(await docket(...words), 'usage', 2)
  assertFault(await docket('show', number), 'no-such-certificate')
  assertFault(await docket('show', '260000000013'), 'certificate-number')
  assertFault(await docket('show', 'nothing'), 'no-such-model')
})
