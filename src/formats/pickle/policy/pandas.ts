/**
 * Policy for pandas. Source: pandas 1.0 to 3.0: `core/generic.py` (NDFrame.__setstate__), `core/indexes/base.py`
 * (_new_Index), `core/internals`, `_libs`.
 */
import { REVIEWED, type PicklePolicy, type Signature } from './signature.ts'

/** Classes by the modules of pandas 1 and 2 and as pandas 3 names them. */
function both(module: string, names: string): string {
  return `${module}, pandas: ${names}`
}

const INDEXES = [
  both('pandas.core.indexes.base', 'Index'),
  both('pandas.core.indexes.range', 'RangeIndex'),
  'pandas.core.indexes.numeric: Int64Index UInt64Index Float64Index NumericIndex',
  both('pandas.core.indexes.category', 'CategoricalIndex'),
  both('pandas.core.indexes.multi', 'MultiIndex'),
  both('pandas.core.indexes.datetimes', 'DatetimeIndex'),
  both('pandas.core.indexes.timedeltas', 'TimedeltaIndex'),
  both('pandas.core.indexes.period', 'PeriodIndex'),
  both('pandas.core.indexes.interval', 'IntervalIndex'),
]
const ARRAYS = [
  'pandas.core.arrays.categorical, pandas: Categorical',
  'pandas.core.arrays.datetimes, pandas.arrays: DatetimeArray',
  'pandas.core.arrays.timedeltas, pandas.arrays: TimedeltaArray',
  'pandas.core.arrays.period, pandas.arrays: PeriodArray',
  'pandas.core.arrays.string_, pandas.arrays: StringArray',
  'pandas.core.arrays.numpy_, pandas.arrays: PandasArray NumpyExtensionArray',
]

/** The globals of lines, as schemas name them. */
function named(lines: readonly string[]): string {
  const paths = lines.flatMap((line) => {
    const [modules = '', names = ''] = line.split(':')
    return modules.split(',').flatMap((module) =>
      names
        .trim()
        .split(' ')
        .map((name) => `@${module.trim()}.${name}`),
    )
  })
  return paths.join('|')
}

const MANAGERS = 'BlockManager SingleBlockManager'
  .split(' ')
  .flatMap((name) => [`<pandas.core.internals.managers.${name}>`, `<pandas.${name}>`])
  .join('|')

const PLAIN: Signature = {
  globals: [
    'pandas.core.dtypes.dtypes, pandas: CategoricalDtype DatetimeTZDtype PeriodDtype IntervalDtype SparseDtype',
    'pandas.core.arrays.sparse.dtype: SparseDtype',
    'pandas.core.arrays.integer, pandas: Int8Dtype Int16Dtype Int32Dtype Int64Dtype UInt8Dtype UInt16Dtype UInt32Dtype UInt64Dtype',
    'pandas.core.arrays.floating, pandas: Float32Dtype Float64Dtype',
    'pandas.core.arrays.boolean, pandas: BooleanDtype',
    'pandas.core.arrays.integer, pandas.arrays: IntegerArray',
    'pandas.core.arrays.floating, pandas.arrays: FloatingArray',
    'pandas.core.arrays.boolean, pandas.arrays: BooleanArray',
    'pandas.core.arrays.interval, pandas.arrays: IntervalArray',
    'pandas.core.arrays.sparse.array, pandas.arrays: SparseArray',
    'pandas.core.flags, pandas: Flags',
  ],
  role: 'type',
  newobj: '()',
  state: '{name: any}',
  hashable: true,
  rationale: 'Attributes of element types and of arrays over NumPy arrays.',
  ...REVIEWED,
}

const TIMES: readonly Signature[] = [
  {
    globals: ['pandas._libs.tslibs.timestamps: _unpickle_timestamp'],
    role: 'function',
    reduce: '(int, any, none|<datetime.timezone>|<pytz._UTC>, int?)',
    result: 'pandas.Timestamp',
    hashable: true,
    rationale: 'A point in time.',
    ...REVIEWED,
  },
  {
    globals: ['pandas._libs.tslibs.timestamps, pandas: Timestamp', 'pandas._libs.tslibs.timedeltas, pandas: Timedelta'],
    role: 'type',
    reduce: '(int, any?, none|<datetime.timezone>|<pytz._UTC>?)',
    hashable: true,
    rationale: 'A point in time, or a distance.',
    ...REVIEWED,
  },
  {
    globals: ['pandas._libs.tslibs.timedeltas: _timedelta_unpickle'],
    role: 'function',
    reduce: '(int, int)',
    result: 'pandas.Timedelta',
    hashable: true,
    rationale: 'A distance in time.',
    ...REVIEWED,
  },
  {
    globals: ['pandas._libs.tslibs.nattype: _nat_unpickle __nat_unpickle'],
    role: 'function',
    reduce: '(none|())',
    hashable: true,
    rationale: 'The missing time.',
    ...REVIEWED,
  },
  {
    globals: ['pytz: _UTC'],
    role: 'function',
    reduce: '()',
    hashable: true,
    rationale: 'The zone UTC.',
    ...REVIEWED,
  },
  {
    globals: ['pandas._libs.missing, pandas: NA', 'pandas: NaT', 'pandas._libs.tslibs.nattype: NaT'],
    role: 'constant',
    hashable: true,
    rationale: 'The missing value.',
    ...REVIEWED,
  },
]

/** See the module. */
export const PANDAS: PicklePolicy = {
  id: 'pandas',
  title: 'Frames, series and indexes of pandas',
  versions: 'pandas 1.0 to 3.0',
  signatures: [
    {
      globals: [both('pandas.core.frame', 'DataFrame'), both('pandas.core.series', 'Series')],
      role: 'type',
      newobj: '()',
      state: `{'_mgr': ${MANAGERS}, '_data': ${MANAGERS}, '_metadata': [str], 'attrs': {any: any}, '_flags': {any: any}, name: any}`,
      rationale: 'Attributes over a manager of blocks, which must be one.',
      ...REVIEWED,
    },
    {
      globals: ['pandas.core.internals.managers, pandas: BlockManager SingleBlockManager'],
      role: 'type',
      reduce: '((any*), [any])',
      newobj: '()',
      state: '([any], [any], [any], {any: any}?)',
      rationale: 'Blocks of arrays and their axes.',
      ...REVIEWED,
    },
    {
      globals: ['pandas._libs.internals: _unpickle_block'],
      role: 'function',
      reduce: '(any, <builtins.slice>|<__builtin__.slice>|<numpy.ndarray>, int)',
      rationale: 'A block over an array.',
      ...REVIEWED,
    },
    { globals: INDEXES, role: 'type', rationale: 'Named as the class of an index.', ...REVIEWED },
    {
      globals: ['pandas.core.indexes.base: _new_Index', 'pandas.core.indexes.datetimes: _new_DatetimeIndex'],
      role: 'function',
      reduce: `(${named(INDEXES)}, {name: any})`,
      result: '#0',
      rationale: 'An index of a listed class over its data.',
      ...REVIEWED,
    },
    {
      globals: ['pandas.core.indexes.period: _new_PeriodIndex', 'pandas.core.indexes.interval: _new_IntervalIndex'],
      role: 'function',
      reduce: `(${named(INDEXES)}, {name: any})`,
      result: '#0',
      rationale: 'An index of a listed class over its data.',
      ...REVIEWED,
    },
    {
      globals: ARRAYS,
      role: 'type',
      newobj: '()',
      state: '{name: any}|(any, <numpy.ndarray>, {any: any}?)',
      rationale: 'An array of NumPy with a type of pandas.',
      ...REVIEWED,
    },
    {
      globals: ['pandas._libs.arrays: __pyx_unpickle_NDArrayBacked'],
      role: 'function',
      reduce: `(${named(ARRAYS)}, int, none)`,
      result: '#0',
      rationale: 'An empty array of a listed class.',
      ...REVIEWED,
    },
    {
      globals: ['pandas.core.arrays.string_, pandas: StringDtype'],
      role: 'type',
      reduce: '(str|none, any?)',
      newobj: '()',
      state: '{name: any}',
      hashable: true,
      rationale: 'An element type.',
      ...REVIEWED,
    },
    {
      globals: ['pandas.core.dtypes.dtypes, pandas: PeriodDtype'],
      role: 'type',
      reduce: '(str)',
      newobj: '()',
      state: '{name: any}',
      hashable: true,
      rationale: 'An element type by its name.',
      ...REVIEWED,
    },
    {
      globals: ['pandas._libs.sparse, pandas.arrays: IntIndex BlockIndex'],
      role: 'type',
      reduce: '(int, <numpy.ndarray>, <numpy.ndarray>?)',
      rationale: 'Positions of the values of a sparse array.',
      ...REVIEWED,
    },
    PLAIN,
    ...TIMES,
  ],
}
