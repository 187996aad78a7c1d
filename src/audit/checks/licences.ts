/** What an artefact says about its licence: the card, GGUF metadata, and licence texts among the files. */
import type { FileFacts } from '../../formats/index.ts'
import { keepsTerms, licenceOfBase, termsOf } from '../licence-terms.ts'
import { namedLicences, recogniseLicence } from '../licences.ts'
import type { Observation, Subject } from '../rule.ts'
import { quote } from '../wording.ts'

interface Declaration {
  readonly path: string
  readonly locus: string
  readonly declared: string
}

interface LicenceText {
  readonly path: string
  /** Undefined when the text is of no licence that is known. */
  readonly licence: string | undefined
}

/** Where each format declares a licence; a name beside it stands for the licence `other`. */
const KEYS: ReadonlyMap<string, { readonly licence: string; readonly name: string }> = new Map([
  ['hf-card', { licence: '/license', name: '/license_name' }],
  ['gguf', { licence: 'general.license', name: 'general.license.name' }],
  ['safetensors', { licence: '/__metadata__/license', name: '/__metadata__/modelspec.license' }],
])
/** Formats that come with a model and are none. */
const BESIDE_MODELS: ReadonlySet<string> = new Set([
  'hf-card',
  'hf-config',
  'hf-tokenizer',
  'safetensors-index',
  'text',
  'unknown',
])
const OPEN_ENDED: ReadonlySet<string> = new Set(['other', 'unknown', ''])

function stringsAt({ metadata }: FileFacts, key: string): readonly string[] {
  const value = metadata.find((fact) => fact.key === key)?.value
  return (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string')
}

function declarationsIn(file: FileFacts): readonly Declaration[] {
  const keys = KEYS.get(file.format)
  if (keys === undefined) return []
  const { path } = file
  const plain = stringsAt(file, keys.licence).filter((declared) => !OPEN_ENDED.has(declared.trim().toLowerCase()))
  const named = stringsAt(file, keys.name).filter((declared) => declared.trim() !== '')
  const [source, locus] = plain.length > 0 ? [plain, keys.licence] : [named, keys.name]
  return source.map((declared) => ({ path, locus, declared }))
}

function textsIn({ path, format, texts = [] }: FileFacts): readonly LicenceText[] {
  if (format !== 'text' || !/(?:^|\/)(?:licen[cs]e|copying)[^/]*$/i.test(path)) return []
  return texts.map(({ text }) => ({ path, licence: recogniseLicence(text) }))
}

/** Whether the artefact holds a model, or what may be one, and not only what comes with models. */
export function holdsModel({ facts }: Subject): boolean {
  return facts.files.some(({ format }) => !BESIDE_MODELS.has(format))
}

/** The artefact, when it holds a model and nothing in it names a licence that is known. */
export function observeNoLicence(subject: Subject): readonly Observation[] {
  if (!holdsModel(subject)) return []
  const { facts } = subject
  const declarations = facts.files.flatMap(declarationsIn)
  const texts = facts.files.flatMap(textsIn)
  const isKnown = declarations.some(({ declared }) => namedLicences(declared).length > 0)
  if (isKnown || texts.some(({ licence }) => licence !== undefined)) return []
  const [first] = declarations
  if (first !== undefined) {
    const { path, locus, declared } = first
    return [
      { path, locus, message: `the licence is declared as ${quote(declared)}, which is no licence that is known here` },
    ]
  }
  const [text] = texts
  if (text !== undefined)
    return [{ path: text.path, locus: 'text', message: 'the text is of no licence that is known here' }]
  const message = 'no model card, metadata or licence text among the files names a licence'
  return [{ path: '.', locus: 'licence', message }]
}

/** Licence texts that are of another licence than the one declared. */
export function observeLicenceConflict({ facts }: Subject): readonly Observation[] {
  const declared = new Set(
    facts.files.flatMap(declarationsIn).flatMap((one) => namedLicences(one.declared).map(withoutSuffix)),
  )
  if (declared.size === 0) return []
  return facts.files
    .flatMap(textsIn)
    .filter(({ licence }) => licence !== undefined && !declared.has(withoutSuffix(licence)))
    .map(({ path, licence }) => {
      const message = `the text is that of ${licence}; declared is ${[...declared].join(', ')}`
      return { path, locus: 'text', message }
    })
}

/** The base models that card, adapter and GGUF metadata name. */
function basesIn({ format, metadata }: FileFacts): readonly { readonly locus: string; readonly model: string }[] {
  return metadata.flatMap(({ key, value }) => {
    const names = Array.isArray(value) ? value : [value]
    const isBase =
      (format === 'hf-card' && /^\/base_model(?:\/\d+)?$/.test(key)) ||
      (format === 'hf-config' && key === '/base_model_name_or_path') ||
      (format === 'gguf' && /^general\.base_model\.\d+\.repo_url$/.test(key))
    if (!isBase) return []
    return names
      .filter((name) => typeof name === 'string')
      .map((name) => ({ locus: key, model: name.replace(/^https?:\/\/huggingface\.co\//, '') }))
  })
}

/** Whether a base model is named. */
export function hasBase({ facts }: Subject): boolean {
  return facts.files.some((file) => basesIn(file).length > 0)
}

/** Declared licences that do not keep the terms of the base model. */
export function observeBrokenTerms({ facts }: Subject): readonly Observation[] {
  const declared = facts.files.flatMap(declarationsIn).map((one) => one.declared)
  if (declared.length === 0) return []
  return facts.files.flatMap((file) =>
    basesIn(file).flatMap(({ locus, model }) => {
      const licence = licenceOfBase(model)
      const terms = licence === undefined ? undefined : termsOf(licence)
      if (terms === undefined || terms.derivatives === 'free' || keepsTerms(declared, terms)) return []
      const what = terms.derivatives === 'none' ? 'allows no derivatives' : 'asks that derivatives keep its terms'
      const message = `the base model ${quote(model)} is under ${licence}, which ${what}; declared is ${declared.join(', ')}`
      return [{ path: file.path, locus, message }]
    }),
  )
}

/** Licences that exclude a use for which the model is declared. */
export function observeExcludedUses({ facts, options }: Subject): readonly Observation[] {
  const uses = options.uses ?? []
  return facts.files.flatMap(declarationsIn).flatMap(({ path, locus, declared }) =>
    namedLicences(declared).flatMap((licence) => {
      const excluded = uses.filter((use) => termsOf(licence)?.excludes.includes(use))
      if (excluded.length === 0) return []
      return [
        { path, locus, message: `${licence} restricts ${excluded.join(' and ')} use, for which the model is declared` },
      ]
    }),
  )
}

/** `GPL-3.0-only`, `GPL-3.0-or-later` and `GPL-3.0` have one text; a family has the text of each of its members. */
function withoutSuffix(licence: string): string {
  return licence.replace(/-(?:only|or-later)$/, '')
}
