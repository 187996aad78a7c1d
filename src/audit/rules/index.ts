/** All rules of this version, in the order in which they are listed, and which rule answers for which anomaly. */
import { Fault } from '../../base/index.ts'
import type { Rule } from '../rule.ts'
import { ARCHIVE_FORM_RULES } from './archive-form.ts'
import { ARCHIVE_RULES } from './archive.ts'
import { CONFIG_FORM_RULES } from './config-form.ts'
import { CONFIG_RULES } from './config.ts'
import { EXECUTABLE_RULES } from './executable.ts'
import { ENGINE_RULES } from './engine.ts'
import { FILE_RULES } from './file.ts'
import { FLATBUFFER_RULES } from './flatbuffer.ts'
import { GGUF_RULES } from './gguf.ts'
import { HDF5_RULES } from './hdf5.ts'
import { KERAS_RULES } from './keras.ts'
import { LANGUAGE_RULES } from './language.ts'
import { LICENCE_RULES } from './licence.ts'
import { MESSAGE_PACK_RULES } from './message-pack.ts'
import { MODEL_FORM_RULES } from './model-form.ts'
import { NAME_RULES } from './name.ts'
import { ONNX_RULES } from './onnx.ts'
import { NUMPY_RULES } from './numpy.ts'
import { PICKLE_FORM_RULES } from './pickle-form.ts'
import { PICKLE_USE_RULES } from './pickle-use.ts'
import { PICKLE_RULES } from './pickle.ts'
import { PROGRAM_RULES } from './program.ts'
import { SAFETENSORS_RULES } from './safetensors.ts'
import { SECRET_RULES } from './secret.ts'
import { SKOPS_RULES } from './skops.ts'
import { SYSTEM_RULES } from './system.ts'
import { TEMPLATE_RULES } from './template.ts'
import { TENSORFLOW_RULES } from './tensorflow.ts'
import { TORCH_RULES } from './torch.ts'
import { XML_RULES } from './xml.ts'

/** See the module. */
export const RULES: readonly Rule[] = [
  ...SYSTEM_RULES,
  ...FILE_RULES,
  ...ARCHIVE_RULES,
  ...ARCHIVE_FORM_RULES,
  ...SAFETENSORS_RULES,
  ...GGUF_RULES,
  ...PICKLE_RULES,
  ...PICKLE_FORM_RULES,
  ...PICKLE_USE_RULES,
  ...ONNX_RULES,
  ...TENSORFLOW_RULES,
  ...NUMPY_RULES,
  ...SKOPS_RULES,
  ...TORCH_RULES,
  ...KERAS_RULES,
  ...HDF5_RULES,
  ...TEMPLATE_RULES,
  ...CONFIG_RULES,
  ...CONFIG_FORM_RULES,
  ...EXECUTABLE_RULES,
  ...FLATBUFFER_RULES,
  ...MESSAGE_PACK_RULES,
  ...MODEL_FORM_RULES,
  ...ENGINE_RULES,
  ...LANGUAGE_RULES,
  ...XML_RULES,
  ...SECRET_RULES,
  ...LICENCE_RULES,
  ...NAME_RULES,
  ...PROGRAM_RULES,
]

/** The rule that answers for each anomaly code. */
export const ANSWERS: ReadonlyMap<string, Rule> = new Map(
  RULES.flatMap((rule) => rule.anomalies.map((code) => [code, rule] as const)),
)

const BY_ID: ReadonlyMap<string, Rule> = new Map(RULES.map((rule) => [rule.id, rule]))

/** The rule of an id. @throws Fault `no-such-rule` */
export function ruleById(id: string): Rule {
  const rule = BY_ID.get(id)
  if (rule === undefined) throw new Fault('no-such-rule', `${id} is no rule of this version`)
  return rule
}
