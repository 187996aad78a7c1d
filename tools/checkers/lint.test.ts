import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lint } from './lint.ts'
import { complaints, plant } from './plant.ts'

const long = `${'// one of many lines\n'.repeat(300)}export const size = 1\n`
const branches = Array.from({ length: 13 }, (_, n) => `  if (n === ${n}) return ${n * n}\n`).join('')

const PLANTED: Readonly<Record<string, readonly [string, string]>> = {
  'no-floating-promises': ['floating', 'export async function open(): Promise<void> {}\nopen()\n'],
  'no-explicit-any': ['any', 'export function read(value: any): number {\n  return Number(value)\n}\n'],
  'no-default-export': ['default', 'export default 1\n'],
  'no-cycle': ['cycle', "import { b } from './other.ts'\nexport const a = (): number => b()\n"],
  'max-lines)': ['long', long],
  'max-lines-per-function': ['body', `export function read(): number {\n${'  // step\n'.repeat(60)}  return 1\n}\n`],
  complexity: ['branches', `export function square(n: number): number {\n${branches}  return 0\n}\n`],
  'max-params': [
    'params',
    'export const sum = (a: number, b: number, c: number, d: number): number => a + b + c + d\n',
  ],
  'no-unsafe-member-access': ['unsafe', "export const size = Number(JSON.parse('{}').size)\n"],
  'switch-exhaustiveness-check': [
    'switch',
    "export function rank(channel: 'green' | 'red'): number {\n  switch (channel) {\n    case 'green':\n      return 0\n  }\n  return 1\n}\n",
  ],
  'prefer-readonly': [
    'readonly',
    'export class Meter {\n  private spent = 0\n  read(): number {\n    return this.spent\n  }\n}\n',
  ],
  'no-non-null-assertion': ['bang', 'export const first = (list: readonly number[]): number => list[0]!\n'],
}

test('lint reports each planted violation by its rule', async (context) => {
  const files = Object.values(PLANTED).map(([name, text]) => [`src/${name}.ts`, text] as const)
  const other = ['src/other.ts', "import { a } from './cycle.ts'\nexport const b = (): number => a()\n"] as const
  const found = await complaints(lint, context, Object.fromEntries([...files, other]))
  for (const [rule, [name]] of Object.entries(PLANTED)) {
    const mine = found.filter((line) => line.startsWith(`src/${name}.ts`))
    assert.ok(
      mine.some((line) => line.includes(rule)),
      `${rule} in src/${name}.ts, got ${mine.join('; ')}`,
    )
  }
})

test('lint finds nothing in a sound tree, and says how many files it saw', async (context) => {
  const root = plant(context, {
    'src/sum.ts': 'export const sum = (a: number, b: number): number => a + b\n',
    'src/sum.test.ts': "import { test } from 'node:test'\n\ntest('sum() adds', () => {})\n",
  })
  assert.deepEqual(await lint.check(root), { looked: 2, violations: [] })
})
