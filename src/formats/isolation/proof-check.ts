/**
 * A proof of a pickle as the reading process gives it, built anew from checked parts.
 */
import type { PickleFailure, PickleProof, PickleUse } from '../facts.ts'
import { fieldsOf, listOf, oneOf, optional, size, text } from './field-checks.ts'

const VERDICTS: readonly string[] = ['proved', 'proved-under', 'unproved', 'hostile']
const POSITIONS: readonly string[] = ['value', 'REDUCE', 'NEWOBJ', 'NEWOBJ_EX', 'BUILD']

function checkUse(value: unknown): PickleUse {
  const fields = fieldsOf(value)
  return {
    module: text(fields['module']),
    name: text(fields['name']),
    position: oneOf(fields['position'], POSITIONS),
    schema: text(fields['schema']),
    count: size(fields['count']),
  }
}

function checkFailure(value: unknown): PickleFailure {
  const fields = fieldsOf(value)
  return {
    op: size(fields['op']),
    name: text(fields['name']),
    offset: size(fields['offset']),
    value: text(fields['value']),
    reason: text(fields['reason']),
  }
}

/** Checks one proof. @throws Fault `bad-message` */
export function checkProof(value: unknown): PickleProof {
  const fields = fieldsOf(value)
  return {
    locus: text(fields['locus']),
    from: size(fields['from']),
    to: size(fields['to']),
    ...optional('sha256', fields['sha256'], text),
    policies: listOf(fields['policies']).map(text),
    policyDigest: text(fields['policyDigest']),
    versions: listOf(fields['versions']).map(text),
    canonical: fields['canonical'] === true,
    verdict: oneOf(fields['verdict'], VERDICTS),
    uses: listOf(fields['uses']).map(checkUse),
    ...optional('failing', fields['failing'], checkFailure),
  }
}
