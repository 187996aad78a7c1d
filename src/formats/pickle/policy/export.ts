/**
 * Policies for loaders: so that the importer's loader enforces what was proved.
 *
 * `pickleball`: the two lists that PickleBall's loader takes for a library, the globals that may be resolved and those
 * that may be called. `torch`: Python that adds the names to the list of `torch.load(weights_only=True)`.
 *
 * A loader that goes by names enforces less than the proof says: arguments and states are not looked at.
 * Source: PickleBall (CCS 2025), section on policies; `torch/serialization.py` (add_safe_globals).
 */
import { compareCodePoints, Fault } from '../../../base/index.ts'
import { findListed, POLICIES } from './index.ts'
import { listGlobals, type ListedGlobal, type PicklePolicy } from './signature.ts'

/** For which loader. */
export const EXPORT_FORMATS = ['pickleball', 'torch'] as const
/** See {@link EXPORT_FORMATS}. */
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** Ids of the policies that ship. */
export function policyIds(): readonly string[] {
  return POLICIES.map(({ id }) => id)
}

function pathOf({ module, name }: ListedGlobal): string {
  return `${module}.${name}`
}

function isCalled({ signature }: ListedGlobal): boolean {
  return signature.reduce !== undefined || signature.newobj !== undefined
}

/** What the policy itself decides: a name that an earlier policy lists is that one's. */
function ownGlobals(policy: PicklePolicy): readonly ListedGlobal[] {
  return [...listGlobals(policy)].filter(({ module, name }) => findListed(module, name)?.policy === policy.id)
}

/** Names that no list can make harmless: what they may be given is what makes them so. */
const CONDITIONAL: ReadonlySet<string> = new Set([
  'builtins.getattr',
  '__builtin__.getattr',
  'builtins.type',
  '__builtin__.type',
])

function toPickleBall({ id, versions }: PicklePolicy, globals: readonly ListedGlobal[]): string {
  const paths = (list: readonly ListedGlobal[]): readonly string[] =>
    [...new Set(list.map(pathOf))].toSorted(compareCodePoints)
  return JSON.stringify(
    { policy: id, versions, globals: paths(globals), reduces: paths(globals.filter(isCalled)) },
    null,
    2,
  )
}

function toTorch({ id, versions }: PicklePolicy, globals: readonly ListedGlobal[]): string {
  const rows = globals.map(({ module, name }) => `    (${JSON.stringify(module)}, ${JSON.stringify(name)}),`)
  return [
    `# Policy ${id}, vetted for ${versions}.`,
    'import importlib',
    '',
    'import torch',
    '',
    'NAMES = [',
    ...[...new Set(rows)].toSorted(compareCodePoints),
    ']',
    '',
    '',
    'def present(names):',
    '    for module, name in names:',
    '        try:',
    '            yield getattr(importlib.import_module(module), name)',
    '        except (ImportError, AttributeError):',
    '            pass  # another version of the library',
    '',
    '',
    'torch.serialization.add_safe_globals(list(present(NAMES)))',
  ].join('\n')
}

/**
 * A policy in the form that a loader takes.
 *
 * @throws Fault `no-such-policy`
 */
export function exportPolicy(id: string, format: ExportFormat): string {
  const policy = POLICIES.find((each) => each.id === id)
  if (policy === undefined)
    throw new Fault('no-such-policy', `"${id}" is no policy; there are ${policyIds().join(', ')}`)
  const globals = ownGlobals(policy).filter((global) => !CONDITIONAL.has(pathOf(global)) && !global.name.includes('.'))
  return format === 'torch' ? toTorch(policy, globals) : toPickleBall(policy, globals)
}
