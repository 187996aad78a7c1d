/**
 * The two public catalogues that rules refer to: CWE weaknesses and MITRE ATLAS techniques.
 *
 * Only the entries that a rule names stand here, with the names that the catalogues give them, so that a report can
 * be read without looking them up.
 * Source: CWE 4.18 (cwe.mitre.org); MITRE ATLAS v5.6 (atlas.mitre.org).
 */

/** CWE numbers that rules refer to. */
export const CWE_NAMES = {
  20: 'Improper Input Validation',
  22: 'Path Traversal',
  59: 'Link Following',
  61: 'UNIX Symbolic Link (Symlink) Following',
  73: 'External Control of File Name or Path',
  94: 'Code Injection',
  125: 'Out-of-bounds Read',
  131: 'Incorrect Calculation of Buffer Size',
  176: 'Improper Handling of Unicode Encoding',
  190: 'Integer Overflow or Wraparound',
  345: 'Insufficient Verification of Data Authenticity',
  354: 'Improper Validation of Integrity Check Value',
  359: 'Exposure of Private Personal Information to an Unauthorized Actor',
  400: 'Uncontrolled Resource Consumption',
  409: 'Improper Handling of Highly Compressed Data',
  424: 'Improper Protection of Alternate Path',
  427: 'Uncontrolled Search Path Element',
  434: 'Unrestricted Upload of File with Dangerous Type',
  436: 'Interpretation Conflict',
  494: 'Download of Code Without Integrity Check',
  502: 'Deserialization of Untrusted Data',
  506: 'Embedded Malicious Code',
  611: 'Improper Restriction of XML External Entity Reference',
  674: 'Uncontrolled Recursion',
  693: 'Protection Mechanism Failure',
  694: 'Use of Multiple Resources with Duplicate Identifier',
  787: 'Out-of-bounds Write',
  798: 'Use of Hard-coded Credentials',
  829: 'Inclusion of Functionality from Untrusted Control Sphere',
  834: 'Excessive Iteration',
  915: 'Improperly Controlled Modification of Dynamically-Determined Object Attributes',
  918: 'Server-Side Request Forgery',
  1104: 'Use of Unmaintained Third Party Components',
  1284: 'Improper Validation of Specified Quantity in Input',
  1336: 'Improper Neutralization of Special Elements Used in a Template Engine',
} as const

/** A CWE number of {@link CWE_NAMES}. */
export type CweNumber = keyof typeof CWE_NAMES

/** ATLAS techniques that rules refer to. */
export const ATLAS_NAMES = {
  'AML.T0010.003': 'AI Supply Chain Compromise: Model',
  'AML.T0011.000': 'User Execution: Unsafe AI Artifacts',
  'AML.T0018.002': 'Manipulate AI Model: Embed Malware',
  'AML.T0025': 'Exfiltration via Cyber Means',
  'AML.T0029': 'Denial of AI Service',
  'AML.T0051': 'LLM Prompt Injection',
  'AML.T0055': 'Unsecured Credentials',
  'AML.T0073': 'Impersonation',
  'AML.T0074': 'Masquerading',
  'AML.T0076': 'Corrupt AI Model',
  'AML.T0109': 'AI Supply Chain Rug Pull',
} as const

/** An ATLAS technique of {@link ATLAS_NAMES}. */
export type AtlasId = keyof typeof ATLAS_NAMES

/** Where a weakness is described. @example cweAddress(502) // 'https://cwe.mitre.org/data/definitions/502.html' */
export function cweAddress(cwe: CweNumber): string {
  return `https://cwe.mitre.org/data/definitions/${cwe}.html`
}

/** Where a technique is described. @example atlasAddress('AML.T0029') // 'https://atlas.mitre.org/techniques/AML.T0029' */
export function atlasAddress(atlas: AtlasId): string {
  return `https://atlas.mitre.org/techniques/${atlas}`
}
