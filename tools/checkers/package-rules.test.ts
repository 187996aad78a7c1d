import assert from 'node:assert/strict'
import { test } from 'node:test'
import { packageRules } from './package-rules.ts'
import { complaints } from './plant.ts'

const LOCK = { packages: { '': {}, 'node_modules/zod': { version: '4.6.7', integrity: 'sha512-x' } } }
const MANIFEST = {
  scripts: { test: 'node --test' },
  dependencies: { zod: '4.6.7' },
  devDependencies: { ajv: '8.20.0' },
}

function tree(
  manifest: object,
  lock: object,
  source = "import 'zod'\nimport 'node:fs'\nimport 'fs/promises'\n",
): Record<string, string> {
  return {
    'package.json': JSON.stringify({ ...MANIFEST, ...manifest }),
    'package-lock.json': JSON.stringify(lock),
    'src/a.ts': source,
    'src/a.test.ts': "import 'ajv'\n",
  }
}

test('package finds nothing in a sound package', async (context) => {
  assert.deepEqual(await complaints(packageRules, context, tree({}, LOCK)), [])
})

test('package reports a loose version and a long script', async (context) => {
  const manifest = { dependencies: { zod: '^4.6.7' }, scripts: { build: 'a b c d e f g h i j' } }
  assert.deepEqual(await complaints(packageRules, context, tree(manifest, LOCK)), [
    'package.json zod: ^4.6.7 is not an exact version',
    'package.json the script build has ten words or more; move it into tools/',
  ])
})

test('package reports a script at install time unless allowScripts speaks of it', async (context) => {
  const lock = {
    packages: { '': {}, 'node_modules/a/node_modules/@b/c': { integrity: 'sha512-x', hasInstallScript: true } },
  }
  assert.match((await complaints(packageRules, context, tree({}, lock)))[0] ?? '', /wants to run a script/)
  assert.deepEqual(await complaints(packageRules, context, tree({ allowScripts: { '@b/c': false } }, lock)), [])
})

test('package reports a locked package without integrity', async (context) => {
  const lock = { packages: { '': {}, 'node_modules/zod': { version: '4.6.7' } } }
  assert.deepEqual(await complaints(packageRules, context, tree({}, lock)), [
    'package-lock.json node_modules/zod has no integrity',
  ])
})

test('package reports published code that imports a development dependency', async (context) => {
  assert.deepEqual(await complaints(packageRules, context, tree({}, LOCK, "import 'ajv/dist/2020.js'\n")), [
    'src/a.ts:1 ajv is not among the dependencies',
  ])
})
