import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deadCode } from './dead-code.ts'
import { complaints } from './plant.ts'

const CONFIGURATION = JSON.stringify({ entry: ['src/index.ts'], project: ['src/**/*.ts'], exclude: ['types'] })
const MANIFEST = JSON.stringify({ name: 'planted', type: 'module', dependencies: { zod: '4.6.7' } })

const SOUND = {
  'knip.json': CONFIGURATION,
  'package.json': MANIFEST,
  'src/index.ts':
    "import { z } from 'zod'\nimport { used } from './parts.ts'\n\nexport const schema = z.literal(used)\n",
  'src/parts.ts': 'export const used = 1\n',
}

test('dead-code finds nothing in a sound tree', async (context) => {
  assert.deepEqual(await complaints(deadCode, context, SOUND), [])
})

test('dead-code reports an unused file, an unused export, an unused and an undeclared package', async (context) => {
  const found = await complaints(deadCode, context, {
    ...SOUND,
    'package.json': MANIFEST.replace('"zod"', '"yaml":"2.9.1","zod"'),
    'src/parts.ts': "import 'fastify'\n\nexport const used = 1\nexport const unused = 2\n",
    'src/lonely.ts': 'export const alone = 1\n',
  })
  assert.match(found.join('\n'), /src\/lonely\.ts nobody imports this file/)
  assert.match(found.join('\n'), /src\/parts\.ts:4 nobody imports unused/)
  assert.match(found.join('\n'), /package\.json(?::\d+)? nothing uses the dependency yaml/)
  assert.match(found.join('\n'), /src\/parts\.ts:1 package\.json does not list fastify/)
  assert.equal(found.length, 4)
})
