import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { needsShared, sharedPath } from '../../testing/folders.ts'
import { readBytes } from '../../testing/read-bytes.ts'
import { quoteName } from '../names.ts'
import { pickleReader } from './index.ts'
import { OPCODES } from './opcodes.ts'

type Op = readonly [offset: number, name: string, argument: string | number | boolean | null]
interface Vector {
  readonly name: string
  readonly hex: string
  /** A line for each opcode: offset, name, argument as JSON. */
  readonly ops: string
}

const FILE = new URL('vectors.json', import.meta.url)
const VECTORS = (JSON.parse(readFileSync(FILE, 'utf8')) as readonly Vector[]).map((vector) => ({
  ...vector,
  ops: vector.ops.split('\n').map(parseOp),
}))

function parseOp(line: string): Op {
  const [offset = '', name = '', ...rest] = line.split(' ')
  return [Number(offset), name, JSON.parse(rest.join(' ')) as Op[2]]
}

type Comparison = (theirs: string, ours: string) => boolean

const sameInteger: Comparison = (theirs, ours) => {
  const whole = theirs === 'true' ? '01' : theirs === 'false' ? '00' : theirs
  return ours.endsWith(' bytes') ? theirs.length > 80 : ours.replace(/L$/, '').slice(0, 200) === whole.slice(0, 200)
}
const sameText: Comparison = (theirs, ours) => ours === quoteName(theirs, 256)
const sameNumber: Comparison = (theirs, ours) => toNumber(theirs) === toNumber(ours)
const COMPARISONS: ReadonlyMap<string, Comparison> = new Map([
  // The escapes of protocol 0 stand in the listing as they stand in the file.
  ['UNICODE', () => true],
  ...['SHORT_BINUNICODE', 'BINUNICODE', 'BINUNICODE8'].map((name) => [name, sameText] as const),
  ...['FLOAT', 'BINFLOAT'].map((name) => [name, sameNumber] as const),
  ...['INT', 'LONG', 'LONG1', 'LONG4'].map((name) => [name, sameInteger] as const),
])

function sameArgument(name: string, theirs: Op[2], ours: string | undefined): boolean {
  if (theirs === null) return true
  const compare = COMPARISONS.get(name) ?? ((a, b) => a === b)
  return compare(String(theirs), ours ?? '')
}

function toNumber(text: string): string {
  return String(Number(text.replace(/^(-?)inf$/, '$1Infinity')))
}

for (const { name, hex, ops } of VECTORS) {
  test(`pickleReader.read() lists what CPython lists: ${name}`, () => {
    const { facts, accounting } = readBytes(pickleReader, Buffer.from(hex, 'hex'))
    const listed = facts.opcodes?.listed ?? []
    assert.deepEqual(
      listed.map((op) => [op.offset, op.name]),
      ops.map(([offset, opcode]) => [offset, opcode]),
    )
    for (const [i, [, opcode, argument]] of ops.entries())
      assert.ok(
        sameArgument(opcode, argument, listed[i]?.argument),
        `${opcode}: ${argument} and ${listed[i]?.argument}`,
      )
    assert.deepEqual([facts.opcodes?.count, accounting.complete], [ops.length, true])
  })
}

test('OPCODES all stand in the vectors and are 68', () => {
  const seen = new Set(VECTORS.flatMap(({ ops }) => ops.map(([, name]) => name)))
  assert.equal(OPCODES.length, 68)
  assert.deepEqual(
    OPCODES.map(({ name }) => name as string).filter((name) => !seen.has(name)),
    [],
  )
})

test('pickleReader.read() proves what the picklers of CPython write', () => {
  const written = VECTORS.filter(({ name }) => /, protocol \d$/.test(name) && !name.startsWith('instance'))
  assert.ok(written.length > 80)
  for (const { name, hex } of written) {
    const { codes, facts } = readBytes(pickleReader, Buffer.from(hex, 'hex'))
    const verdicts = facts.proofs?.map(({ verdict }) => verdict)
    assert.deepEqual([name, codes, facts.reading, verdicts], [name, [], 'full', ['proved']])
  }
})

const GENOPS = `
import pickletools, sys
for path in sys.argv[1:]:
    data = open(path, 'rb').read()
    try:
        for op, arg, at in pickletools.genops(data): print(at, op.name)
    except Exception as error: print('broken')
    print('end')
`

function hasPython(): boolean {
  try {
    execFileSync('python3', ['-c', 'import pickletools'])
    return true
  } catch {
    return false
  }
}

const corpus = needsShared('corpus', 'modelaudit')
const skip = corpus.skip || (hasPython() ? false : 'python3 is not installed')
test('pickleReader.read() lists the first stream of the corpus as pickletools does', { skip }, () => {
  const folder = sharedPath('corpus', 'modelaudit') ?? ''
  const files = globSync('**/*.{pkl,pickle}', { cwd: folder }).map((name) => `${folder}/${name}`)
  assert.ok(files.length > 20)
  const theirs = execFileSync('python3', ['-c', GENOPS, ...files], { maxBuffer: 1e8 })
    .toString()
    .split('end\n')
  for (const [i, path] of files.entries()) {
    const ours = readBytes(pickleReader, readFileSync(path)).facts.opcodes?.listed ?? []
    const expected = (theirs[i] ?? '')
      .trim()
      .split('\n')
      .filter((line) => line !== 'broken')
      .slice(0, 10_000)
    assert.deepEqual(
      ours.slice(0, expected.length).map(({ offset, name }) => `${offset} ${name}`),
      expected,
    )
  }
})
