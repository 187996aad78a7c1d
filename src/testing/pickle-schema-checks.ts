/**
 * Schemas, with values that meet each and values that do not, as the checker understands them.
 */
import { meets, type Listing } from '../formats/pickle/checker/schemas.ts'
import { Refusal } from '../formats/pickle/checker/refusal.ts'
import type { Value } from '../formats/pickle/checker/values.ts'
import type { Signature } from '../formats/pickle/policy/signature.ts'
import { box, bytes, globalOf, int, ints, made, native, NONE, str } from './pickle-values.ts'

const LISTED: ReadonlyMap<string, Partial<Signature>> = new Map([
  ['m Type', { role: 'type', newobj: '()' }],
  ['m Bare', { role: 'type' }],
  ['m Enum', { role: 'enum' }],
  ['m make', { role: 'function', newobj: '()' }],
] as const)
const BOOL: Value = { is: 'bool', value: 1 }
const FLOAT: Value = { is: 'float' }
const STORAGE: Value = { is: 'storage', type: 'torch.FloatStorage', elements: 4 }
const FULL = made('m.Box', { items: [NONE] })
const BUILT = made('m.Box', { built: true })
const LONG = 'a'.repeat(256)
const EMPTY = box('tuple')

type Row = readonly [schema: string, met: readonly Value[], unmet: readonly Value[]]

const KINDS: readonly Row[] = [
  ['any', [NONE, int(1), EMPTY, globalOf('m.Type'), made('m.Box')], []],
  ['none', [NONE], [int(0), BOOL, str('none')]],
  ['bool', [BOOL], [int(1), NONE]],
  ['float', [FLOAT], [int(1), NONE]],
  ['bytes', [bytes(3)], [{ is: 'bytearray', length: 3 }, str('bytes')]],
  ['bytearray', [{ is: 'bytearray', length: 3 }], [bytes(3)]],
  ['storage', [STORAGE], [NONE, str('storage')]],
  ['int', [int(-1), int(0), int(Number.NaN)], [BOOL, FLOAT, str('1'), str('int'), STORAGE]],
  ['nat', [int(0), int(1)], [int(-1), int(Number.NaN), BOOL, str('nat')]],
  ['-1', [int(-1)], [int(1), int(0), BOOL, str('-1')]],
  ['12', [int(12)], [int(1), int(2), int(Number.NaN)]],
  ['a1', [], [int(1), int(Number.NaN), str('a1')]],
  ['1a', [], [int(1), int(Number.NaN), str('1a')]],
  ['float|nat', [FLOAT, int(3)], [int(-3), BOOL]],
]

const TEXTS: readonly Row[] = [
  ['str', [str('x'), str('')], [native('x'), bytes(1), NONE]],
  ['native', [native('x')], [str('x'), str('native'), bytes(1)]],
  ["'latin1'", [str('latin1'), native('latin1')], [str('latin-1'), str("'latin1'"), str(''), bytes(6)]],
  ["'a b'", [str('a b')], [str('a'), str('b')]],
  ["''", [str('')], [str('a')]],
  ["a'", [], [str(''), str('a')]],
  [
    'digits',
    [str('0'), str('-12'), str('12/34'), str('1'.repeat(1000)), str(`1/${'1'.repeat(1000)}`)],
    [str(''), str('x'), str('1e9'), str('a1'), str('1/'), str('/1'), str('1/x'), str('1/2x'), str('1'.repeat(1001))],
  ],
  [
    'name',
    [str('a'), str('_A9'), str('__a'), str('a__'), native('b'), str(LONG)],
    [str(''), str('9a'), str('a-b'), str('__a__'), str('__'), str(`${LONG}a`), str('a\n'), str('-a'), int(1)],
  ],
  ['never', [], [str('never'), str(''), str('a'), int(0), NONE]],
]

const CONTAINERS: readonly Row[] = [
  ['()', [EMPTY], [ints(1), box('list'), NONE]],
  ['(int)', [ints(1)], [EMPTY, ints(1, 2), box('list', int(1)), box('tuple', NONE)]],
  ['(int, none)', [box('tuple', int(1), NONE)], [ints(1), box('tuple', NONE, int(1)), box('frozenset', int(1), NONE)]],
  ['(int?)', [EMPTY, ints(1)], [ints(1, 2), box('tuple', NONE)]],
  ['(int, bool?)', [ints(1), box('tuple', int(1), BOOL)], [EMPTY, ints(1, 2)]],
  [
    '(int, int?, bool?)',
    [ints(1), ints(1, 2), box('tuple', int(1), int(2), BOOL)],
    [EMPTY, box('tuple', int(1), BOOL)],
  ],
  ['(int*)', [EMPTY, ints(1), ints(1, 2, 3)], [box('tuple', int(1), NONE), box('tuple', NONE), box('list', int(1))]],
  [
    '(bool, int*)',
    [box('tuple', BOOL), box('tuple', BOOL, int(1), int(2))],
    [EMPTY, ints(1), box('tuple', BOOL, BOOL)],
  ],
  ['(bool|none, (int, int))', [box('tuple', NONE, ints(1, 2))], [box('tuple', NONE, ints(1))]],
  ['()|(int)', [EMPTY, ints(3)], [ints(1, 2)]],
  ['[int]', [box('list'), box('list', int(1), int(2))], [EMPTY, box('list', int(1), NONE), box('list', NONE), NONE]],
  ['[int|none]', [box('list', int(1), NONE)], [box('list', BOOL)]],
  ['([any]?)', [EMPTY, box('tuple', box('list', NONE))], [ints(1)]],
  ['{}', [box('dict')], [box('dict', str('a'), NONE), box('list'), EMPTY, made('m.Box')]],
  ['{any: any}', [box('dict', int(1), NONE)], [box('list', int(1), NONE)]],
  [
    "{'a': int, name: bool|none}",
    [box('dict', str('a'), int(1)), box('dict', str('b'), BOOL, str('c'), NONE), box('dict')],
    [
      box('dict', str('a'), NONE),
      box('dict', str('b'), int(1)),
      box('dict', int(1), int(1)),
      box('dict', str('b'), NONE, str('a'), BOOL),
    ],
  ],
  ['{int: {name: int}}', [box('dict', int(1), box('dict', str('a'), int(2)))], [box('dict', int(1), int(2))]],
]

const NAMED: readonly Row[] = [
  ['@m.Type', [globalOf('m.Type')], [globalOf('m.Bare'), globalOf('n.Type'), made('m.Type'), str('@m.Type'), NONE]],
  ['@m-x.T', [globalOf('m-x.T')], [globalOf('m.T')]],
  [
    '@type',
    [globalOf('m.Type')],
    [globalOf('m.Bare'), globalOf('m.make'), globalOf('m.Enum'), globalOf('x.y'), made('m.Type')],
  ],
  ['@enum', [globalOf('m.Enum')], [globalOf('m.Type'), globalOf('x.y'), globalOf('.enum'), made('m.Enum')]],
  ['<m.Box>', [made('m.Box'), FULL, BUILT], [made('m.Bo'), globalOf('m.Box'), str('m.Box'), NONE]],
  ['<m.Box {}>', [made('m.Box')], [FULL, BUILT, made('m.Other'), globalOf('m.Box')]],
  ['none|<m.Box>|@m.make', [NONE, made('m.Box'), globalOf('m.make')], [globalOf('m.Box'), made('m.make')]],
]

const MALFORMED = ['(int) none', 'int]', 'int}', "'a' 'b'"]

function tryMeets(schema: string, value: Value): string {
  const listing: Listing = {
    signature: ({ module, name }) => LISTED.get(`${module} ${name}`) ?? {},
    schemas: new Map(),
  }
  try {
    const answers = new Set([meets(schema, value, listing), meets(schema, value, listing)])
    return [...answers].join()
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    return thrown.message
  }
}

/** What meets a schema and should not, or the other way round. */
export function differingSchemas(): readonly string[] {
  const rows = [...KINDS, ...TEXTS, ...CONTAINERS, ...NAMED].flatMap(([schema, met, unmet]) => [
    ...met.map((value) => ({ schema, value, wanted: 'true' })),
    ...unmet.map((value) => ({ schema, value, wanted: 'false' })),
  ])
  const malformed = MALFORMED.map((schema) => ({ schema, value: NONE, wanted: `${schema} is no schema` }))
  return [...rows, ...malformed].flatMap(({ schema, value, wanted }) => {
    const given = tryMeets(schema, value)
    return given === wanted ? [] : [`${schema} of ${JSON.stringify(value)}: ${given} instead of ${wanted}`]
  })
}
