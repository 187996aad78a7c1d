/** The published bundles for which the specification of OpenSSF Model Signing and its reference tool disagree. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { holdFiles, unreadLink } from '../../testing/manifest.ts'
import { toUtf8 } from '../encoding.ts'
import { verifyBundle, type VerificationOptions } from '../verify-bundle.ts'

interface Vector {
  readonly number: number
  readonly title: string
  readonly ours: string
  readonly key: string
  readonly bundle: object
  readonly files: Readonly<Record<string, string>>
  readonly links?: Readonly<Record<string, string>>
  readonly oneFile?: boolean
  readonly options?: Partial<VerificationOptions>
  readonly expect: { readonly verdict: string; readonly reason: string | null }
}

const FOLDER = join(import.meta.dirname, '../../../test/vectors/oms-discrepancies')
const names = readdirSync(FOLDER).filter((name) => name.endsWith('.json'))
const read = (name: string): Vector => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as Vector

function verify({ bundle, key, files, links = {}, oneFile = false, options }: Vector) {
  const unread = Object.keys(links).map(unreadLink)
  const artefact = holdFiles(files, { isOneFile: oneFile, unread })
  return verifyBundle(toUtf8(JSON.stringify(bundle)), { now: 0, publicKeyPem: key, artefact, ...options })
}

for (const name of names) {
  const vector = read(name)
  test(`verifyBundle(): discrepancy ${vector.number}, ${name}: ${vector.ours}`, async () => {
    const { verdict, reason, checks } = await verify(vector)
    assert.deepEqual({ verdict, reason }, vector.expect, JSON.stringify(checks, null, 1))
  })
}

test('verifyBundle() refuses the bundles of all discrepancies for other bytes under the same names', async () => {
  assert.deepEqual(new Set(names.map((name) => read(name).number)), new Set([1, 2, 3, 4, 5, 6, 7, 8, 9]))
  for (const vector of names.map(read).filter(({ expect }) => expect.verdict === 'pass')) {
    const files = Object.fromEntries(Object.entries(vector.files).map(([path, text]) => [path, text.toUpperCase()]))
    const { verdict, reason } = await verify({ ...vector, files })
    assert.deepEqual([verdict, reason], ['fail', 'file-changed'], vector.title)
  }
})
