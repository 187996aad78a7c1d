/**
 * Tags of YAML: which are of the language, which construct objects, and which name what a loader builds.
 *
 * Source: YAML 1.1 type repository; PyYAML `constructor.py`; HyperPyYAML 1.2 `core.py`.
 */

/** Types of the language beyond the core schema. */
const OF_THE_LANGUAGE = /^tag:yaml\.org,2002:(?:set|omap|pairs|binary|timestamp|merge|value|yaml)$/
/** Tags by which a reader that honours them calls what is named. */
const CONSTRUCTING = /^(?:tag:yaml\.org,2002:|!)(?:python|ruby|java|perl|php)\b|:object[:/]/i
/** SpeechBrain's language of configurations names what it builds, calls or imports in tags. */
const NAMING = /^!(?:new|name|apply|module):(.{1,200})$/
/** Tags of the same language that only refer or compute. */
const REFERRING = /^!(?:ref|copy|tuple|include:.{0,200}|applyref:.{0,200})$/

/** What a tag is. */
export type TagKind = 'plain' | 'constructing' | 'naming' | 'own'

/** The kind of a tag, and for those that name something its name. @example readTag('!new:torch.nn.Linear').target // 'torch.nn.Linear' */
export function readTag(tag: string): { readonly kind: TagKind; readonly target?: string } {
  if (OF_THE_LANGUAGE.test(tag)) return { kind: 'plain' }
  const target = NAMING.exec(tag)?.[1]
  if (target !== undefined) return { kind: 'naming', target }
  if (CONSTRUCTING.test(tag)) return { kind: 'constructing' }
  return REFERRING.test(tag) && !tag.startsWith('!applyref') ? { kind: 'plain' } : { kind: 'own' }
}
