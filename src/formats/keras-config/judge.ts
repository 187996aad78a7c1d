/**
 * What one object of a Keras configuration asks for, judged by the names alone.
 *
 * Keras looks an object up by module and class, imports what is missing, and calls what it finds with the arguments
 * that stand beside it. So a name that is no part of a model is a call that somebody else chose.
 *
 * Source: `keras/src/saving/serialization_lib.py` of Keras 3, as to which field decides; CVE-2025-1550, CVE-2025-8747,
 * CVE-2025-9906, CVE-2025-49655, CVE-2026-1462.
 */
import { quoteName } from '../names.ts'
import type { KerasAnomaly } from './anomalies.ts'
import {
  isForeignModule,
  isKerasClass,
  isKerasFunction,
  isKerasModule,
  isOperationModule,
  isPythonFunction,
  isTool,
  isToolModule,
  LOADERS,
} from './vocabulary.ts'

/** The names of an object. */
export interface ObjectNames {
  readonly module: string | undefined
  readonly className: string
  readonly registered: string | undefined
  /** Name of the function, where the class is `function`. */
  readonly functionName: string | undefined
}

/** What is wrong with it. */
export interface Objection {
  readonly code: KerasAnomaly
  readonly message: string
}

/** Classes by which Keras writes values that are no layers. */
const VALUES: ReadonlySet<string> = new Set([
  '__keras_tensor__',
  '__tensor__',
  '__numpy__',
  '__bytes__',
  '__ellipsis__',
  '__slice__',
  '__tuple__',
  '__list__',
  'TensorShape',
  'CompositeTensor',
])
const NO_MODULES: ReadonlySet<string | undefined> = new Set([undefined, '', '__main__'])
const BUILT_IN = 'builtins'
/** What registered names begin with when Keras registered them itself; tf.keras did so with optimisers of its own. */
const OWN_PACKAGE =
  /^((keras|Keras|tf_keras)>|Custom>(Adadelta|Adafactor|Adagrad|Adam|AdamW|Adamax|Ftrl|Lion|Nadam|RMSprop|SGD)$)/

/** What the object is, as a person would say it. */
export function describeObject({ module, className, functionName }: ObjectNames): string {
  const name = functionName ?? className
  return quoteName(NO_MODULES.has(module) ? name : `${module}.${name}`)
}

/** What to object to; undefined for what is part of a model. */
export function judgeObject(names: ObjectNames): Objection | undefined {
  const { module = '', className } = names
  if (VALUES.has(className) || isTypeOfTensorFlow(names)) return undefined
  const what = describeObject(names)
  if (isForeignModule(module) && !isKerasModule(module)) return judgeForeign(names, what)
  return judgeCode(names, what) ?? judgeName(names, what)
}

/** Layers that carry or load code, by their class alone. */
function judgeCode({ module = '', className }: ObjectNames, what: string): Objection | undefined {
  if (className === '__lambda__') return { code: 'krs-lambda', message: 'a Python function is stored as bytecode' }
  if (className === 'Lambda' && (isKerasModule(module) || NO_MODULES.has(module)))
    return { code: 'krs-lambda', message: 'a Lambda layer runs a Python function that is stored with it' }
  const loader = LOADERS.get(className)
  return loader === undefined ? undefined : { code: 'krs-loader', message: `${what} ${loader}` }
}

function judgeName(names: ObjectNames, what: string): Objection | undefined {
  const { module = '', functionName } = names
  const isKeras = isKerasModule(module)
  if (!isKeras && !NO_MODULES.has(module)) return custom(what)
  if (isKeras && reachesTool(names)) return tool(what)
  return functionName === undefined ? judgeClass(names, what) : judgeFunction(names, what)
}

function custom(what: string): Objection {
  return { code: 'krs-custom', message: `${what} must come from the code of the importer` }
}

function tool(what: string): Objection {
  return { code: 'krs-tool', message: `${what} builds nothing; it loads, fetches, writes or configures` }
}

/** The specification of a tensor, which TensorFlow names by its own module. */
function isTypeOfTensorFlow({ module = '', className }: ObjectNames): boolean {
  return className.endsWith('Spec') && /^tensorflow\.python\.(framework|ops)\./.test(module)
}

/** Functions by name, which versions of Keras looked up in the module that is named, whatever it was. */
function judgeForeign(
  { module, className, registered, functionName }: ObjectNames,
  what: string,
): Objection | undefined {
  if (module !== BUILT_IN || className !== 'function')
    return { code: 'krs-foreign-class', message: `${what} is no part of Keras and would be imported and called` }
  const named = [functionName, registered].filter((name) => name !== undefined && name !== 'function')
  if (named.some((name = '') => isPythonFunction(name)))
    return { code: 'krs-foreign-class', message: `${what} is a function of Python and would be called` }
  if (named.some((name = '') => isTool(name))) return tool(what)
  return isKerasFunction(functionName ?? '') ? undefined : custom(quoteName(functionName ?? className))
}

function reachesTool({ module = '', className, registered, functionName }: ObjectNames): boolean {
  const name = functionName ?? className
  if (isOperationModule(module) && !isTool(registered ?? '')) return false
  if (isTool(name) || isTool(registered ?? '')) return true
  return isToolModule(module) && !isKerasClass(name)
}

function judgeClass({ module, className, registered }: ObjectNames, what: string): Objection | undefined {
  const foreign = [registered ?? '', className].find((name) => name.includes('>') && !OWN_PACKAGE.test(name))
  if (foreign !== undefined) return custom(quoteName(foreign))
  if (OWN_PACKAGE.test(className)) return undefined
  if (isKerasClass(className) || isKerasFunction(className)) return undefined
  if (NO_MODULES.has(module)) return custom(what)
  if (isOperationModule(module ?? '')) return undefined
  return isCapital(className) ? unknown(what) : tool(what)
}

function judgeFunction({ module, functionName = '' }: ObjectNames, what: string): Objection | undefined {
  if (isKerasFunction(functionName) || isKerasClass(functionName)) return undefined
  if (NO_MODULES.has(module)) return custom(what)
  return isOperationModule(module ?? '') ? undefined : tool(what)
}

function unknown(what: string): Objection {
  return { code: 'krs-unknown-class', message: `${what} is no class of Keras that is known` }
}

function isCapital(name: string): boolean {
  return /^[A-Z]/.test(name)
}
