/** TW-SEC: what should not have been published with a model. */
import { observePersons } from '../checks/personal.ts'
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
  {
    id: 'TW-SEC-02',
    title: 'A file holds traces of a person',
    grade: 'minor',
    basis: 'capability',
    cwe: 359,
    atlas: 'AML.T0055',
    sentence: 'Personal data in metadata or paths.',
    meaning:
      'A program wrote the name of an account or an address of electronic mail into a file that is passed on. It is mostly there by accident, and whoever passes it on answers for it.',
    remedy: 'Ask the vendor to write the file anew without it.',
    seen: 'Home folders in metadata, references and opcodes, and addresses of electronic mail in metadata. Cards, licences and sources, in which authors name themselves, are left out, and accounts that stand for nobody.',
    related: [],
    over: 'any',
    anomalies: [],
    check: observePersons,
  },
]
