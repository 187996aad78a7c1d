/**
 * MetaGraphDef: a graph with what a loader needs to use it: signatures, assets, how to restore, the objects of Python.
 */
import { quoteName } from '../names.ts'
import type { FieldValue, Place } from '../protobuf/walker.ts'
import type { GraphContext } from './context.ts'
import { makeScope, readGraph } from './graphs.ts'
import { checkKerasMetadata } from './keras-metadata.ts'
import { checkLoadEffects, type EntryPoint } from './load-effects.ts'

const ESCAPES = /^[/\\~]|^[A-Za-z][A-Za-z\d+.-]*:|\\|(?:^|\/)\.\.(?:\/|$)|\0/
/** Collections whose nodes a loader runs. */
const INITIALISING: ReadonlySet<string> = new Set(['saved_model_main_op', 'legacy_init_op', 'table_initializer'])
const INIT_SIGNATURE = '__saved_model_init_op'
const INFORMATION = ['meta_graph_version', 'tensorflow_version', 'tensorflow_git_version'] as const

function readInformation({ walker, facts }: GraphContext, place: Place): void {
  const fields = walker.read('MetaGraphDef.MetaInfoDef', place, { keep: [...INFORMATION, 'tags'] })
  for (const key of INFORMATION)
    if (fields.count(key) > 0) facts.metadata({ key, type: 'string', value: fields.text(key) })
  const tags = fields.texts('tags').slice(0, 64)
  if (tags.length > 0) facts.metadata({ key: 'tags', type: 'array<string>', value: tags, count: fields.count('tags') })
}

function readCollection({ walker }: GraphContext, place: Place): readonly EntryPoint[] {
  const nodes: string[] = []
  const takeList = (value: FieldValue): void =>
    void nodes.push(...walker.read('CollectionDef.NodeList', value, { keep: ['value'] }).texts('value'))
  const takeValue = (value: FieldValue): void =>
    void walker.read('CollectionDef', value, { on: { node_list: takeList } })
  const fields = walker.read('MetaGraphDef.CollectionDefEntry', place, { keep: ['key'], on: { value: takeValue } })
  const key = fields.text('key')
  return INITIALISING.has(key) ? nodes.map((node) => ({ node, why: `collection ${quoteName(key)}` })) : []
}

function readSignature(context: GraphContext, place: Place): readonly EntryPoint[] {
  const { walker, facts } = context
  const nodes: string[] = []
  const takeInfo = (value: FieldValue): void =>
    void nodes.push(walker.read('TensorInfo', value, { keep: ['name'] }).text('name'))
  const takeOutput = (value: FieldValue): void =>
    void walker.read('SignatureDef.OutputsEntry', value, { on: { value: takeInfo } })
  let method = ''
  const takeSignature = (value: FieldValue): void => {
    method = walker
      .read('SignatureDef', value, { keep: ['method_name'], on: { outputs: takeOutput } })
      .text('method_name')
  }
  const fields = walker.read('MetaGraphDef.SignatureDefEntry', place, { keep: ['key'], on: { value: takeSignature } })
  const key = fields.text('key')
  facts.metadata({ key: `signature/${key}`, type: 'string', value: method })
  return key === INIT_SIGNATURE ? nodes.map((node) => ({ node, why: `signature ${quoteName(key)}` })) : []
}

function readSaver({ walker }: GraphContext, place: Place): readonly EntryPoint[] {
  const keys = ['restore_op_name', 'save_tensor_name'] as const
  const fields = walker.read('SaverDef', place, { keep: keys })
  return keys.map((key) => ({ node: fields.text(key), why: `${key} of the saver` })).filter(({ node }) => node !== '')
}

function readAsset(context: GraphContext, place: Place): void {
  const name = context.walker.read('AssetFileDef', place, { keep: ['filename'] }).text('filename')
  const locus = `asset ${quoteName(name)}`
  context.facts.reference({ kind: 'path', target: name, locus })
  if (ESCAPES.test(name))
    context.note('tfg-asset-path', `${locus} lies outside the folder of the assets`, { locus, ...place })
}

function readObjects(context: GraphContext, place: Place): void {
  const { walker } = context
  let index = 0
  const takeUser = (value: FieldValue): void => {
    const texts: FieldValue[] = []
    const fields = walker.read('SavedUserObject', value, {
      keep: ['identifier'],
      on: { metadata: (text) => texts.push(text) },
    })
    const identifier = fields.text('identifier')
    if (!identifier.startsWith('_tf_keras')) return
    for (const text of texts) checkKerasMetadata(context, text, `${index} ${identifier}`)
  }
  const takeNode = (value: FieldValue): void => {
    walker.read('SavedObject', value, { on: { user_object: takeUser } })
    index += 1
  }
  walker.read('SavedObjectGraph', place, { on: { nodes: takeNode } })
}

/** Reads a MetaGraphDef. */
export function readMetaGraph(context: GraphContext, place: Place): void {
  const { walker } = context
  const main = makeScope('graph', 'the graph')
  const entries: EntryPoint[] = []
  let graphs = 0
  walker.read('MetaGraphDef', place, {
    on: {
      meta_info_def: (value) => readInformation(context, value),
      graph_def: (value) => {
        graphs += 1
        readGraph(context, value, main)
      },
      saver_def: (value) => entries.push(...readSaver(context, value)),
      collection_def: (value) => entries.push(...readCollection(context, value)),
      signature_def: (value) => entries.push(...readSignature(context, value)),
      asset_file_def: (value) => readAsset(context, value),
      object_graph_def: (value) => readObjects(context, value),
    },
  })
  if (graphs === 0) context.note('tfg-missing', 'the meta graph has no graph', { locus: 'graph_def', ...place })
  checkLoadEffects(context, main, entries)
}
