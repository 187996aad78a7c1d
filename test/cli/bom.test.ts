/** `tidewaiter bom`: the bill of what was cleared, and back from the bill to the model. */
import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { homeWithRegister } from './home.ts'
import { jsonOf, runTidewaiter } from './program.ts'
import { assertContract } from './schemas.ts'

test('a cleared model has a bill in each format, which names that model and no other', async (context) => {
  const home = await homeWithRegister(context)
  const cleared = jsonOf(await runTidewaiter(['clear', 'examples/oak', '--home', home, '--format', 'json', '--quiet']))
  const number = String((cleared['certificate'] as Record<string, unknown>)['number'])
  for (const format of ['cyclonedx-1.6', 'cyclonedx-1.7', 'spdx-3.0.1']) {
    const out = join(home, `${format}.json`)
    const made = await runTidewaiter(['bom', number, '--as', format, '--out', out, '--home', home])
    assert.equal(made.status, 0, made.stderr)
    const check = (ref: string): ReturnType<typeof runTidewaiter> =>
      runTidewaiter(['bom', '--check', out, '--artefact', ref, '--home', home, '--format', 'json', '--quiet'])
    const same = await check('examples/oak')
    assertContract('bill-check', jsonOf(same))
    assert.equal(same.status, 0)
    assert.equal(jsonOf(same)['modelId'], jsonOf(same)['claimed'])
    assert.equal((await check('examples/birch')).status, 1)
  }
  await refusesWhatWasNotCertified(home, number)
  await takesTheKeyFromWhereTheSignerIs(home, number)
})

/** The signer in another folder than the home's, and elsewhere altogether. */
async function takesTheKeyFromWhereTheSignerIs(home: string, number: string): Promise<void> {
  const [keys, other] = [join(home, 'keys'), join(home, 'other')]
  mkdirSync(other)
  renameSync(join(keys, 'signing-key.pub.pem'), join(other, 'signing-key.pub.pem'))
  const makeBy = (signer: string): ReturnType<typeof runTidewaiter> =>
    runTidewaiter(['bom', number, '--home', home], { env: { TIDEWAITER_SIGNER: signer } })
  assert.equal((await makeBy(`file:${other}`)).status, 0)
  assert.equal((await makeBy('hashivault://mot')).status, 2)
  writeFileSync(join(keys, `signer-${'0'.repeat(16)}.pub.pem`), readFileSync(join(other, 'signing-key.pub.pem')))
  assert.equal((await makeBy('hashivault://mot')).status, 0)
}

/** The folder of the dossier, changed after it was certified. */
async function refusesWhatWasNotCertified(home: string, number: string): Promise<void> {
  const folder = join(home, 'dossiers', number)
  const changed = join(home, 'changed')
  mkdirSync(changed)
  for (const name of ['dossier.json', 'facts.json', 'certificate.sigstore.json'])
    writeFileSync(join(changed, name), readFileSync(join(folder, name)))
  for (const name of ['dossier.json', 'facts.json']) {
    const text = readFileSync(join(folder, name), 'utf8')
    writeFileSync(join(changed, name), text.replace('model.safetensors', 'model.safetensorz'))
    const refused = await runTidewaiter(['bom', changed, '--home', home])
    assert.equal(refused.status, 1)
    assert.match(refused.stderr, /not (the one|those) that (was|were) certified/)
    writeFileSync(join(changed, name), text)
  }
  const other = await runTidewaiter(['bom', folder, '--key', 'package.json', '--home', home])
  assert.equal(other.status, 1)
  const words = [['bom', folder, '--as', 'xml'], ['bom', folder, '--artefact', 'examples/oak'], ['bom']]
  for (const wrong of words) assert.equal((await runTidewaiter([...wrong, '--home', home])).status, 2, wrong.join(' '))
}
