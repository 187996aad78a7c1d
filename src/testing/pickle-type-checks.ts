/**
 * NumPy's element types, of their codes and states: what the checker makes of each.
 */
import { dtypeOf, dtypeWithState } from '../formats/pickle/checker/semantics.ts'
import type { ElementType, Value } from '../formats/pickle/checker/values.ts'
import { box, bytes, dtype, globalOf, int, ints, made, native, NONE, str } from './pickle-values.ts'

/** What is judged, and the reason or the result that is to come of it. */
export type Row = readonly [judge: () => unknown, wanted: unknown]

const UNKNOWN = 'an element type is not known'
const NO_TUPLE = 'something is no tuple'
const F4 = dtype('f4', 4)
const OBJECT = dtype('O8', 8, true)
const SIZE = made('torch.Size', { sizes: [2, 3] })

function codes(): readonly Row[] {
  const known: readonly (readonly [code: string, size: number, plain?: string])[] = [
    ...['b1', 'i1', 'u1'].map((code) => [code, 1] as const),
    ...['i8', 'u8', 'f8', 'c8', 'M8', 'm8'].map((code) => [code, 8] as const),
    ['f12', 12],
    ['f16', 16],
    ['c16', 16],
    ['c24', 24],
    ['c32', 32],
    ['f2', 2],
    ['f4', 4],
    ['<i4', 4, 'i4'],
    ['>i2', 2, 'i2'],
    ['|S12', 12, 'S12'],
    ['=V0', 0, 'V0'],
    ['U3', 12],
    ['U123456789', 493_827_156],
    ['S123456789', 123_456_789],
  ]
  const unknown = [
    '',
    'x4',
    'i3',
    'f3',
    'b2',
    'i',
    'V',
    'O2',
    'U1234567890',
    'S1234567890',
    '<<i4',
    'xi4',
    'i4x',
    '^i4',
    'M4',
  ]
  return [
    ...known.map(([code, size, plain = code]): Row => [
      () => dtypeOf([str(code)]),
      { code: plain, size, objects: false },
    ]),
    ...['O', 'O4', 'O8'].map((code): Row => [() => dtypeOf([native(code)]), { code, size: 8, objects: true }]),
    ...unknown.map((code): Row => [() => dtypeOf([str(code)]), 'no code of an element type']),
    [() => dtypeOf([]), 'no code of an element type'],
    [() => dtypeOf([bytes(2)]), 'no code of an element type'],
    [() => dtypeOf([globalOf('numpy.record')]), { code: 'V', size: 0, objects: false }],
  ]
}

interface State {
  readonly order?: Value
  readonly base?: Value
  readonly fields?: Value
  readonly size?: Value
  readonly flags?: Value
}

function stateOf({ order = str('<'), base = NONE, fields = NONE, size = int(-1), flags = int(0) }: State): Value {
  return box('tuple', int(3), order, base, NONE, fields, size, int(-1), flags)
}

function shaped(type: ElementType, state: State, wanted: string | Partial<ElementType>): Row {
  const result = typeof wanted === 'string' ? wanted : { ...type, ...wanted }
  return [() => dtypeWithState(made('numpy.dtype', { dtype: type }), stateOf(state)), result]
}

function sizedTypes(): readonly Row[] {
  const [i4, s3, record] = [
    { code: 'i4', size: 4, objects: false },
    { code: 'S3', size: 3, objects: false },
    { code: 'V', size: 0, objects: false },
  ]
  const object = { code: 'O8', size: 8, objects: true }
  const [wrong, flagged] = ['the size of a type is not that of its code', 'the flags of a type do not fit it']
  return [
    [() => dtypeWithState(made('numpy.dtype'), stateOf({})), UNKNOWN],
    [() => dtypeWithState(F4, NONE), NO_TUPLE],
    [() => dtypeWithState(F4, box('tuple')), 'no byte order'],
    [() => dtypeWithState(F4, box('tuple', int(3), str('<'), NONE, NONE, NONE)), wrong],
    ...['<', '>', '|', '='].map((order) => shaped(i4, { order: native(order) }, {})),
    ...['', '<<', '< ', ' <', 'x'].map((order) => shaped(i4, { order: str(order) }, 'no byte order')),
    shaped(i4, { order: bytes(1) }, 'no byte order'),
    shaped(i4, { size: int(4) }, {}),
    shaped(i4, { size: int(3) }, wrong),
    shaped(i4, { size: int(-2) }, wrong),
    shaped(i4, { size: NONE }, wrong),
    shaped(s3, { size: int(3) }, {}),
    shaped(s3, { size: int(-1) }, wrong),
    shaped(s3, { size: int(4) }, wrong),
    shaped({ ...s3, code: 'U3', size: 12 }, { size: int(-1) }, wrong),
    shaped({ ...s3, code: 'V3' }, { size: int(-1) }, wrong),
    shaped({ ...i4, code: 'iS' }, { size: int(-1) }, {}),
    shaped(record, { size: int(0) }, {}),
    shaped(record, { size: int(12) }, { size: 12 }),
    shaped(record, { size: int(-1) }, wrong),
    shaped(i4, { flags: int(8) }, {}),
    ...[1, 2, 4, 7, 63].map((flags) => shaped(i4, { flags: int(flags) }, flagged)),
    shaped(object, { flags: int(63) }, {}),
    shaped(object, { flags: int(27) }, flagged),
    shaped(object, { flags: NONE }, flagged),
  ]
}

function structuredTypes(): readonly Row[] {
  const record = { code: 'V', size: 0, objects: false }
  const field = (type: Value, at: Value): Value => box('tuple', type, at)
  const fields = (...all: readonly Value[]): Value => box('dict', ...all.flatMap((each) => [str('x'), each]))
  const outside = 'a field reaches outside its type'
  const [size, unfilled] = [int(8), 'the base of a type does not fill it']
  return [
    shaped(record, { size, base: field(F4, int(2)) }, { size: 8 }),
    shaped(record, { size, base: field(F4, ints(2, 1)) }, { size: 8 }),
    shaped(record, { size, base: field(F4, SIZE) }, unfilled),
    shaped(record, { size, base: field(F4, int(3)) }, unfilled),
    shaped(record, { size: int(0), base: field(F4, int(0)) }, { size: 0 }),
    shaped(record, { size, base: box('tuple', F4) }, NO_TUPLE),
    shaped(record, { size, base: box('tuple') }, UNKNOWN),
    shaped(record, { size, base: field(OBJECT, int(1)), flags: int(27) }, { size: 8, objects: true }),
    shaped(record, { size, base: field(OBJECT, int(1)) }, 'the flags of a type do not fit it'),
    shaped(record, { size, base: field(OBJECT, int(1)), flags: int(2) }, 'the flags of a type do not fit it'),
    shaped(record, { size, fields: fields(field(F4, int(0)), field(F4, int(4))) }, { size: 8 }),
    shaped(record, { size, fields: fields(field(F4, int(0)), field(F4, int(5))) }, outside),
    shaped(record, { size, fields: fields(field(F4, int(-1))) }, outside),
    shaped(record, { size, fields: fields(field(F4, NONE)) }, outside),
    shaped(record, { size, fields: fields(box('tuple', F4)) }, outside),
    shaped(record, { size, fields: fields(NONE) }, NO_TUPLE),
    shaped(record, { size, fields: fields(field(NONE, int(0))) }, UNKNOWN),
    shaped(
      record,
      { size, fields: fields(field(F4, int(4)), field(OBJECT, int(0))), flags: int(3) },
      { size: 8, objects: true },
    ),
    shaped(
      record,
      { size, fields: fields(field(F4, int(4)), field(OBJECT, int(0))) },
      'the flags of a type do not fit it',
    ),
    shaped(record, { size, fields: box('list', field(F4, int(9))) }, { size: 8 }),
  ]
}

/** Rows of `differingSemantics()`. */
export const TYPE_CHECKS: readonly Row[] = [...codes(), ...sizedTypes(), ...structuredTypes()]
