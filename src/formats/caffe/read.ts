/**
 * Reads networks of Caffe and Caffe2 as far as what they run goes: which layers and operators, from which Python modules.
 *
 * The parameters of the many kinds of layers are passed over, so that a file is listed and never read in full.
 * Source: field numbers of `caffe.proto` (Caffe 1.0) and `caffe2.proto` (PyTorch 1.0).
 */
import { mulChecked } from '../../base/index.ts'
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { ANOMALIES, type GraphCodeAnomaly } from '../graph-code/anomalies.ts'
import { readNetwork, type NetworkContext } from '../graph-code/reading.ts'
import { quoteName } from '../names.ts'
import { parseSchema } from '../protobuf/schema.ts'
import { textFields } from '../protobuf/text-fields.ts'
import type { FieldValue } from '../protobuf/walker.ts'
import type { ReadRequest } from '../reader.ts'
import { ANOMALIES as TEXT, type TextAnomaly } from '../text/anomalies.ts'
import { takeText } from '../text/take-text.ts'

const CAFFE = parseSchema(`
NetParameter 1:name:string 2:layers:V1LayerParameter* 3:input:string* 4:input_dim:int32* 5:force_backward:bool
  7:debug_info:bool 8:input_shape:BlobShape* 100:layer:LayerParameter* …
LayerParameter 1:name:string 2:type:string 3:bottom:string* 4:top:string* 7:blobs:BlobProto* 10:phase:enum
  130:python_param:PythonParameter …
V1LayerParameter 2:bottom:string* 3:top:string* 4:name:string 5:type:enum 6:blobs:BlobProto* …
PythonParameter 1:module:string 2:layer:string 3:param_str:string 4:share_in_parallel:bool
BlobProto 1:num:int32 2:channels:int32 3:height:int32 4:width:int32 5:data:float* 6:diff:float* 7:shape:BlobShape
  8:double_data:double* 9:double_diff:double* …
BlobShape 1:dim:int64*
`)
const CAFFE2 = parseSchema(`
NetDef 1:name:string 2:op:OperatorDef* 3:type:string 4:num_workers:int32 5:device_option:Opaque 6:arg:Argument*
  7:external_input:string* 8:external_output:string* …
OperatorDef 1:input:string* 2:output:string* 3:name:string 4:type:string 5:arg:Argument* 6:device_option:Opaque
  7:engine:string 8:control_input:string* 9:is_gradient_op:bool 10:debug_info:string 11:domain:string …
Argument 1:name:string 2:f:float 3:i:int64 4:s:bytes 5:floats:float* 6:ints:int64* 7:strings:bytes* 8:n:NetDef
  9:nets:NetDef* …
Opaque …
`)
const PARTLY = 'parameters of layers are not looked at'
const CAFFE2_PYTHON: ReadonlySet<string> = new Set(['Python', 'PythonGradient', 'PythonDLPack', 'PythonDLPackGradient'])
const CAFFE2_FILES: ReadonlySet<string> = new Set([
  'Load',
  'Save',
  'Checkpoint',
  'Snapshot',
  'CreateDB',
  'DBExists',
  'TextFileReaderRead',
  'CreateTextFileReader',
])

function addBlob({ walker, facts }: NetworkContext, value: FieldValue, name: string): void {
  const runs: FieldValue[] = []
  const shape: number[] = []
  const fields = walker.read('BlobProto', value, {
    keep: ['num', 'channels', 'height', 'width'],
    on: {
      data: (run) => void runs.push(run),
      shape: (place) =>
        void shape.push(
          ...walker
            .read('BlobShape', place, { keep: ['dim'] })
            .all('dim')
            .map(Number),
        ),
    },
  })
  const old = ['num', 'channels', 'height', 'width'].filter((key) => fields.count(key) > 0)
  const sizes = shape.length > 0 ? shape : old.map((key) => fields.number(key))
  const [run] = runs
  if (run === undefined || runs.length > 1 || run.wire !== 2 || sizes.some((size) => !(size >= 0))) return
  walker.claimTensor(run)
  const length = run.to - run.from
  if (sizes.length <= 32 && mulChecked(4, ...sizes.map((size) => Math.min(size, 2 ** 31))) === length)
    facts.tensor({ name, type: 'F32', shape: sizes, file: walker.path, offset: run.from, length })
}

function takeLayer(context: NetworkContext, value: FieldValue): void {
  const { walker, note } = context
  const message = value.type.message ?? ''
  const blobs: FieldValue[] = []
  const modules: string[] = []
  const fields = walker.read(message, value, {
    keep: ['name', 'type'],
    on: {
      blobs: (blob) => void blobs.push(blob),
      python_param: (place) =>
        void modules.push(walker.read('PythonParameter', place, { keep: ['module'] }).text('module')),
    },
  })
  const name = fields.text('name')
  const locus = `layer ${quoteName(name)}`
  if (fields.text('type') === 'Python' || modules.length > 0)
    note('net-python', `${locus} is of Python, from the module ${quoteName(modules.at(-1) ?? '')}`, { locus, ...value })
  for (const [index, blob] of blobs.entries()) addBlob(context, blob, `${name}.${index}`)
}

/** Reads a NetParameter. @throws Fault `budget-…` */
export function readCaffe(request: ReadRequest): FileFacts {
  return readNetwork(request, {
    format: 'caffe',
    schema: CAFFE,
    read(context) {
      const { walker, facts } = context
      const layer = (value: FieldValue): void => takeLayer(context, value)
      const fields = walker.read('NetParameter', walker.whole, { keep: ['name'], on: { layer, layers: layer } })
      facts.metadata({ key: 'name', type: 'string', value: fields.text('name') })
      facts.leaveUnread(PARTLY)
    },
  })
}

function takeOperator({ walker, note }: NetworkContext, value: FieldValue): void {
  const type = walker.read('OperatorDef', value, { keep: ['type'] }).text('type')
  const locus = `operator ${quoteName(type)}`
  if (CAFFE2_PYTHON.has(type)) note('net-python', `${locus} calls Python`, { locus, ...value })
  if (CAFFE2_FILES.has(type)) note('net-file', `${locus} works on files`, { locus, ...value })
}

/** Reads a NetDef of Caffe2. @throws Fault `budget-…` */
export function readCaffe2(request: ReadRequest): FileFacts {
  return readNetwork(request, {
    format: 'caffe2',
    schema: CAFFE2,
    read(context) {
      const { walker, facts } = context
      walker.watch('OperatorDef', (value) => takeOperator(context, value))
      const fields = walker.read('NetDef', walker.whole, { keep: ['name'] })
      facts.metadata({ key: 'name', type: 'string', value: fields.text('name') })
      facts.leaveUnread(PARTLY)
    },
  })
}

/** Reads a network of Caffe as text. @throws Fault `budget-…` */
export function readCaffeText(request: ReadRequest): FileFacts {
  const meanings = [...ANOMALIES, ...TEXT]
  const facts = new FactCollector<GraphCodeAnomaly | TextAnomaly>(request, 'caffe-text', meanings)
  for (const { name, value, at } of textFields(takeText(request, facts) ?? '')) {
    request.budget.spendItems()
    if ((name === 'type' && value === 'Python') || name === 'module')
      facts.anomalies.add('net-python', `a layer of Python: ${name} ${quoteName(value)}`, {
        locus: `${name} ${quoteName(value)}`,
        offset: at,
        length: value.length,
      })
  }
  return facts.finish({ reading: 'listed', reason: PARTLY })
}
