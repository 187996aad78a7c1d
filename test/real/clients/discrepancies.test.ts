/** What the published vectors say of model_signing is what it does. */
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../../src/testing/folders.ts'
import { ModelSigning, type ModelSigningRequest } from './model-signing.ts'
import { findModelSigning } from './tools.ts'

interface Vector {
  readonly key: string
  readonly bundle: object
  readonly files: Readonly<Record<string, string>>
  readonly links?: Readonly<Record<string, string>>
  readonly oneFile?: true
  readonly measured: { readonly request?: Partial<ModelSigningRequest>; readonly accepts: boolean }
}

const FOLDER = join(import.meta.dirname, '../../vectors/oms-discrepancies')
const python = findModelSigning()
/** A chain of certificates needs another call of the tool. */
const byKey = readdirSync(FOLDER).filter((name) => name.endsWith('.json') && !name.startsWith('07-'))

test('model_signing does with the discrepancies what the vectors say', { skip: python.skip }, async (context) => {
  const client = new ModelSigning(python.path)
  for (const name of byKey) {
    const {
      key,
      bundle,
      files,
      links = {},
      oneFile,
      measured,
    } = JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Vector
    const folder = temporaryFolder(context)
    const model = join(folder, 'model')
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(model, path)), { recursive: true })
      writeFileSync(join(model, path), text)
    }
    for (const [path, target] of Object.entries(links)) symlinkSync(target, join(model, path))
    writeFileSync(join(folder, 'key.pem'), key)
    writeFileSync(join(folder, 'model.sig'), JSON.stringify(bundle))
    const { ok, why } = await client.ask({
      do: 'verify',
      model: oneFile === true ? join(model, Object.keys(files)[0] ?? '') : model,
      signature: join(folder, 'model.sig'),
      key: join(folder, 'key.pem'),
      ...measured.request,
    })
    assert.equal(ok, measured.accepts, `${name}: ${why}`)
  }
  client.close()
})
