/**
 * Arguments and states that a schema alone would let through, and what the checker says of each.
 *
 * The functions are called by themselves: each must refuse whatever it is given, also what no schema lets get to it.
 */
import { Refusal } from '../formats/pickle/checker/refusal.ts'
import {
  checkArrayState,
  checkBuffer,
  checkDistribution,
  checkScalar,
  checkTensor,
  persistentValue,
  sizesOf,
  wrappedArray,
} from '../formats/pickle/checker/semantics.ts'
import { isSame, type Value } from '../formats/pickle/checker/values.ts'
import { TYPE_CHECKS, type Row } from './pickle-type-checks.ts'
import { box, bytes, dtype, globalOf, int, ints, made, native, NONE, str } from './pickle-values.ts'

const UNKNOWN = 'an element type is not known'
const NO_TUPLE = 'something is no tuple'
const COUNT = 'there are not as many bytes as elements'
const F4 = dtype('f4', 4)
const OBJECT = dtype('O8', 8, true)
const SIZE = made('torch.Size', { sizes: [2, 3] })
const BOOL: Value = { is: 'bool', value: 1 }

function arrays(): readonly Row[] {
  const state = (shape: Value, type: Value, raw: Value): Value => box('tuple', int(1), shape, type, BOOL, raw)
  const unfilled = 'an array of objects is not filled'
  return [
    [() => checkArrayState(state(ints(2, 3), F4, bytes(24))), undefined],
    [() => checkArrayState(state(SIZE, F4, native('a'.repeat(24)))), undefined],
    [() => checkArrayState(state(ints(), F4, { is: 'bytearray', length: 4 })), undefined],
    [() => checkArrayState(state(ints(2, 3), F4, bytes(23))), COUNT],
    [() => checkArrayState(state(ints(1), F4, str('aaaa'))), COUNT],
    [() => checkArrayState(state(ints(1), F4, { is: 'storage', type: '', elements: 4 })), COUNT],
    [() => checkArrayState(state(box('tuple', BOOL), F4, bytes(4))), COUNT],
    [() => checkArrayState(state(ints(Number.NaN), F4, bytes(4))), COUNT],
    [() => checkArrayState(state(NONE, F4, bytes(4))), NO_TUPLE],
    [() => checkArrayState(state(made('torch.Size'), F4, bytes(4))), NO_TUPLE],
    [() => checkArrayState(state(ints(1), NONE, bytes(4))), UNKNOWN],
    [() => checkArrayState(state(ints(1), made('numpy.dtype'), bytes(4))), UNKNOWN],
    [() => checkArrayState(NONE), NO_TUPLE],
    [() => checkArrayState(ints(1)), NO_TUPLE],
    [() => checkArrayState(box('tuple', int(1), ints())), UNKNOWN],
    [() => checkArrayState(box('tuple', int(1), ints(), F4)), COUNT],
    [() => checkArrayState(box('tuple', int(1), ints(), OBJECT)), unfilled],
    [() => checkArrayState(state(ints(2), OBJECT, box('list', NONE, NONE))), undefined],
    [() => checkArrayState(state(ints(2), OBJECT, box('list', NONE))), unfilled],
    [() => checkArrayState(state(ints(2), OBJECT, ints(1, 2))), unfilled],
    [() => checkArrayState(state(ints(2), OBJECT, bytes(16))), unfilled],
    [() => checkScalar([F4, bytes(4)]), undefined],
    [() => checkScalar([F4, bytes(8)]), COUNT],
    [() => checkScalar([F4]), COUNT],
    [() => checkScalar([OBJECT, bytes(8)]), COUNT],
    [() => checkScalar([]), UNKNOWN],
    [() => checkBuffer([bytes(8), F4, ints(2)]), undefined],
    [() => checkBuffer([bytes(8), F4, ints(3)]), COUNT],
    [() => checkBuffer([bytes(8), OBJECT, ints(1)]), COUNT],
    [() => checkBuffer([]), NO_TUPLE],
    [() => sizesOf(SIZE), [2, 3]],
    [() => sizesOf(ints(4)), [4]],
    [() => sizesOf(undefined), NO_TUPLE],
  ]
}

function tensors(): readonly Row[] {
  const [plain, untyped] = ['torch.FloatStorage', 'torch.storage.UntypedStorage'].map((type): Value => ({
    is: 'storage',
    type,
    elements: 12,
  })) as [Value, Value]
  const check = (storage: Value, offset: Value, sizes: Value, strides: Value, type?: Value) => () =>
    checkTensor([storage, offset, sizes, strides, NONE, NONE, ...(type === undefined ? [] : [type])])
  const [outside, type] = ['a tensor reaches outside its storage', globalOf('torch.uint32')]
  return [
    [check(plain, int(0), ints(3, 4), ints(4, 1)), undefined],
    [check(plain, int(0), made('torch.Size', { sizes: [3, 4] }), ints(4, 1)), undefined],
    [check(plain, int(1), ints(3, 4), ints(4, 1)), outside],
    [check(plain, int(0), ints(3, 4), ints(5, 1)), outside],
    [check(plain, int(11), ints(), ints()), undefined],
    [check(plain, int(12), ints(), ints()), outside],
    [check(plain, int(12), ints(0, 9), ints(9, 9)), undefined],
    [check(plain, int(13), ints(0), ints(1)), outside],
    [check(plain, NONE, ints(1), ints(1)), outside],
    [check(plain, int(0), ints(1), ints()), 'a tensor has more sizes than strides'],
    [check(plain, int(0), ints(), ints(1)), 'a tensor has more sizes than strides'],
    [check(NONE, int(0), ints(), ints()), 'a tensor without a storage'],
    [check(plain, int(0), NONE, ints()), NO_TUPLE],
    [() => checkTensor([]), 'a tensor without a storage'],
    [check(untyped, int(0), ints(3), ints(1), type), undefined],
    [check(untyped, int(0), ints(4), ints(1), type), outside],
    [check(untyped, int(3), ints(0), ints(1), type), undefined],
    [check(untyped, int(4), ints(0), ints(1), type), outside],
    [check(untyped, int(0), ints(12), ints(1)), undefined],
    [check(untyped, int(0), ints(12), ints(1), globalOf('torch.other')), undefined],
    [check(untyped, int(0), ints(12), ints(1), made('torch.uint32')), undefined],
    [check(untyped, int(0), ints(13), ints(1)), outside],
    [check(plain, int(0), ints(12), ints(1), type), undefined],
  ]
}

function storages(): readonly Row[] {
  const float = globalOf('torch.FloatStorage')
  const id = (kind: Value, type: Value, key: Value, numel: Value, ...more: Value[]): Value =>
    box('tuple', kind, type, key, str('cpu'), numel, ...more)
  const record = (key: string): number | undefined => (key === '7' ? 16 : undefined)
  const [storage, four] = [str('storage'), int(4)]
  const taken = { is: 'storage', type: 'torch.FloatStorage', elements: 4 }
  const size = 'a storage is not of the size of its record'
  const unknown = 'a persistent id is of no known kind'
  return [
    [() => persistentValue(id(storage, float, str('7'), four), record), taken],
    [() => persistentValue(id(storage, float, int(7), four, NONE), record), taken],
    [() => persistentValue(id(storage, float, native('x'), four)), taken],
    [() => persistentValue(id(storage, float, str('8'), four), record), size],
    [() => persistentValue(id(storage, float, str('7'), int(5)), record), size],
    [() => persistentValue(id(storage, float, str('7'), int(0))), { ...taken, elements: 0 }],
    [() => persistentValue(id(storage, float, str('7'), int(-1))), 'a storage without a size'],
    [() => persistentValue(id(storage, float, str('7'), BOOL)), 'a storage without a size'],
    [() => persistentValue(box('tuple', storage, float, str('7'))), 'a storage without a size'],
    [() => persistentValue(id(storage, float, bytes(1), four)), 'a storage without a key'],
    [() => persistentValue(id(storage, float, NONE, four)), 'a storage without a key'],
    [() => persistentValue(id(storage, globalOf('torch.float32'), str('7'), four)), 'a storage of no class'],
    [() => persistentValue(id(storage, float, str('7'), four, NONE, NONE)), 'a persistent id is no storage'],
    [() => persistentValue(id(str('other'), float, str('7'), four)), 'a persistent id is no storage'],
    [() => persistentValue(id(bytes(7), float, str('7'), four)), unknown],
    [() => persistentValue(id(storage, str('x'), str('7'), four)), unknown],
    [() => persistentValue(box('tuple')), unknown],
    [() => persistentValue(box('tuple', storage)), unknown],
    [() => persistentValue(NONE), NO_TUPLE],
    [() => persistentValue(box('tuple', str('module'), float, str('a'), str('b'))), float],
    [() => persistentValue(id(str('module'), float, str('7'), four)), 'a persistent id is no storage'],
    [() => persistentValue(box('tuple', storage, float, str('7'), four)), 'a storage without a size'],
  ]
}

function states(): readonly Row[] {
  const good = `
def _parse_args(self, a,  loc=0, scale=1):
    return (a, ), loc, scale

def _parse_args_rvs(self, a,  loc=0, scale=1, size=None):
    return self._argcheck_rvs(a,  loc, scale, size=size)

def _parse_args_stats(self, a,  loc=0, scale=1, moments='mv'):
    return (a, ), loc, scale, moments
`
  const key = str('_parse_arg_template')
  const [own, no] = ['a distribution runs a text of its own', 'a state is no dict']
  const wrapper = (...more: Value[]): Value =>
    box('dict', str('subclass'), globalOf('numpy.ndarray'), str('dtype'), F4, str('shape'), ints(2), ...more)
  const aligned = str('numpy_array_alignment_bytes')
  const plain = { length: 8, objects: false, padded: false }
  const classes = ['numpy.matrix', 'numpy.memmap', 'numpy.matrixlib.defmatrix.matrix']
  const others = ['numpy.ndarray.x', 'a.numpy.ndarray', 'numpy.recarray', 'numpyxndarray.']
  return [
    [() => checkDistribution(box('dict')), undefined],
    [() => checkDistribution(box('dict', str('a'), str('b'), key, str(good))), undefined],
    [() => checkDistribution(box('dict', str('a'), key, str('b'), NONE)), undefined],
    [() => checkDistribution(box('dict', key)), undefined],
    [() => checkDistribution(box('dict', bytes(4), NONE, NONE, str('x'))), undefined],
    [() => checkDistribution(box('dict', key, str('import os'))), own],
    [() => checkDistribution(box('dict', key, str('import os'), key, str(good))), own],
    [() => checkDistribution(box('dict', native('_parse_arg_template'), NONE)), own],
    [() => checkDistribution(box('list', key, NONE)), no],
    [() => wrappedArray(wrapper()), plain],
    [() => wrappedArray(wrapper(aligned, NONE)), plain],
    [() => wrappedArray(wrapper(aligned, int(16))), { ...plain, padded: true }],
    [() => wrappedArray(wrapper(aligned, BOOL)), { ...plain, padded: true }],
    [() => wrappedArray(wrapper(aligned, str('16'))), 'an alignment that is no number'],
    [() => wrappedArray(wrapper(aligned, str('16'), aligned, NONE)), plain],
    [() => wrappedArray(wrapper(str('dtype'), OBJECT)), { length: 16, objects: true, padded: false }],
    [() => wrappedArray(wrapper(str('dtype'), NONE)), UNKNOWN],
    [() => wrappedArray(wrapper(str('shape'), NONE)), NO_TUPLE],
    ...classes.map((path): Row => [() => wrappedArray(wrapper(str('subclass'), globalOf(path))), plain]),
    ...others.map((path): Row => [
      () => wrappedArray(wrapper(str('subclass'), globalOf(path))),
      'a wrapper of no array',
    ]),
    [() => wrappedArray(wrapper(str('subclass'), made('numpy.ndarray'))), 'a wrapper of no array'],
    [() => wrappedArray(wrapper(str('subclass'), NONE)), 'a wrapper of no array'],
    [() => wrappedArray(box('dict')), 'a wrapper of no array'],
    [() => wrappedArray(box('list')), no],
  ]
}

function pairs(): readonly Row[] {
  const list = box('list')
  const same: readonly (readonly [Value, Value])[] = [
    [list, list],
    [globalOf('a.b'), globalOf('a.b')],
    [int(1), int(1)],
    [BOOL, { is: 'bool', value: 1 }],
    [box('tuple'), box('tuple')],
    [{ is: 'none' }, NONE],
    [{ is: 'float' }, { is: 'float' }],
  ]
  const different: readonly (readonly [Value, Value])[] = [
    [list, box('list')],
    [globalOf('a.b'), globalOf('a.c')],
    [globalOf('a.b'), made('a.b')],
    [int(1), int(2)],
    [int(1), BOOL],
    [BOOL, { is: 'bool', value: 0 }],
    [int(1), { is: 'bool', value: 1 }],
    [box('tuple'), ints(1)],
    [ints(1), box('tuple')],
    [ints(1), ints(1)],
    [box('tuple'), box('list')],
    [NONE, { is: 'float' }],
    [NONE, list],
    [str('a'), str('a')],
    [bytes(1), bytes(1)],
    [made('a.b'), globalOf('a.b')],
    [made('a.b'), made('a.b')],
  ]
  return [
    ...same.map(([a, b]): Row => [() => isSame(a, b), true]),
    ...different.map(([a, b]): Row => [() => isSame(a, b), false]),
  ]
}

function tryOf(judge: () => unknown): unknown {
  try {
    return judge()
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    return thrown.message
  }
}

/** What is judged otherwise than it should be. */
export function differingSemantics(): readonly string[] {
  const rows = [TYPE_CHECKS, arrays(), tensors(), storages(), states(), pairs()].flat()
  return rows.flatMap(([judge, wanted]) => {
    const [given, expected] = [tryOf(judge), wanted].map((each) => JSON.stringify(each))
    return given === expected ? [] : [`${judge.toString()}: ${given} instead of ${expected}`]
  })
}
