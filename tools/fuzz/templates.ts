/**
 * Data of the libraries, rebuilt as their picklers rebuild it: what a policy knows and a proof may pass.
 */
import type { Writer } from './writer.ts'

/** Writes one object. */
type Template = (writer: Writer) => void

function call(writer: Writer, name: readonly [string, string], args: readonly (() => void)[]): void {
  writer.global(name)
  writer.tuple(args)
  writer.add('REDUCE')
  writer.memoise()
}

function ints(writer: Writer, values: readonly number[]): void {
  writer.tuple(values.map((value) => () => writer.int(BigInt(value))))
}

function orderedDict(writer: Writer): void {
  call(writer, ['collections', 'OrderedDict'], [])
  const count = writer.random.int(3)
  writer.setItems(
    Array.from({ length: count }, (_, i) => [() => writer.text(`layers.${i}`), () => writer.value(1)] as const),
  )
}

function dtype(writer: Writer): void {
  const kind = writer.random.pick(['f8', 'f4', 'i8', 'u1', 'b1', 'O8', 'U3', 'V8'])
  call(
    writer,
    ['numpy', 'dtype'],
    [
      () => writer.text(kind),
      () => writer.add(writer.manner.protocol >= 2 ? 'NEWFALSE' : 'INT', writer.manner.protocol >= 2 ? '' : '00\n'),
      () => writer.add(writer.manner.protocol >= 2 ? 'NEWTRUE' : 'INT', writer.manner.protocol >= 2 ? '' : '01\n'),
    ],
  )
  writer.tuple([
    () => writer.int(3n),
    () => writer.text(writer.random.pick(['<', '|', '>'])),
    () => writer.add('NONE'),
    () => writer.add('NONE'),
    () => writer.add('NONE'),
    () => writer.int(-1n),
    () => writer.int(-1n),
    () => writer.int(0n),
  ])
  writer.add('BUILD')
}

function multiarray(writer: Writer, name: string): readonly [string, string] {
  return [writer.random.pick(['numpy.core.multiarray', 'numpy._core.multiarray']), name]
}

function rawBytes(writer: Writer, length: number): void {
  if (writer.manner.protocol < 3)
    call(writer, ['_codecs', 'encode'], [() => writer.text('a'.repeat(length)), () => writer.text('latin1')])
  else {
    writer.add('SHORT_BINBYTES', Uint8Array.from([length, ...Array.from({ length }, (_, i) => i)]))
    writer.memoise()
  }
}

function scalar(writer: Writer): void {
  call(writer, multiarray(writer, 'scalar'), [() => dtype(writer), () => rawBytes(writer, 8)])
}

function array(writer: Writer): void {
  call(writer, multiarray(writer, '_reconstruct'), [
    () => writer.global(['numpy', 'ndarray']),
    () => ints(writer, [0]),
    () => rawBytes(writer, 1),
  ])
  writer.tuple([
    () => writer.int(1n),
    () => ints(writer, [writer.random.pick([2, 2, 2, 3])]),
    () => dtype(writer),
    () => writer.add(writer.manner.protocol >= 2 ? 'NEWFALSE' : 'INT', writer.manner.protocol >= 2 ? '' : '00\n'),
    () => (writer.random.oneIn(4) ? writer.list([() => writer.value(1), () => writer.value(1)]) : rawBytes(writer, 16)),
  ])
  writer.add('BUILD')
}

function complex(writer: Writer): void {
  const module = writer.manner.protocol < 3 ? '__builtin__' : 'builtins'
  call(writer, [module, 'complex'], [() => writer.float(1.5), () => writer.float(-2)])
}

function plainObject(writer: Writer): void {
  const name = writer.random.pick([
    ['sklearn.preprocessing._data', 'StandardScaler'],
    ['sklearn.linear_model._logistic', 'LogisticRegression'],
    ['types', 'SimpleNamespace'],
  ] as const)
  if (writer.manner.protocol < 2)
    call(
      writer,
      ['copy_reg', '_reconstructor'],
      [() => writer.global(name), () => writer.global(['__builtin__', 'object']), () => writer.add('NONE')],
    )
  else {
    writer.global(name)
    writer.add('EMPTY_TUPLE')
    writer.add('NEWOBJ')
    writer.memoise()
  }
  writer.dict([
    [() => writer.text('mean_'), () => writer.value(1)],
    [() => writer.text(writer.random.pick(['with_std', '__class__', '_x'])), () => writer.value(1)],
  ])
  writer.add('BUILD')
}

function tensor(writer: Writer): void {
  if (!writer.manner.persistent) return orderedDict(writer)
  call(
    writer,
    ['torch._utils', '_rebuild_tensor_v2'],
    [
      () => {
        writer.tuple([
          () => writer.text('storage'),
          () => writer.global(['torch', 'FloatStorage']),
          () => writer.text(String(writer.random.int(3))),
          () => writer.text('cpu'),
          () => writer.int(4n),
        ])
        writer.add('BINPERSID')
      },
      () => writer.int(BigInt(writer.random.pick([0, 0, 0, 1, -1]))),
      () => ints(writer, writer.random.pick([[2, 2], [4], [1, 4], [8]])),
      () => ints(writer, writer.random.pick([[2, 1], [1], [4, 1], [1]])),
      () => writer.add('NEWFALSE'),
      () => call(writer, ['collections', 'OrderedDict'], []),
    ],
  )
}

/** All of them. */
export const TEMPLATES: readonly Template[] = [orderedDict, dtype, scalar, array, complex, plainObject, tensor]
