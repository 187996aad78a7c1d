/**
 * Core ML models (`.mlmodel`): every message is walked; what needs code or files from outside is noted.
 *
 * Custom models and layers name a class that the app has to bring; weights of a program may lie in a file beside it, and
 * a linked model is another file.
 */
import { quoteName } from '../names.ts'
import { leavesFolder, readNetwork, type NetworkContext } from '../graph-code/reading.ts'
import { parseSchema } from '../protobuf/schema.ts'
import type { FieldValue } from '../protobuf/walker.ts'
import type { FormatReader } from '../reader.ts'
import { isCoreMl } from '../protobuf/sniff.ts'
import { FIRST_MESSAGES } from './messages-first.ts'
import { SECOND_MESSAGES } from './messages-second.ts'

const SCHEMA = parseSchema(FIRST_MESSAGES.trim() + SECOND_MESSAGES.trimEnd())
/** How a program says that a path is relative to the model. */
const MODEL_PATH = '@model_path/'

function watchCustom({ walker, note }: NetworkContext, message: 'CustomModel' | 'CustomLayerParams'): void {
  walker.watch(message, (value) => {
    const name = walker.read(message, value, { keep: ['className'] }).text('className')
    const locus = `class ${quoteName(name)}`
    note('net-native', `${message} needs the ${locus}, which is not in the model`, { locus, ...value })
  })
}

function watchPaths({ walker, facts, note }: NetworkContext): void {
  const check = (path: string, value: FieldValue): void => {
    const locus = `file ${quoteName(path)}`
    facts.reference({ kind: 'path', target: path, locus })
    const relative = path.startsWith(MODEL_PATH) ? path.slice(MODEL_PATH.length) : path
    if (leavesFolder(relative)) note('net-path', `${locus} lies outside the folder of the model`, { locus, ...value })
  }
  const name = 'Value.BlobFileValue'
  walker.watch(name, (value) => check(walker.read(name, value, { keep: ['fileName'] }).text('fileName'), value))
  walker.watch('LinkedModelFile', (value) => {
    const paths: string[] = []
    const take = (text: FieldValue): void =>
      void paths.push(walker.read('StringParameter', text, { keep: ['defaultValue'] }).text('defaultValue'))
    walker.read('LinkedModelFile', value, { on: { linkedModelFileName: take, linkedModelSearchPath: take } })
    for (const path of paths.filter((each) => each !== '')) check(path, value)
  })
}

function watchWeights({ walker }: NetworkContext): void {
  const claim = (value: FieldValue): void => walker.claimTensor(value)
  walker.watch('WeightParams', (value) => {
    const on = { floatValue: claim, float16Value: claim, rawValue: claim, int8RawValue: claim }
    walker.read('WeightParams', value, { on })
  })
}

function read(context: NetworkContext): void {
  const { walker, facts } = context
  watchCustom(context, 'CustomModel')
  watchCustom(context, 'CustomLayerParams')
  watchPaths(context)
  watchWeights(context)
  const value = walker.read('Model', walker.whole, { keep: ['specificationVersion'] }).number('specificationVersion')
  facts.metadata({ key: 'specificationVersion', type: 'int32', value })
}

/** See the module. */
export const coreMlReader: FormatReader = {
  format: 'core-ml',
  title: 'Core ML model',
  version: 1,
  extensions: ['.mlmodel'],
  sniff(glimpse) {
    if (!/\.mlmodel$/i.test(glimpse.path)) return null
    return isCoreMl(glimpse) ? 'structure' : 'name'
  },
  read: (request) => readNetwork(request, { format: 'core-ml', schema: SCHEMA, read }),
}
