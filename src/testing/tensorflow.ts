/**
 * Writes TensorFlow graphs and saved models for tests.
 */
import { TENSORFLOW_SCHEMA } from '../formats/tf-graph/schema.ts'
import { encode, type Message } from './protobuf.ts'

/** An entry of a map. */
export function entry(key: string, value: Message | string): Message {
  return [
    ['key', key],
    ['value', value],
  ]
}

/** A node with attributes. */
export function nodeDef(
  name: string,
  op: string,
  {
    input = [],
    attr = {},
  }: { readonly input?: readonly string[]; readonly attr?: Readonly<Record<string, Message>> } = {},
): Message {
  const inputs = input.map((each) => ['input', each] as const)
  const attributes = Object.entries(attr).map(([key, value]) => ['attr', entry(key, value)] as const)
  return [['name', name], ['op', op], ...inputs, ...attributes]
}

/** A constant of type float[2]; its bytes are 1 to 8. */
export function constant(name: string, content: Uint8Array = Buffer.from([1, 2, 3, 4, 5, 6, 7, 8])): Message {
  const shape: Message = [['dim', [['size', 2]]]]
  const tensor: Message = [
    ['dtype', 1],
    ['tensor_shape', shape],
    ['tensor_content', content],
  ]
  return nodeDef(name, 'Const', { attr: { dtype: [['type', 1]], value: [['tensor', tensor]] } })
}

/** A text constant. */
export function textConstant(name: string, text: Uint8Array | string): Message {
  const tensor: Message = [
    ['dtype', 7],
    ['tensor_shape', []],
    ['string_val', text],
  ]
  return nodeDef(name, 'Const', { attr: { dtype: [['type', 7]], value: [['tensor', tensor]] } })
}

/** A function of the library. */
export function functionDef(name: string, nodes: readonly Message[]): Message {
  return [['signature', [['name', name]]], ...nodes.map((node) => ['node_def', node] as const)]
}

/** A graph of nodes and functions. */
export function graphDef(nodes: readonly Message[], functions: readonly Message[] = []): Message {
  const library = functions.map((each) => ['function', each] as const)
  const all = nodes.map((node) => ['node', node] as const)
  return functions.length === 0 ? all : [...all, ['library', library]]
}

/** The bytes of a graph. */
export function buildGraph(graph: Message): Buffer {
  return encode(TENSORFLOW_SCHEMA, 'GraphDef', graph)
}

/** The bytes of a saved model with one meta graph, and more in it. */
export function buildSavedModel(graph: Message, more: Message = []): Buffer {
  const information: Message = [
    ['tags', 'serve'],
    ['tensorflow_version', '2.21.0'],
  ]
  const meta: Message = [['meta_info_def', information], ['graph_def', graph], ...more]
  return encode(TENSORFLOW_SCHEMA, 'SavedModel', [
    ['saved_model_schema_version', 1],
    ['meta_graphs', meta],
  ])
}
