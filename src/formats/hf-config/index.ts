/**
 * The JSON files of a Hugging Face folder that configure: config.json, generation_config.json, adapter_config.json,
 * preprocessor and processor configurations, modules.json, model_index.json, and any other `.json`.
 *
 * Every scalar becomes a metadata fact under its JSON pointer, every pointer to something else a reference; a chat
 * template or another long text is kept whole as a text.
 */
import { readJsonFile } from '../json/document.ts'
import { Flattener } from '../json/flatten.ts'
import type { FormatReader } from '../reader.ts'
import { baseName, firstByteIsOneOf } from '../glimpse.ts'
import { referencesIn } from './references.ts'

/** Files whose value is an object, or no loader takes them. */
const OBJECT_FILES: ReadonlySet<string> = new Set([
  'config.json',
  'generation_config.json',
  'adapter_config.json',
  'preprocessor_config.json',
  'processor_config.json',
  'model_index.json',
])
/** Other keys of which a text with marks of Jinja is kept. */
const TEMPLATE_KEYS = /(?:template|prompt)$/i
const MARKS = /\{[{%]/
const TEXT_KEYS: ReadonlySet<string> = new Set(['chat_template', 'template', 'prompt', 'system_prompt'])

/** See the module. */
export const hfConfigReader: FormatReader = {
  format: 'hf-config',
  title: 'Hugging Face configuration (JSON)',
  version: 2,
  extensions: ['.json'],
  sniff(glimpse) {
    if (!glimpse.path.toLowerCase().endsWith('.json')) return null
    return firstByteIsOneOf(glimpse, '{[') ? 'structure' : 'name'
  },
  read(request) {
    return readJsonFile(request, {
      format: 'hf-config',
      anomalies: [],
      read(cursor, facts) {
        if (OBJECT_FILES.has(baseName(request.path)) && cursor.kind() !== 'object') {
          facts.anomalies.add('json-root', 'the file holds no object', { locus: 'file' })
        }
        const flattener = new Flattener(cursor, {
          metadata: (fact) => facts.metadata(fact),
          string(value, pointer, key) {
            request.budget.spendItems()
            for (const reference of referencesIn(value, { pointer, key })) facts.reference(reference)
            if (TEXT_KEYS.has(key) || (TEMPLATE_KEYS.test(key) && MARKS.test(value))) facts.text(pointer, value)
          },
        })
        flattener.take('', '')
      },
    })
  },
}
