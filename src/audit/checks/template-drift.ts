/** Chat templates against those of the base model that the model names. */
import type { Observation, Subject } from '../rule.ts'

/** Whether templates of the base model are known. */
export function hasBaseTemplates({ facts, options }: Subject): boolean {
  return options.baseTemplates !== undefined && facts.files.some(({ templates = [] }) => templates.length > 0)
}

/** Templates whose tree is none of the base model's. One that does not parse is not compared. */
export function observeDrift({ facts, options }: Subject): readonly Observation[] {
  const { baseTemplates } = options
  if (baseTemplates === undefined || baseTemplates.digests.length === 0) return []
  return facts.files.flatMap(({ path, templates = [] }) =>
    templates.flatMap(({ locus, digest }) => {
      if (digest === undefined || baseTemplates.digests.includes(digest)) return []
      return [{ path, locus, message: `the template is none of those of ${baseTemplates.model}` }]
    }),
  )
}
