/**
 * Assignments that change how Python itself works, or put a listed function where something else will call it.
 */
import { namesOf } from './calls.ts'
import { canonicalName } from './names.ts'
import { isFollowUp, sinkOf } from './sinks.ts'
import { inField, type PyNode } from './syntax.ts'
import { textIn } from './text-methods.ts'
import { optionsOf, type Value } from './values.ts'
import type { Context, Place, SourceWalk } from './walk.ts'

/** Modules whose functions nobody has a reason to replace. */
const GUARDED =
  /^(?:builtins|os|subprocess|pickle|importlib|socket|ssl|hashlib|marshal|types)\.\w+$|^sys\.(?:meta_path|path_hooks|excepthook|displayhook|stdout|stdin|modules|setprofile)$|^torch\.(?:load|save|jit\.load|serialization\.\w+)$|^torch\.nn\.Module\.(?:__init__|__call__|forward|load_state_dict)$|^safetensors\.torch\.\w+$|^transformers\.PreTrainedModel\.\w+$/

/** One assignment. */
export interface Assignment {
  readonly node: PyNode
  readonly target: PyNode
  readonly value: Value | undefined
  readonly context: Context
}

/** The name outside that is assigned to, when it is one. */
function outsideTargets(walk: SourceWalk, target: PyNode, { scope }: Context): readonly string[] {
  const { evaluator } = walk
  if (target.type === 'attribute') {
    const name = evaluator.sourceOf(inField(target, 'attribute'))
    return namesOf(evaluator.value(inField(target, 'object'), scope)).map((owner) => canonicalName(`${owner}.${name}`))
  }
  if (target.type !== 'subscript') return []
  const key = textIn(evaluator.value(inField(target, 'subscript'), scope))
  const owners = namesOf(evaluator.value(inField(target, 'value'), scope))
  return owners.flatMap((owner) => {
    if (owner === 'os.environ') return key === undefined ? [] : [`os.environ[${key}]`]
    if (owner === 'sys.modules') return key === undefined ? [] : [`sys.modules[${key}]`]
    return owner === 'builtins' || owner.endsWith('__builtins__') ? [`builtins.${key ?? '*'}`] : []
  })
}

function isHook(name: string): boolean {
  if (/^os\.environ\[(?:LD_PRELOAD|DYLD_INSERT_LIBRARIES|PYTHONSTARTUP)\]$/.test(name)) return true
  return GUARDED.test(name) || name.startsWith('sys.modules[')
}

/** Notes hooks, and listed functions that become members of classes, objects or modules. */
export function noteAssignment(walk: SourceWalk, { node, target, value, context }: Assignment): void {
  if (context.returns !== undefined) return
  for (const name of outsideTargets(walk, target, context)) if (isHook(name)) walk.note('hook', name, { node, context })
  const becomesMember = target.type === 'attribute' || target.type === 'subscript' || context.owner !== undefined
  if (becomesMember) for (const name of optionsOf(value).flatMap(namesOf)) noteMember(walk, name, { node, context })
}

function noteMember(walk: SourceWalk, name: string, place: Place): void {
  const kind = sinkOf(name)
  if ((kind === 'execution' || kind === 'process') && !isFollowUp(name) && !name.includes('()'))
    walk.note(kind, name, place)
}

/** Notes listed functions in what is returned, by themselves or as the first of a tuple. */
export function noteReturned(walk: SourceWalk, value: Value | undefined, place: Place): void {
  for (const option of optionsOf(value)) {
    const returned = option.kind === 'list' ? option.items[0] : option
    for (const name of namesOf(returned)) noteMember(walk, name, place)
  }
}
