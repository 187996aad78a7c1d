import assert from 'node:assert/strict'
import { test } from 'node:test'
import { effects } from './effects.ts'
import { complaints, plant } from './plant.ts'

const PAGE =
  '| effect | modules | folders |\n|---|---|---|\n| files | `fs` | `artefact`, `app` |\n| network | `http`, `net` | `app` |\n'

test('effects reports a file, a promise of a file and a socket where they do not belong', async (context) => {
  const found = await complaints(effects, context, {
    'ARCHITECTURE.md': PAGE,
    'src/artefact/a.ts': "import { readFileSync } from 'node:fs'\nimport 'node:path'\n",
    'src/audit/b.ts': "\nimport { readFile } from 'node:fs/promises'\n",
    'src/artefact/c.ts': "await import('node:net')\n",
    'src/audit/b.test.ts': "import 'node:fs'\n",
  })
  assert.deepEqual(found, [
    'src/artefact/c.ts:1 network (node:net) belongs to app',
    'src/audit/b.ts:2 files (node:fs/promises) belongs to artefact, app',
  ])
})

test('effects looks at nothing when the page has no table', async (context) => {
  assert.equal((await effects.check(plant(context, { 'src/a/b.ts': '' }))).looked, 0)
})
