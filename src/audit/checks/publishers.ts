/**
 * Whether the name of an organisation on a hub looks like that of a known publisher without being it.
 *
 * Two names are confusable when they are equal after signs that look alike are made one (0 and o, 1 and l, rn and m,
 * Cyrillic and Latin letters) and separators are dropped. Similar spelling alone is not enough.
 */
import type { Observation, Subject } from '../rule.ts'
import { quote } from '../wording.ts'

const PUBLISHERS: readonly string[] = [
  'meta-llama facebook google microsoft mistralai Qwen deepseek-ai openai apple nvidia ibm-granite allenai bigscience',
  'bigcode EleutherAI stabilityai black-forest-labs tiiuae HuggingFaceTB HuggingFaceH4 huggingface BAAI CohereLabs',
  'CohereForAI sentence-transformers databricks mosaicml Salesforce amazon intel moonshotai zai-org THUDM internlm',
  '01-ai xai-org upstage LGAI-EXAONE tencent baidu openbmb ai21labs NousResearch',
].flatMap((line) => line.split(' '))
const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  ['0o', 'оo', '1l', 'il', 'іl', 'ӏl', 'аa', 'еe', 'рp', 'сc', 'хx', 'уy', 'ѕs', '5s', '3e', '4a'].map((pair) => [
    pair[0] as string,
    pair[1] as string,
  ]),
)

function skeleton(name: string): string {
  const letters = Array.from(name.normalize('NFKC').toLowerCase(), (letter) => LOOKALIKES.get(letter) ?? letter)
  return letters
    .join('')
    .replaceAll(/[-_.\s]/g, '')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
}

const BY_SKELETON: ReadonlyMap<string, string> = new Map(PUBLISHERS.map((name) => [skeleton(name), name]))
const KNOWN: ReadonlySet<string> = new Set(PUBLISHERS.map((name) => name.toLowerCase()))

function organisationOf({ artefact: { source } }: Subject): string | undefined {
  const [organisation, name] = (source.kind === 'hub' ? (source.location ?? '') : '').split('/')
  return name === undefined ? undefined : organisation
}

/** Whether the artefact came from an organisation on a hub. */
export function hasOrganisation(subject: Subject): boolean {
  return organisationOf(subject) !== undefined
}

/** The organisation, when its name can be taken for that of another. */
export function observeConfusableName(subject: Subject): readonly Observation[] {
  const organisation = organisationOf(subject)
  if (organisation === undefined || KNOWN.has(organisation.toLowerCase())) return []
  const publisher = BY_SKELETON.get(skeleton(organisation))
  if (publisher === undefined) return []
  const message = `the organisation ${quote(organisation)} can be taken for ${quote(publisher)}; that they are not the same is all that is said`
  return [{ path: '.', locus: `organisation ${quote(organisation)}`, message }]
}

/** A reference to a hub that no commit fixes. */
export function observeMutable({ artefact: { source } }: Subject): readonly Observation[] {
  if (source.kind !== 'hub' || source.commit !== undefined || /@[0-9a-f]{40}$/.test(source.ref)) return []
  const message = `the reference ${quote(source.ref)} names no commit, so it may stand for other files tomorrow`
  return [{ path: '.', locus: 'reference', message }]
}
