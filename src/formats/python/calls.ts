/**
 * What one call does: whether it reaches the machine, and with what.
 *
 * A call is judged by the name that its callee comes to and by its constant arguments; a listed function that is handed
 * on to another counts as called, because whoever takes it will call it.
 */
import type { CodeKind } from '../facts.ts'
import type { CallArguments } from './evaluate.ts'
import { canonicalName } from './names.ts'
import { isFollowUp, SECRET_PATHS, SECRET_VARIABLES, sinkOf, STARTING_PATHS } from './sinks.ts'
import { textIn } from './text-methods.ts'
import { optionsOf, type Value } from './values.ts'

/** Something that a call does. */
export interface Effect {
  readonly kind: CodeKind
  readonly target: string
}

/** Functions that look at what they are given and call nothing. */
const LOOKING: ReadonlySet<string> = new Set(
  'isinstance issubclass hasattr getattr type id repr str hash callable print len dir'
    .split(' ')
    .map((name) => `builtins.${name}`),
)
const OPENING =
  /^(?:builtins\.open|os\.open|pathlib\.Path|os\.path\.\w+|shutil\.\w+|os\.listdir|glob\.\w+|io\.\w+|os\.walk)$/
const HANDED: ReadonlySet<CodeKind> = new Set(['execution', 'process', 'network', 'native'])

/** The names that a value may be, in their listed form. */
export function namesOf(value: Value | undefined): readonly string[] {
  return optionsOf(value).flatMap((option) => {
    if (option.kind === 'partial') return namesOf(option.callee)
    return option.kind === 'name' ? [canonicalName(option.name)] : []
  })
}

/** Calls of listed functions that are harmless with the arguments that they are given. */
function isHarmless(name: string, { placed, named }: CallArguments): boolean {
  if (name === 'torch.load') return isTrue(named.get('weights_only'))
  if (name === 'numpy.load') return !isTrue(named.get('allow_pickle') ?? placed[2])
  if (name === 'yaml.load') return namesOf(named.get('Loader') ?? placed[1]).some((loader) => loader.includes('Safe'))
  if (name === 'pandas.eval' || name === 'os.kill') return false
  if (/^(?:builtins\.__import__|importlib\.import_module|pydoc\.locate|pkgutil\.resolve_name)$/.test(name))
    return textIn(placed[0] ?? named.get('name')) !== undefined
  return false
}

function isTrue(value: Value | undefined): boolean {
  return namesOf(value).includes('True')
}

function fileEffects(name: string, { placed, named }: CallArguments): readonly Effect[] {
  if (!OPENING.test(name)) return []
  const texts = placed.map(textIn).filter((text) => text !== undefined)
  const mode = textIn(placed[1] ?? named.get('mode')) ?? ''
  const writes = /^[^/]{0,3}[wax+]/.test(mode) && mode.length <= 4
  const secret = texts.find((text) => SECRET_PATHS.test(text))
  const starting = texts.find((text) => STARTING_PATHS.test(text))
  return [
    ...(secret === undefined ? [] : [{ kind: 'credential', target: `${name}(${secret})` } as const]),
    ...(starting === undefined ? [] : [{ kind: 'execution', target: `${name}(${starting})` } as const]),
    ...(writes && name === 'builtins.open' ? [{ kind: 'file', target: 'builtins.open' } as const] : []),
  ]
}

/** A variable of the environment that is read, when its name says that it holds a secret. */
export function variableEffect(name: string, key: string | undefined): readonly Effect[] {
  if (!/^os\.(?:environ|getenv|environ\.get|environ\.pop|environb)$/.test(name) || key === undefined) return []
  return SECRET_VARIABLES.test(key) ? [{ kind: 'credential', target: `os.environ[${key}]` }] : []
}

/** The whole environment, handed to something or copied. */
function environmentEffects(name: string, { placed, named }: CallArguments): readonly Effect[] {
  const whole = [...placed, ...named.values()].some((value) => namesOf(value).includes('os.environ'))
  const copied = name === 'os.environ.copy' || name === 'os.environ.items' || name === 'os.environ.values'
  return (whole && !LOOKING.has(name)) || copied ? [{ kind: 'credential', target: 'os.environ' }] : []
}

function handedOn(name: string | undefined, { placed, named }: CallArguments): readonly Effect[] {
  if (name !== undefined && LOOKING.has(name)) return []
  return [...placed, ...named.values()].flatMap((value) =>
    namesOf(value).flatMap((target): readonly Effect[] => {
      const kind = sinkOf(target)
      return kind !== undefined && HANDED.has(kind) && !isFollowUp(target) ? [{ kind, target }] : []
    }),
  )
}

/** What calling one of the named functions with these arguments does. */
export function effectsOf(callee: Value | undefined, given: CallArguments): readonly Effect[] {
  const names = namesOf(callee)
  const called = names.flatMap((name): readonly Effect[] => {
    const kind = sinkOf(name)
    const direct = kind === undefined || isFollowUp(name) || isHarmless(name, given) ? [] : [{ kind, target: name }]
    return [
      ...direct,
      ...fileEffects(name, given),
      ...variableEffect(name, textIn(given.placed[0])),
      ...environmentEffects(name, given),
    ]
  })
  return [...called, ...handedOn(names[0], given)]
}
