/** TW-SEC: what should not have been published with a model. */
import { observeSecrets } from '../checks/secrets.ts'
import type { Rule } from '../rule.ts'

/** See the module. */
export const SECRET_RULES: readonly Rule[] = [
  {
    id: 'TW-SEC-01',
    title: 'A credential stands in the text',
    grade: 'major',
    basis: 'capability',
    cwe: 798,
    atlas: 'AML.T0055',
    sentence: 'Credential that looks live.',
    meaning:
      'Whoever has the file has the credential. Mostly it is the vendor’s own, left behind by accident. The certificate and the register never repeat it.',
    remedy: 'Tell the vendor in confidence, so that the credential is revoked and the file written anew without it.',
    seen: 'Texts and metadata, by the forms that issuers give their credentials; placeholders are left out. Tensors are not searched.',
    related: [],
    over: 'any',
    anomalies: [],
    check: observeSecrets,
  },
]
