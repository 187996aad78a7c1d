/** Whether an adapter says on which model, and which version of it, it is to be put. */
import type { FileFacts } from '../../formats/index.ts'
import type { Observation, Subject } from '../rule.ts'
import { quote } from '../wording.ts'

function textAt({ metadata }: FileFacts, key: string): string {
  const value = metadata.find((fact) => fact.key === key)?.value
  return typeof value === 'string' ? value : ''
}

function objectionTo(file: FileFacts): string | undefined {
  const base = textAt(file, '/base_model_name_or_path')
  if (base === '') return 'no base model is named'
  if (/^[/~.]|^[A-Za-z]:[\\/]|^\\\\/.test(base))
    return `the base model is a place on the vendor’s machine, ${quote(base)}`
  if (textAt(file, '/revision') === '') return `the base model ${quote(base)} is named without a revision`
  return undefined
}

function isAdapterConfig({ path }: FileFacts): boolean {
  return /(?:^|\/)adapter_config\.json$/.test(path)
}

/** Whether the artefact holds an adapter. */
export function hasAdapters({ facts }: Subject): boolean {
  return facts.files.some(isAdapterConfig) || facts.anomalies.some(({ code }) => code === 'adapter-config-missing')
}

/** Adapter configurations that were read and do not pin their base model. */
export function observeBaseModels({ facts }: Subject): readonly Observation[] {
  return facts.files
    .filter((file) => isAdapterConfig(file) && file.reading === 'full')
    .flatMap((file) => {
      const message = objectionTo(file)
      return message === undefined ? [] : [{ path: file.path, locus: '/base_model_name_or_path', message }]
    })
}
