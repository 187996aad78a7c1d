/**
 * PaddlePaddle programs (`.pdmodel`): blocks of operators, some of which call Python or work on files.
 */
import { quoteName } from '../names.ts'
import { readNetwork, type NetworkContext } from '../graph-code/reading.ts'
import { parseSchema } from '../protobuf/schema.ts'
import type { FieldValue } from '../protobuf/walker.ts'
import type { FormatReader } from '../reader.ts'
import { isPaddleProgram } from '../protobuf/sniff.ts'
import { beginsTensor, readParams } from './params.ts'

/** Source: field numbers of `framework.proto` of PaddlePaddle 3.0 and, where they were others, 2.0. */
const PADDLE_SCHEMA = parseSchema(`
ProgramDesc 1:blocks:BlockDesc* 3:op_compatible_map:Opaque 4:version:Version 5:op_version_map:OpVersionMap
Opaque …
Version 1:version:int64
OpVersionMap 1:pair:OpVersionPair*
OpVersionPair 1:op_name:string 2:op_version:OpVersion
OpVersion 1:version:int32
BlockDesc 1:idx:int32 2:parent_idx:int32 3:vars:VarDesc* 4:ops:OpDesc* 5:forward_block_idx:int32
OpDesc 1:inputs:Var* 2:outputs:Var* 3:type:string 4:attrs:Attr* 5:is_target:bool
Var 1:parameter:string 2:arguments:string*
Attr 1:name:string 2:type:enum 3:i:int32 4:f:float 5:s:string 6:ints:int32* 7:floats:float* 8:strings:string* 10:b:bool
  11:bools:bool* 12:block_idx:int32 13:l:int64 14:blocks_idx:int32* 15:longs:int64* 16:float64s:double*
  17:var_name:string 18:vars_name:string* 19:float64:double 20:scalar:Scalar 21:scalars:Scalar*
Scalar 1:type:enum 2:b:bool 3:i:int64 4:r:double 5:c:Complex
Complex 1:r:double 2:i:double
VarDesc 1:name:string 2:type:VarType 3:persistable:bool 4:need_check_feed:bool 5:is_parameter:bool 6:stop_gradient:bool
  7:attrs:VarAttr*
VarAttr 1:name:string 2:type:enum 3:i:int32 4:s:string 5:ints:int32*
VarType 1:type:enum 2:selected_rows:TensorDesc 3:dense_tensor:DenseTensorDesc 4:tensor_array:DenseTensorDesc
  5:reader:ReaderDesc 7:tuple:Tuple 8:string:TensorDesc 9:strings:TensorDesc 10:vocab:TensorDesc
  11:sparse_coo:TensorDesc 12:sparse_csr:TensorDesc
TensorDesc 1:data_type:enum 2:dims:int64*
DenseTensorDesc 1:tensor:TensorDesc 2:level:int32
ReaderDesc 1:dense_tensor:DenseTensorDesc*
Tuple 1:element_type:enum*
`)

/** Operators by which Python is called. */
const PYTHON: ReadonlySet<string> = new Set(['py_func', 'py_layer'])
/** Operators that read or write files, or serve parameters to other machines. */
const FILES: ReadonlySet<string> = new Set([
  'save',
  'load',
  'save_combine',
  'load_combine',
  'read_file',
  'listen_and_serv',
])
const NATIVE = /\.(?:so|dll|dylib)$/i

function takeOperator({ walker, note }: NetworkContext, value: FieldValue, operators: Map<string, number>): void {
  const texts: string[] = []
  const type = walker
    .read('OpDesc', value, {
      keep: ['type'],
      on: { attrs: (attr) => void texts.push(walker.read('Attr', attr, { keep: ['s'] }).text('s')) },
    })
    .text('type')
  const locus = `operator ${quoteName(type)}`
  operators.set(type, (operators.get(type) ?? 0) + 1)
  if (PYTHON.has(type)) note('net-python', `${locus} calls Python`, { locus, ...value })
  if (FILES.has(type)) note('net-file', `${locus} works on files`, { locus, ...value })
  for (const text of texts.filter((each) => NATIVE.test(each)))
    note('net-native', `${locus} names the library ${quoteName(text)}`, { locus, ...value })
}

function read(context: NetworkContext): void {
  const { walker, facts } = context
  const operators = new Map<string, number>()
  walker.watch('OpDesc', (value) => takeOperator(context, value, operators))
  walker.watch('Version', (value) => {
    const version = walker.read('Version', value, { keep: ['version'] }).number('version')
    facts.metadata({ key: 'version', type: 'int64', value: version })
  })
  walker.read('ProgramDesc', walker.whole)
  const listed = [...operators].toSorted(([, a], [, b]) => b - a).map(([name, count]) => `${name} × ${count}`)
  const value = listed.slice(0, 64)
  facts.metadata({ key: 'graph/operators', type: 'array<string>', value, count: listed.length })
}

/** `*.pdmodel`. */
const programReader: FormatReader = {
  format: 'paddle',
  title: 'PaddlePaddle program',
  version: 1,
  extensions: ['.pdmodel'],
  sniff(glimpse) {
    if (isPaddleProgram(glimpse)) return 'structure'
    return /\.pdmodel$/i.test(glimpse.path) ? 'name' : null
  },
  read: (request) => readNetwork(request, { format: 'paddle', schema: PADDLE_SCHEMA, read }),
}

/** `*.pdiparams`. */
const paramsReader: FormatReader = {
  format: 'paddle-params',
  title: 'PaddlePaddle parameters',
  version: 1,
  extensions: ['.pdiparams'],
  sniff: (glimpse) => (/\.pdiparams$/i.test(glimpse.path) && beginsTensor(glimpse.head) ? 'structure' : null),
  read: readParams,
}

/** Both. */
export const paddleReaders: readonly FormatReader[] = [programReader, paramsReader]
