import assert from 'node:assert/strict'
import { test } from 'node:test'
import { layers } from './layers.ts'
import { complaints, type Tree } from './plant.ts'

const PAGE = `
| | folder | holds |
|---|---|---|
| 1 | \`base/\` | bytes |
| 2 | \`audit/\` | rules |
| 2 | \`lineage/\` | tests |
| 3 | \`log/\` (later) | leaves |
| 4 | \`app/\` | wiring |

Parts with doors of their own: \`lineage/kit/\`.
\`verify.ts\` reaches only \`base\` and \`log\`.
`

const SOUND: Tree = {
  'ARCHITECTURE.md': PAGE,
  'src/base/index.ts': "export * from './bytes.ts'\n",
  'src/base/bytes.ts': 'export const size = 1\n',
  'src/audit/index.ts': "import { size } from '../base/index.ts'\n\nexport const rules = size\n",
  'src/lineage/index.ts': 'export const tests = 1\n',
  'src/lineage/kit/index.ts': "export { kit } from './kit.ts'\n",
  'src/lineage/kit/kit.ts': 'export const kit = 1\n',
  'src/lineage/worker.test.ts': "import '../testing/folders.ts'\n",
  'src/app/index.ts':
    "import '../verify.ts'\nimport '../lineage/kit/index.ts'\nexport { rules } from '../audit/index.ts'\n",
  'src/testing/folders.ts': "import '../app/index.ts'\n",
  'src/index.ts': "export { rules } from './app/index.ts'\n",
  'src/verify.ts': "export { size } from './base/bytes.ts'\n",
}

test('layers finds nothing in a sound tree', async (context) => {
  assert.deepEqual(await complaints(layers, context, SOUND), [])
})

const PLANTED: readonly (readonly [string, Tree, string])[] = [
  ['upwards', { 'src/base/up.ts': "import '../app/index.ts'\n" }, 'src/base/up.ts:1 base must not import from app'],
  [
    'sideways',
    { 'src/audit/a.ts': "\nimport '../lineage/index.ts'\n" },
    'src/audit/a.ts:2 audit must not import from lineage',
  ],
  [
    'of types',
    { 'src/audit/a.ts': "import type { T } from '../lineage/index.ts'\n" },
    'audit must not import from lineage',
  ],
  ['re-exported', { 'src/audit/a.ts': "export * from '../lineage/index.ts'\n" }, 'audit must not import from lineage'],
  ['at run time', { 'src/audit/a.ts': "await import('../lineage/index.ts')\n" }, 'audit must not import from lineage'],
  [
    'by URL',
    { 'src/audit/a.ts': "new URL('../lineage/x.bin', import.meta.url)\n" },
    'audit must not import from lineage',
  ],
  [
    'past the index',
    { 'src/audit/a.ts': "import '../base/bytes.ts'\n" },
    'base is entered only through src/base/index.ts',
  ],
  [
    'past a door',
    { 'src/app/a.ts': "import '../lineage/kit/kit.ts'\n" },
    'lineage is entered only through src/lineage/index.ts',
  ],
  [
    'through an index that is no door',
    { 'src/audit/rules/index.ts': 'export {}\n', 'src/app/a.ts': "import '../audit/rules/index.ts'\n" },
    'audit is entered only through src/audit/index.ts',
  ],
  [
    'upwards through a door',
    { 'src/base/a.ts': "import '../lineage/kit/index.ts'\n" },
    'base must not import from lineage',
  ],
  ['of test code', { 'src/audit/a.ts': "import '../testing/folders.ts'\n" }, 'src/testing/ is for tests only'],
  ['out of src', { 'src/audit/a.ts': "import '../../tools/check.ts'\n" }, 'tools/check.ts lies outside src/'],
  ['by the verifier', { 'src/verify.ts': "import './audit/index.ts'\n" }, 'verify.ts reaches only base, log'],
  ['of the verifier', { 'src/audit/a.ts': "import '../verify.ts'\n" }, 'no row in ARCHITECTURE.md names verify.ts'],
  ['in a test', { 'src/base/a.test.ts': "import '../app/index.ts'\n" }, 'base must not import from app'],
]

for (const [kind, tree, expected] of PLANTED) {
  test(`layers reports an import ${kind}`, async (context) => {
    const found = await complaints(layers, context, { ...SOUND, ...tree })
    assert.equal(found.length, 1)
    assert.ok(found[0]?.includes(expected), found[0])
  })
}

test('layers is not deceived by an import in a comment or a string', async (context) => {
  const quoted = `/** @example import '../app/index.ts' */\nexport const text = "import '../app/index.ts'"\n`
  const url = "// new URL('../app/index.ts', import.meta.url)\n"
  assert.deepEqual(await complaints(layers, context, { ...SOUND, 'src/base/a.ts': quoted, 'src/base/b.ts': url }), [])
})

test('layers reports a page that does not describe the tree', async (context) => {
  const found = await complaints(layers, context, {
    ...SOUND,
    'ARCHITECTURE.md': PAGE.replace('`lineage/`', '`kinship/`').replace('lineage/kit', 'lineage/seal'),
    'src/log/index.ts': 'export const leaves = 1\n',
  })
  assert.deepEqual(found.toSorted(), [
    'ARCHITECTURE.md names src/kinship/, which does not exist',
    'ARCHITECTURE.md names src/lineage/seal/index.ts, which does not exist',
    'ARCHITECTURE.md says that src/log/ comes later, but it is here',
    'src/app/index.ts:2 no row in ARCHITECTURE.md names lineage',
    'src/lineage has no row in ARCHITECTURE.md',
  ])
})

test('layers looks at nothing when the page has no table', async (context) => {
  const { plant } = await import('./plant.ts')
  assert.equal((await layers.check(plant(context, { ...SOUND, 'ARCHITECTURE.md': 'soon' }))).looked, 0)
})
