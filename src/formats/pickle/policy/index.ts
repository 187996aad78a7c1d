/** The policies that ship, and where a global is listed in them. */
import { digestOf } from '../../../base/index.ts'
import { SKLEARN, TORCH_NN } from './libraries.ts'
import { NUMPY_SIGNATURES } from './numpy.ts'
import { PANDAS } from './pandas.ts'
import { SCIPY } from './scipy.ts'
import { FLAIR, LIGHTNING, TRANSFORMERS, ULTRALYTICS } from './trainers.ts'
import { PYTHON_SIGNATURES } from './python.ts'
import { listGlobals, type ListedGlobal, type PicklePolicy } from './signature.ts'
import { TORCH_SIGNATURES } from './torch.ts'
import { TORCHSCRIPT_SIGNATURES } from './torchscript.ts'

export type { ListedGlobal, PicklePolicy, Signature } from './signature.ts'

/** What needs no library's promise beyond that of Python, NumPy, joblib and torch to rebuild data. */
const CORE: PicklePolicy = {
  id: 'core',
  title: 'Data of Python, NumPy, joblib and torch',
  versions: 'python 3.8 to 3.14, numpy 1.17 to 2.4, joblib 0.10 to 1.5, torch 1.0 to 2.9',
  signatures: [...PYTHON_SIGNATURES, ...NUMPY_SIGNATURES, ...TORCH_SIGNATURES, ...TORCHSCRIPT_SIGNATURES],
}

/** See the module. The core comes first. */
export const POLICIES: readonly PicklePolicy[] = [
  CORE,
  TORCH_NN,
  SKLEARN,
  SCIPY,
  PANDAS,
  TRANSFORMERS,
  LIGHTNING,
  FLAIR,
  ULTRALYTICS,
]

/** A listed global and the policy that lists it. */
export interface PolicyEntry extends ListedGlobal {
  readonly policy: string
}

function index(): ReadonlyMap<string, ReadonlyMap<string, PolicyEntry>> {
  const modules = new Map<string, Map<string, PolicyEntry>>()
  for (const policy of POLICIES) {
    for (const listed of listGlobals(policy)) {
      const names = modules.get(listed.module) ?? new Map<string, PolicyEntry>()
      if (!names.has(listed.name)) names.set(listed.name, { ...listed, policy: policy.id })
      modules.set(listed.module, names)
    }
  }
  return modules
}

const BY_MODULE = index()

/** The entry of a global, or undefined when no policy lists it. @example findListed('collections', 'OrderedDict')?.policy // 'core' */
export function findListed(module: string, name: string): PolicyEntry | undefined {
  return BY_MODULE.get(module)?.get(name)
}

const DIGESTS = new Map<string, string>()

/** Digest of the named policies, in their order. */
export function policiesDigest(ids: readonly string[]): string {
  const key = ids.join(' ')
  const known = DIGESTS.get(key) ?? digestOf(POLICIES.filter(({ id }) => ids.includes(id)))
  DIGESTS.set(key, known)
  return known
}

const VERSIONS = new Map<string, readonly string[]>()

/** The versions for which the named policies were vetted. */
export function versionsOf(ids: readonly string[]): readonly string[] {
  const key = ids.join(' ')
  const known = VERSIONS.get(key) ?? POLICIES.filter(({ id }) => ids.includes(id)).map(({ versions }) => versions)
  VERSIONS.set(key, known)
  return known
}
