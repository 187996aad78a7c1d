/**
 * Reads an ONNX model into facts.
 *
 * The file is one protobuf message, usually with its fields by number: version, producer, graph, imports, metadata,
 * training, functions; what needs all of them is asked at the end. The data of tensors is passed over, so that a model
 * of gigabytes costs what its graph costs.
 *
 * Source: `onnx-ml.proto`, IR version 13; the checks of ONNX's own checker (`checker.cc`).
 */
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { quoteName } from '../names.ts'
import { ANOMALIES as PROTOBUF, type ProtobufAnomaly } from '../protobuf/anomalies.ts'
import type { Fields } from '../protobuf/fields.ts'
import { Walker, type Place } from '../protobuf/walker.ts'
import type { ReadRequest } from '../reader.ts'
import { ANOMALIES, type OnnxAnomaly } from './anomalies.ts'
import { makeScope, type OnnxContext } from './context.ts'
import { namesLibrary } from './domains.ts'
import { checkOverlaps } from './external.ts'
import { readFunction, readMainGraph, readOpset, readTrainingGraph } from './graphs.ts'
import { checkFunctions, checkOperators, listOperators } from './operator-check.ts'
import { ONNX_SCHEMA } from './schema.ts'
import { WeightUses } from './weight-uses.ts'

const NEWEST = 99
const LISTED_OPERATORS = 64
const TEXTS = ['producer_name', 'producer_version', 'domain', 'doc_string'] as const

function readProperty(context: OnnxContext, place: Place): void {
  const pair = context.walker.read('StringStringEntryProto', place, { keep: ['key', 'value'] })
  const key = pair.text('key')
  const value = pair.text('value')
  context.facts.metadata({ key: `metadata_props/${key}`, type: 'string', value })
  const locus = `metadata ${quoteName(key)}`
  if (namesLibrary(value) || namesLibrary(key))
    context.note('onx-library', `${locus} names the library ${quoteName(value)}`, { locus, ...place })
}

function readModel(context: OnnxContext): void {
  const { walker, model } = context
  let graphs = 0
  const fields = walker.read('ModelProto', walker.whole, {
    keep: ['ir_version', 'model_version', ...TEXTS],
    on: {
      graph: (value) => {
        graphs += 1
        readMainGraph(context, value)
      },
      opset_import: (value) => readOpset(context, value, model),
      metadata_props: (value) => readProperty(context, value),
      functions: (value) => readFunction(context, value),
      training_info: (value) => {
        walker.read('TrainingInfoProto', value, {
          on: {
            initialization: (graph) => readTrainingGraph(context, graph),
            algorithm: (graph) => readTrainingGraph(context, graph),
          },
        })
      },
    },
  })
  if (graphs === 0) context.note('onx-missing', 'the model has no graph', { locus: 'graph', ...walker.whole })
  checkVersions(context, fields)
  addMetadata(context, fields)
}

function checkVersions(context: OnnxContext, fields: Fields): void {
  const version = fields.number('ir_version')
  const place = { locus: 'ir_version', ...context.walker.whole }
  if (version < 1 || version > NEWEST)
    context.note('onx-missing', `the IR version is ${version}, which does not exist`, place)
  if (version >= 3 && context.model.opsets.size === 0)
    context.note('onx-opset', 'the model imports no operator set', { ...place, locus: 'opset_import' })
  if (version < 3 && context.model.opsets.size === 0) context.model.opsets.set('', 1)
}

function addMetadata({ facts, model, counts, functions }: OnnxContext, fields: Fields): void {
  for (const key of ['ir_version', 'model_version'])
    if (fields.count(key) > 0) facts.metadata({ key, type: 'int64', value: fields.number(key) })
  for (const key of TEXTS) if (fields.count(key) > 0) facts.metadata({ key, type: 'string', value: fields.text(key) })
  for (const [domain, value] of model.opsets)
    facts.metadata({ key: `opset_import/${domain === '' ? 'ai.onnx' : domain}`, type: 'int64', value })
  facts.metadata({ key: 'graph/nodes', type: 'count', value: counts.nodes })
  facts.metadata({ key: 'graph/graphs', type: 'count', value: counts.graphs })
  facts.metadata({ key: 'functions', type: 'count', value: functions.size })
}

/** What can only be asked when imports and functions are known, which stand behind the graph. */
function checkUses(context: OnnxContext): void {
  checkOperators(context)
  checkFunctions(context)
}

function finish(context: OnnxContext): void {
  for (const use of context.weightUses.list()) context.facts.weightUse(use)
  checkOverlaps(context)
  const operators = listOperators(context)
  const value = operators.slice(0, LISTED_OPERATORS)
  context.facts.metadata({ key: 'graph/operators', type: 'array<string>', value, count: operators.length })
}

/** Reads a file as an ONNX model. @throws Fault `budget-…` */
export function readOnnx(request: ReadRequest): FileFacts {
  const facts = new FactCollector<OnnxAnomaly | ProtobufAnomaly>(request, 'onnx', [...ANOMALIES, ...PROTOBUF])
  const context: OnnxContext = {
    walker: new Walker<OnnxAnomaly>(request, facts, ONNX_SCHEMA),
    facts,
    depth: request.depth,
    model: makeScope('the model'),
    functions: new Map(),
    external: [],
    weightUses: new WeightUses(),
    counts: { nodes: 0, tensors: 0, graphs: 0 },
    note: (code, message, { locus, from, to }) =>
      facts.anomalies.add(code, message, { locus, offset: from, length: to - from }),
  }
  if (context.walker.walkFile(() => readModel(context))) checkUses(context)
  finish(context)
  return facts.finish()
}
