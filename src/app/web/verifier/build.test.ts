import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { temporaryFolder } from '../../../testing/folders.ts'
import { bundleForBrowser } from './build.ts'

const VERIFIER = resolve(import.meta.dirname, '../../../verify.ts')
const MOST_BYTES = 60 * 1024

test('bundleForBrowser() makes of the public verifier a module of at most 60 KB gzipped, without an import', async (context) => {
  const text = await bundleForBrowser({ entry: VERIFIER, format: 'esm' })
  const { length } = gzipSync(text, { level: 9 })
  context.diagnostic(`${text.length} bytes, ${length} gzipped`)
  assert.ok(length <= MOST_BYTES, `${length} bytes`)
  assert.doesNotMatch(text, /\bimport\s*[("'{*]|\brequire\(|node:/)
  const names = Object.keys((await import(`data:text/javascript,${encodeURIComponent(text)}`)) as object)
  assert.deepEqual(names.toSorted(), Object.keys(await import('../../../verify.ts')).toSorted())
})

test('bundleForBrowser() refuses a module that needs Node', async (context) => {
  const entry = join(temporaryFolder(context), 'needs-node.ts')
  writeFileSync(entry, "import { readFileSync } from 'node:fs'\nexport const read = () => readFileSync('x')\n")
  await assert.rejects(bundleForBrowser({ entry, format: 'esm' }), /needs node:fs, which no browser has/)
})
