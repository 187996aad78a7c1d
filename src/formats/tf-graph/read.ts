/**
 * Reads TensorFlow graphs into facts: saved models, meta graphs, frozen graphs, and the metadata of Keras.
 *
 * A graph is a program: its operators can read and write files, call Python and open connections as well as multiply.
 * Each is looked up, wherever it stands: in the graph, in a function, in a graph that a value holds.
 *
 * Source: `saved_model.proto`, `meta_graph.proto`, `graph.proto` and what they import, TensorFlow 2.21.
 */
import { FactCollector } from '../fact-collector.ts'
import type { FileFacts } from '../facts.ts'
import { quoteName } from '../names.ts'
import { ANOMALIES as PROTOBUF, type ProtobufAnomaly } from '../protobuf/anomalies.ts'
import { Walker } from '../protobuf/walker.ts'
import type { ReadRequest } from '../reader.ts'
import { ANOMALIES, type GraphAnomaly } from './anomalies.ts'
import type { GraphContext } from './context.ts'
import { isRegistered } from './danger.ts'
import { makeScope, readGraph } from './graphs.ts'
import { checkKerasMetadata } from './keras-metadata.ts'
import { readMetaGraph } from './meta-graph.ts'
import { TENSORFLOW_SCHEMA } from './schema.ts'

const LISTED_OPERATORS = 64

function makeContext(request: ReadRequest, format: string): GraphContext {
  const facts = new FactCollector<GraphAnomaly | ProtobufAnomaly>(request, format, [...ANOMALIES, ...PROTOBUF])
  return {
    walker: new Walker<GraphAnomaly>(request, facts, TENSORFLOW_SCHEMA),
    facts,
    uses: new Map(),
    functions: new Map(),
    own: new Set(),
    counts: { nodes: 0, tensors: 0 },
    note: (code, message, { locus, from, to }) =>
      facts.anomalies.add(code, message, { locus, offset: from, length: to - from }),
  }
}

/** Operators that neither TensorFlow nor the file defines. */
function checkOperators({ uses, functions, own, facts }: GraphContext): void {
  for (const [operator, { locus, from, to }] of uses) {
    if (isRegistered(operator) || functions.has(operator) || own.has(operator)) continue
    const message = `${locus} is ${quoteName(operator)}, an operator that TensorFlow does not have`
    facts.anomalies.add('tfg-operator', message, { locus, offset: from, length: to - from })
  }
}

function addMetadata({ facts, uses, functions, counts }: GraphContext): void {
  const operators = [...uses].toSorted(([, a], [, b]) => b.count - a.count)
  const value = operators
    .slice(0, LISTED_OPERATORS)
    .map(([name, { count }]) => `${quoteName(name).slice(1, -1)} × ${count}`)
  facts.metadata({ key: 'graph/nodes', type: 'count', value: counts.nodes })
  facts.metadata({ key: 'graph/functions', type: 'count', value: functions.size })
  facts.metadata({ key: 'graph/operators', type: 'array<string>', value, count: operators.length })
}

function finish(context: GraphContext): FileFacts {
  checkOperators(context)
  addMetadata(context)
  return context.facts.finish()
}

/** Reads a SavedModel. @throws Fault `budget-…` */
export function readSavedModel(request: ReadRequest): FileFacts {
  const context = makeContext(request, 'tf-saved-model')
  const { walker, facts } = context
  walker.walkFile(() => {
    let graphs = 0
    const fields = walker.read('SavedModel', walker.whole, {
      keep: ['saved_model_schema_version'],
      on: {
        meta_graphs: (value) => {
          graphs += 1
          readMetaGraph(context, value)
        },
      },
    })
    const value = fields.number('saved_model_schema_version')
    facts.metadata({ key: 'saved_model_schema_version', type: 'int64', value })
    if (graphs === 0)
      context.note('tfg-missing', 'the saved model has no meta graph', { locus: 'meta_graphs', ...walker.whole })
  })
  return finish(context)
}

/** Reads a MetaGraphDef. @throws Fault `budget-…` */
export function readMetaGraphFile(request: ReadRequest): FileFacts {
  const context = makeContext(request, 'tf-metagraph')
  context.walker.walkFile(() => readMetaGraph(context, context.walker.whole))
  return finish(context)
}

/** Reads a GraphDef. @throws Fault `budget-…` */
export function readGraphFile(request: ReadRequest): FileFacts {
  const context = makeContext(request, 'tf-graphdef')
  const { walker, counts } = context
  walker.walkFile(() => {
    readGraph(context, walker.whole, makeScope('graph', 'the graph'))
    if (counts.nodes === 0) context.note('tfg-missing', 'the graph has no node', { locus: 'node', ...walker.whole })
  })
  return finish(context)
}

/** Reads what Keras 2 wrote beside a saved model. @throws Fault `budget-…` */
export function readKerasMetadata(request: ReadRequest): FileFacts {
  const context = makeContext(request, 'tf-keras-metadata')
  const { walker, facts } = context
  walker.walkFile(() => {
    walker.read('SavedMetadata', walker.whole, {
      on: {
        nodes: (value) => {
          const texts: (typeof value)[] = []
          const fields = walker.read('KerasObject', value, {
            keep: ['node_path', 'identifier'],
            on: { metadata: (text) => texts.push(text) },
          })
          const path = fields.text('node_path')
          facts.metadata({ key: `object/${path}`, type: 'string', value: fields.text('identifier') })
          for (const text of texts) checkKerasMetadata(context, text, path)
        },
      },
    })
  })
  return facts.finish()
}

/** Reads the fingerprint of a saved model: a few numbers. @throws Fault `budget-…` */
export function readFingerprint(request: ReadRequest): FileFacts {
  const context = makeContext(request, 'tf-fingerprint')
  const { walker, facts } = context
  walker.walkFile(() => {
    const fields = walker.read('FingerprintDef', walker.whole, { keep: ['saved_model_checksum', 'uuid'] })
    facts.metadata({ key: 'saved_model_checksum', type: 'uint64', value: fields.text('saved_model_checksum') })
    facts.metadata({ key: 'uuid', type: 'string', value: fields.text('uuid') })
  })
  return facts.finish()
}

/** Reads the marker of a TensorFlow Hub module: the number of its form. @throws Fault `budget-…` */
export function readHubModule(request: ReadRequest): FileFacts {
  const context = makeContext(request, 'tf-hub-module')
  const { walker, facts } = context
  walker.walkFile(() => {
    const value = walker.read('HubModule', walker.whole, { keep: ['format'] }).number('format')
    facts.metadata({ key: 'format', type: 'enum', value })
  })
  return facts.finish()
}
