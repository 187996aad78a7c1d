/** The docket in `serve`: on the pages of model and certificate, for programs, and at the gate. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { dossiersOf, homeWithRegister } from './home.ts'
import { jsonOf, runTidewaiter, startTidewaiter, type Run } from './program.ts'
import { assertContract } from './schemas.ts'

/** Serves a home; gives the address and how it is stopped. */
async function startServing(home: string): Promise<{ readonly address: string; readonly stop: () => Promise<Run> }> {
  const { child, ended } = startTidewaiter(['serve', '--home', home, '--port', '0'])
  let line = ''
  await new Promise<void>((done) =>
    child.stdout?.on('data', (text: string) => (line += text).includes(' at http') && done()),
  )
  const [, address = ''] = /at (http:\S+);/.exec(line) ?? []
  const stop = (): Promise<Run> => {
    child.kill('SIGINT')
    return ended
  }
  return { address, stop }
}

test('serve shows what was said, replies in what they answer, and lets no withdrawn certificate pass', async (context) => {
  const home = await homeWithRegister(context)
  const run = (...words: readonly string[]): Promise<Run> => runTidewaiter([...words, '--home', home, '--quiet'])
  assert.equal((await run('clear', 'examples/oak')).status, 0)
  const [number = ''] = dossiersOf(home)
  const [why, appeal] = [join(home, 'why.txt'), join(home, 'appeal.txt')]
  writeFileSync(why, 'Not <b>what</b> was declared.')
  writeFileSync(appeal, 'It is <script>alert(1)</script> as declared.')
  const act = ['docket', 'revoke', number, '--action', 'revoke', '--reason', 'false-statement', '--text', why]
  const revoked = jsonOf(await run(...act, '--format', 'json'))
  mkdirSync(join(home, 'vendor'), { mode: 0o700 })
  const words = ['--kind', 'appeal', '--party', 'vendor', '--text', appeal, '--signer', `file:${join(home, 'vendor')}`]
  const said = await run('docket', 'reply', number, ...words, '--to', revoked.entry, '--format', 'json')
  const reply = jsonOf(said)

  const { address, stop } = await startServing(home)
  const read = async (path: string): Promise<string> => (await fetch(`${address}${path}`)).text()
  try {
    const model = await read(`/models/${revoked.modelId}`)
    assert.match(model, /<h2 class="govuk-heading-l">Revoked<\/h2>/)
    for (const entry of [revoked.entry, reply.entry]) assert.ok(model.includes(`href="/v1/statements/${entry}"`))
    assert.match(model, /<strong>Appeal<\/strong>[^]*?by vendor/)
    assert.match(model, /“It is &lt;script&gt;alert\(1\)&lt;\/script&gt; as declared\.”/)
    assert.ok(model.indexOf(revoked.entry) < model.indexOf(reply.entry))
    const certificate = await read(`/c/${number}`)
    assert.match(certificate, /Revoked\. This certificate no longer holds/)
    assert.match(certificate, /Appeal of vendor[^]*It is &lt;script&gt;/)

    const docket = JSON.parse(await read(`/v1/dockets/${revoked.modelId}`))
    assertContract('docket', docket)
    assert.equal(docket.certificates[0].status, 'revoked')
    const statement = await read(`/v1/statements/${revoked.entry}`)
    const bundle = join(home, 'revocation.sigstore.json')
    writeFileSync(bundle, statement)
    const { stdout } = await run('verify', bundle)
    assert.match(stdout, /not checked +predicate +a revocation revoke/)
    assert.equal((await fetch(`${address}/v1/statements/${'0'.repeat(64)}`)).status, 404)
    assert.equal((await fetch(`${address}/v1/dockets/tw1:${'0'.repeat(64)}`)).status, 404)

    const answer = await fetch(`${address}/v1/gate/check`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ digests: [revoked.modelId] }),
    })
    const { answers } = (await answer.json()) as { answers: readonly object[] }
    assert.deepEqual(answers, [
      {
        digest: revoked.modelId,
        answer: 'refuse',
        reason: 'the certificate was revoked',
        certificate: number,
        model: revoked.modelId,
      },
    ])
  } finally {
    await stop()
  }
})
