/** How facts about programs and templates are checked when they come from the reading process. */
import type { CodeFact, TemplateFact, TemplateUse } from '../facts.ts'
import { fieldsOf, listOf, oneOf, optional, size, text } from './field-checks.ts'

const CODE_KINDS: readonly string[] = 'import execution process network credential file draw payload hook native'.split(
  ' ',
)
const REACHES: readonly string[] = ['import', 'load', 'call']
const USES: readonly string[] = [
  'gadget',
  'attribute',
  'computed',
  'built',
  'call',
  'method',
  'filter',
  'format',
  'growth',
  'trigger',
  'address',
  'order',
]
/** A fact about a program. @throws Fault `bad-message` */
export function code(value: unknown): CodeFact {
  const fields = fieldsOf(value)
  return {
    kind: oneOf<CodeFact['kind']>(fields['kind'], CODE_KINDS),
    target: text(fields['target']),
    reach: oneOf<CodeFact['reach']>(fields['reach'], REACHES),
    locus: text(fields['locus']),
    ...optional('detail', fields['detail'], text),
  }
}

function use(value: unknown): TemplateUse {
  const fields = fieldsOf(value)
  return {
    kind: oneOf<TemplateUse['kind']>(fields['kind'], USES),
    name: text(fields['name']),
    ...optional('detail', fields['detail'], text),
  }
}

/** A fact about a template. @throws Fault `bad-message` */
export function template(value: unknown): TemplateFact {
  const fields = fieldsOf(value)
  return {
    locus: text(fields['locus']),
    rounds: size(fields['rounds']),
    uses: listOf(fields['uses']).map(use),
    ...optional('digest', fields['digest'], text),
    ...optional('trouble', fields['trouble'], text),
  }
}
