/**
 * Programs beside the weights: what they reach, when, and what they draw in.
 *
 * The reader says what a source or its bytecode comes down to; here it is weighed. Ordinary model code imports the
 * frameworks, opens its vocabulary and computes; it starts no process, opens no connection and runs no text.
 */
import { hiddenProgramIn, type CodeFact, type FileFacts } from '../../formats/index.ts'
import type { Observation, Subject } from '../rule.ts'
import { quote } from '../wording.ts'
import { isKnownModule } from './known-modules.ts'

const PROGRAMS: ReadonlySet<string> = new Set(['python', 'notebook', 'pyc'])
/** Files that Python or its tools run without being asked by the model. */
const RUN_UNASKED = /(?:^|\/)(?:sitecustomize|usercustomize|conftest|setup)\.py$|\.pth$/

interface Placed extends CodeFact {
  readonly path: string
}

/** Whether there is a program in Python. */
export function hasPrograms({ facts }: Subject): boolean {
  return facts.files.some(({ format }) => PROGRAMS.has(format))
}

function programs({ facts }: Subject): readonly FileFacts[] {
  return facts.files.filter(({ format }) => PROGRAMS.has(format))
}

/**
 * Whether a fact is a sink by itself. Reading a variable that may hold a secret is one only beside a way out; writing
 * files is one only on import; loading another artefact is one only on import, from bytes.
 */
function isSink({ kind, target, reach }: CodeFact, { hasWayOut }: { readonly hasWayOut: boolean }): boolean {
  if (kind === 'execution' || kind === 'process' || kind === 'network') return true
  if (kind === 'credential') return hasWayOut || !target.startsWith('os.environ')
  if (kind === 'file') return reach === 'import'
  return kind === 'draw' && reach === 'import' && /^(?:pickle|joblib|shelve)\./.test(target)
}

function sinksIn({ path, code = [] }: FileFacts): readonly Placed[] {
  const hasWayOut = code.some(({ kind }) => kind === 'network' || kind === 'process')
  return code.filter((fact) => isSink(fact, { hasWayOut })).map((fact) => ({ ...fact, path }))
}

const WORDS: Readonly<Record<string, string>> = {
  execution: 'runs code',
  process: 'starts a process',
  network: 'opens a connection',
  credential: 'reads what may be a secret',
  file: 'changes files',
  draw: 'loads another artefact',
}
const WHEN: Readonly<Record<CodeFact['reach'], string>> = {
  import: 'when it is imported',
  load: 'when a model is built or asked',
  call: 'when it is called',
}

function toObservation({ path, locus, detail }: Placed, message: string): Observation {
  const place = { path, locus, message }
  return detail === undefined ? place : { ...place, evidence: quote(detail) }
}

function sayWhat(fact: Placed): Observation {
  return toObservation(fact, `the program ${WORDS[fact.kind]} ${WHEN[fact.reach]}: ${quote(fact.target)}`)
}

/** Sinks that are reached without anybody asking for them. */
export function observeReachedSinks(subject: Subject): readonly Observation[] {
  return programs(subject)
    .flatMap(sinksIn)
    .filter(({ reach }) => reach !== 'call')
    .map(sayWhat)
}

/** Sinks that are reached only by a call. */
export function observeCalledSinks(subject: Subject): readonly Observation[] {
  return programs(subject)
    .flatMap(sinksIn)
    .filter(({ reach }) => reach === 'call')
    .map(sayWhat)
}

function ofKind(subject: Subject, kind: CodeFact['kind']): readonly Placed[] {
  return programs(subject).flatMap(({ path, code = [] }) =>
    code.filter((fact) => fact.kind === kind).map((fact) => ({ ...fact, path })),
  )
}

/** Formats whose metadata say what a model is, and have no use for a program. */
const DESCRIBING: ReadonlySet<string> = new Set([
  'safetensors',
  'gguf',
  'hf-config',
  'safetensors-index',
  'onnx',
  'tflite',
])

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

function programsInMetadata({ path, format, metadata }: FileFacts): readonly Observation[] {
  if (!DESCRIBING.has(format)) return []
  return metadata.flatMap(({ key, value }) => {
    const found = textsOf(value).map((text) => ({ text, program: hiddenProgramIn(text) }))
    return found.flatMap(({ text, program }) => {
      if (program === undefined) return []
      return [{ path, locus: key, message: `the metadata hold ${program}`, evidence: quote(text.slice(0, 200)) }]
    })
  })
}

/** Programs in encoded texts, and in the metadata of weights and configurations. */
export function observePayloads(subject: Subject): readonly Observation[] {
  const packed = ofKind(subject, 'payload').map((fact) =>
    toObservation(fact, `a text is packed and holds ${fact.target}`),
  )
  return [...packed, ...subject.facts.files.flatMap(programsInMetadata)]
}

/** Path and size of the source that a file of bytecode was made of, as far as they can be told. */
function sourceOf(path: string): string {
  const [, folder = '', name = ''] = /^(.*?)(?:__pycache__\/)?([^/]+?)(?:\.[\w-]+)?\.py[co]$/.exec(path) ?? []
  return `${folder}${name}.py`
}

function bytecodeAlone({ facts }: Subject): readonly Observation[] {
  const paths = new Set(facts.files.map(({ path }) => path))
  return facts.files
    .filter(({ path, format }) => format === 'pyc' && !paths.has(sourceOf(path)))
    .map(({ path }) => ({ path, locus: 'file', message: `bytecode without its source ${quote(sourceOf(path))}` }))
}

/** Bytecode without source, files that Python runs unasked, and changes to Python itself. */
export function observeHidden(subject: Subject): readonly Observation[] {
  const unasked = programs(subject)
    .filter(({ path, format }) => format === 'python' && RUN_UNASKED.test(path))
    .map(({ path }) => ({ path, locus: 'name', message: 'a file of this name is run by Python or its tools unasked' }))
  const hooks = ofKind(subject, 'hook').map((fact) =>
    toObservation(fact, `the program changes how Python works: ${quote(fact.target)}`),
  )
  return [...bytecodeAlone(subject), ...unasked, ...hooks]
}

/** Modules that stand beside the program in the artefact. */
function ownModules({ facts }: Subject): ReadonlySet<string> {
  return new Set(facts.files.flatMap(({ path }) => path.replace(/\.pyi?$/, '').split('/')))
}

/** Imports of modules that model code has no use for, and of artefacts that a program loads. */
export function observeImports(subject: Subject): readonly Observation[] {
  const own = ownModules(subject)
  return programs(subject).flatMap(({ path, code = [] }) => {
    const foreign = code.filter(
      ({ kind, target }) => kind === 'import' && !isKnownModule(target) && !own.has(target.split('.')[0] ?? ''),
    )
    const names = [...new Set(foreign.map(({ target }) => target.split('.')[0] ?? target))]
    const drawn = code.filter((fact) => fact.kind === 'draw' && !isSink(fact, { hasWayOut: false }))
    return [
      ...(names.length === 0
        ? []
        : [{ path, locus: 'imports', message: `the program imports ${names.slice(0, 20).map(quote).join(', ')}` }]),
      ...drawn.map((fact) => sayWhat({ ...fact, path })),
    ]
  })
}

/** Machine code that a program loads or compiles. */
export function observeNative(subject: Subject): readonly Observation[] {
  return ofKind(subject, 'native').map((fact) =>
    toObservation(fact, `the program loads or compiles machine code ${WHEN[fact.reach]}: ${quote(fact.target)}`),
  )
}
