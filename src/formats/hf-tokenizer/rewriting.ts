/**
 * Does a normaliser or decoder rewrite what people say?
 *
 * Normalisers lower-case, compose, strip and mark spaces. One that replaces or prepends words changes what the model
 * is told without a trace in the weights. A replacement counts as rewriting when letters or digits are taken away or
 * put in; marks, spaces and quotes do not.
 */
import { isJsonArray, isJsonObject, type JsonValue } from '../json/cursor.ts'
import { quoteName } from '../names.ts'

const SIGNIFICANT = /[\p{L}\p{N}]/u
/** What stands in a regular expression without being text. */
const SYNTAX = /\\[pP]\{[^}]*\}|\\[xu][0-9a-fA-F{}]+|\\[a-zA-Z]|\{[0-9,]*\}|\[:[a-z]+:\]|\(\?[a-zA-Z:!=<]+/g

function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

function patternText(pattern: JsonValue | undefined): string {
  if (!isJsonObject(pattern)) return textOf(pattern)
  return textOf(pattern.get('String')) + textOf(pattern.get('Regex')).replaceAll(SYNTAX, '')
}

/** What a step does, when that is rewriting. */
function describe(step: ReadonlyMap<string, JsonValue>): readonly string[] {
  const [type, pattern] = [step.get('type'), patternText(step.get('pattern'))]
  const content = textOf(step.get(type === 'Prepend' ? 'prepend' : 'content'))
  if (type === 'Replace' && SIGNIFICANT.test(pattern + content))
    return [`${quoteName(pattern)} becomes ${quoteName(content)}`]
  return type === 'Prepend' && SIGNIFICANT.test(content) ? [`${quoteName(content)} is put in front`] : []
}

/** The rewriting steps of a normaliser or decoder in words, in order; sequences are walked. */
export function rewritingSteps(step: JsonValue | undefined): readonly string[] {
  if (isJsonArray(step)) return step.flatMap(rewritingSteps)
  if (!isJsonObject(step)) return []
  return [...describe(step), ...rewritingSteps(step.get('normalizers')), ...rewritingSteps(step.get('decoders'))]
}
