/**
 * What a configuration points at, and whether a loader would act on it.
 *
 * Only the files that loaders read as configuration are looked at; a model card may link wherever it likes.
 */
import type { FileFacts, ReferenceFact } from '../../formats/index.ts'
import type { Observation, Subject } from '../rule.ts'
import { quote } from '../wording.ts'

const CONFIGURATIONS: ReadonlySet<string> = new Set(['hf-config', 'hf-tokenizer', 'yaml'])
/** Keys that only say where something came from; no loader follows them. */
const INFORMING =
  /\/(?:_name_or_path|name_or_path|license|license_link|license_url|homepage|documentation|citation|paper|repository|\$schema|_commit_hash|[\w-]*dataset[\w-]*)(?:\/|$)/i
/** A step upwards, a path from the root of at least two names, a drive or a network share. */
const LEAVING = /(?:^|[\\/])\.\.(?:[\\/]|$)|^~?\/[\w.-]+\/[\w./-]+$|^[A-Za-z]:[\\/]|^\\\\\w/
/** Prefixes of classes that frameworks themselves name in such keys. */
const FRAMEWORK_CLASSES: readonly string[] = [
  'sentence_transformers.',
  'torch.nn.',
  'torch.optim.',
  'transformers.models.',
  'diffusers.models.',
  'diffusers.schedulers.',
  'diffusers.pipelines.',
]

/** Names of files that loaders of models read; JSON under another name is data, and may hold addresses of anything. */
const READ_BY_LOADERS =
  /config|token|vocab|index|modules|param|setting|generation|processor|adapter|model|pipeline|scheduler|weight|template|manifest|handler|serving|deploy|env|train|args|option|metadata|\.ya?ml$/i

function isReadByLoaders({ path }: FileFacts): boolean {
  return READ_BY_LOADERS.test(path.slice(path.lastIndexOf('/') + 1))
}

interface Placed extends ReferenceFact {
  readonly file: FileFacts
}

function placed({ facts }: Subject, kind: ReferenceFact['kind']): readonly Placed[] {
  return facts.files
    .filter(({ format }) => CONFIGURATIONS.has(format))
    .flatMap((file) => file.references.filter((each) => each.kind === kind).map((each) => ({ ...each, file })))
}

function toObservation({ file, locus, target }: Placed, message: string): Observation {
  return { path: file.path, locus, message, evidence: quote(target) }
}

/** The repository of a code reference, when it is not the artefact itself. */
function otherRepository({ target }: ReferenceFact, { artefact }: Subject): string | undefined {
  const named = target.includes('--') ? target.slice(0, target.indexOf('--')) : undefined
  const repository = named ?? (/^[\w.-]+\/[\w.-]+$/.test(target) && !target.endsWith('.py') ? target : undefined)
  return repository === artefact.source.location ? undefined : repository
}

/** Code in the repository itself that a loader is told to run. */
export function observeOwnCode(subject: Subject): readonly Observation[] {
  return placed(subject, 'code')
    .filter((reference) => otherRepository(reference, subject) === undefined)
    .map((reference) => toObservation(reference, `a loader that trusts the model runs ${quote(reference.target)}`))
}

/** Code in another repository that a loader is told to fetch and run. */
export function observeForeignCode(subject: Subject): readonly Observation[] {
  return placed(subject, 'code').flatMap((reference) => {
    const repository = otherRepository(reference, subject)
    if (repository === undefined) return []
    const message = `a loader that trusts the model fetches code from ${quote(repository)}, at no fixed revision, and runs it`
    return [toObservation(reference, message)]
  })
}

function isCallable({ file, locus, target }: Placed): boolean {
  const key = locus.slice(locus.lastIndexOf('/') + 1)
  const decides =
    file.format === 'yaml' ||
    key === '_target_' ||
    key === '_partial_target_' ||
    (key === 'type' && /(?:^|\/)modules\.json$/.test(file.path))
  return decides && !FRAMEWORK_CLASSES.some((prefix) => target.startsWith(prefix))
}

/** Classes or functions outside the frameworks that a loader is told to import and call. */
export function observeClasses(subject: Subject): readonly Observation[] {
  return placed(subject, 'class')
    .filter(isCallable)
    .map((reference) => toObservation(reference, `a loader imports and calls ${quote(reference.target)}`))
}

/** Paths that lead out of the artefact. */
export function observeEscapes(subject: Subject): readonly Observation[] {
  return placed(subject, 'path')
    .filter(({ file }) => isReadByLoaders(file))
    .filter(({ locus, target }) => LEAVING.test(target) && !INFORMING.test(locus) && !isBaseModel(locus))
    .map((reference) => toObservation(reference, `the path ${quote(reference.target)} leads out of the artefact`))
}

/** Names under which metadata of weights give an address that something is meant to be done with. */
const ACTING =
  /(?:callback|webhook|endpoint|hook|download|payload|fetch|upload|telemetry|beacon|notify|report|setup|init|update|loader|install|config)[_-]?(?:url|uri|link|address)?$/i
const ADDRESS = /^\s*(?:https?|ftp|wss?):\/\/\S+\s*$/i

/** Metadata of weights that name an address to be called; where something comes from is no such name. */
function actingAddresses({ path, format, metadata }: FileFacts): readonly Observation[] {
  if (format !== 'safetensors' && format !== 'gguf') return []
  return metadata.flatMap(({ key, value }) => {
    if (typeof value !== 'string' || !ADDRESS.test(value) || !ACTING.test(key)) return []
    const evidence = quote(value.slice(0, 200))
    return [{ path, locus: key, message: `the metadata give an address under ${quote(key)}`, evidence }]
  })
}

/** Addresses that a program could call. */
export function observeAddresses(subject: Subject): readonly Observation[] {
  return placed(subject, 'url')
    .filter(({ file }) => isReadByLoaders(file))
    .filter(({ locus }) => !INFORMING.test(locus) && !locus.includes('chat_template') && !isBaseModel(locus))
    .map((reference) => toObservation(reference, `the configuration holds the address ${quote(reference.target)}`))
    .concat(subject.facts.files.flatMap(actingAddresses))
}

function isBaseModel(locus: string): boolean {
  return locus.endsWith('/base_model_name_or_path')
}
