/**
 * The chat templates of the base model that a model names, as far as the register knows that model.
 *
 * The name stands in the model card or in the configuration of an adapter. It is taken for a model of the register only
 * when that came in under exactly this name; a name proves nothing, so what follows from it is an advisory.
 */
import type { AuditOptions } from '../../audit/index.ts'
import type { ArtefactFacts } from '../../formats/index.ts'
import { declaredParents } from '../../lineage/attribution/index.ts'
import type { Register } from '../../register/index.ts'

function isNamed(ref: string, name: string): boolean {
  return ref === name || ref === `hf:${name}` || ref.startsWith(`hf:${name}@`)
}

/** The templates of the first base model that the register knows; empty when it knows none. */
export async function findBaseTemplates(register: Register, facts: ArtefactFacts): Promise<AuditOptions> {
  for (const name of declaredParents(facts)) {
    const { hits } = await register.search({ query: name, limit: 50 })
    const hit = hits.find(({ ref, modelId }) => isNamed(ref, name) && modelId !== facts.artefact)
    const base = hit === undefined ? undefined : await register.findFacts(hit.modelId)
    const digests = (base?.files ?? [])
      .flatMap(({ templates = [] }) => templates.map(({ digest }) => digest))
      .filter((digest) => digest !== undefined)
    if (digests.length > 0) return { baseTemplates: { model: name, digests } }
  }
  return {}
}
