/**
 * What a node of a skops schema would do when it is loaded.
 *
 * Most nodes make an instance of a class without calling its constructor and give it a state. Some do more: a method
 * node takes an attribute of an object by name, an operator node calls a function of the module `operator`, a reduce
 * node calls its class. skops asks whoever loads the file to trust what is not on its list; loaders are often told to
 * trust whatever the file names.
 *
 * Source: skops 0.9 to 0.16, `skops/io/_general.py`, `_numpy.py`, `_scipy.py`, `_sklearn.py`.
 */
import { findDanger } from '../pickle/danger.ts'
import type { SkopsAnomaly } from './anomalies.ts'
import { TRUSTED_TYPES } from './trusted-types.ts'

/** A node as it stands in the schema. */
export interface SkopsNode {
  readonly loader: string
  readonly module: string
  readonly name: string
  /** Method nodes: the attribute, and the node of the object. */
  readonly method?: string | undefined
  readonly owner?: Pick<SkopsNode, 'module' | 'name'> | undefined
}

/** Why a node is not harmless. */
export interface NodeObjection {
  readonly code: Exclude<SkopsAnomaly, 'sko-schema'>
  /** Completes the sentence "the node …". */
  readonly why: string
}

/** Kinds of nodes that make what they name out of data and do nothing else. */
const PLAIN_LOADERS: ReadonlySet<string> = new Set([
  'CachedNode',
  'DictNode',
  'DefaultDictNode',
  'ListNode',
  'SetNode',
  'TupleNode',
  'BytesNode',
  'BytearrayNode',
  'SliceNode',
  'FunctionNode',
  'TypeNode',
  'ObjectNode',
  'JsonNode',
  'NdArrayNode',
  'MaskedArrayNode',
  'DTypeNode',
  'RandomStateNode',
  'RandomGeneratorNode',
  'SparseMatrixNode',
  'LossNode',
  'TreeNode',
  'QuantileForestNode',
  'ConstructorFromReduceNode',
  '_DictWithDeprecatedKeysNode',
])

const TRUSTED: ReadonlySet<string> = new Set(
  TRUSTED_TYPES.trim()
    .split('\n')
    .flatMap((line) => {
      const [module, ...names] = line.split(' ')
      return names.map((name) => `${module}.${name}`)
    }),
)

function judgeOperator({ module, name }: SkopsNode): NodeObjection {
  if (module === 'operator' && name === 'itemgetter')
    return { code: 'sko-untrusted', why: 'picks items by an operator that is not on the list' }
  return { code: 'sko-foreign', why: `calls ${module}.${name}, which reaches attributes or methods by name` }
}

function judgeMethod({ module, name, method, owner }: SkopsNode): NodeObjection {
  if (owner === undefined || owner.module !== module || owner.name !== name)
    return { code: 'sko-foreign', why: 'takes a method of an object of another class than it says' }
  if (method === undefined || method.startsWith('_') || !TRUSTED.has(`${module}.${name}`))
    return { code: 'sko-foreign', why: 'takes an attribute that is none of a trusted object' }
  return { code: 'sko-untrusted', why: `takes the method ${JSON.stringify(method)} of an object` }
}

/** What it binds is a node of its own. */
function judgePartial({ module, name }: SkopsNode): NodeObjection {
  if (module === 'functools' && name === 'partial')
    return { code: 'sko-untrusted', why: 'binds arguments to a function, which is called when the model is used' }
  return { code: 'sko-foreign', why: `says that it is ${module}.${name} and binds arguments to a function` }
}

/** What is to be said against a node, or undefined. @example judgeNode({ loader: 'DictNode', module: 'builtins', name: 'dict' }) // undefined */
export function judgeNode(node: SkopsNode): NodeObjection | undefined {
  const { loader, module, name } = node
  if (loader === 'OperatorFuncNode') return judgeOperator(node)
  if (loader === 'MethodNode') return judgeMethod(node)
  if (loader === 'PartialNode') return judgePartial(node)
  if (loader === 'JsonNode') return undefined
  if (TRUSTED.has(`${module}.${name}`) && PLAIN_LOADERS.has(loader)) return undefined
  const danger = findDanger({ module, name })
  if (danger !== undefined) return { code: 'sko-foreign', why: `names ${module}.${name}: ${danger.why}` }
  if (!PLAIN_LOADERS.has(loader)) return { code: 'sko-untrusted', why: `is of the kind ${JSON.stringify(loader)}` }
  return { code: 'sko-untrusted', why: `names ${module}.${name}, which is not on the list` }
}
