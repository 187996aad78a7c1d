/**
 * Credentials in text: found by the forms that their issuers gave them, never shown.
 *
 * Each pattern has a fixed prefix of the issuer and a fixed length or alphabet, so that ordinary text does not match;
 * what follows the prefix must look random, so that placeholders of documentation do not either. Whether a credential
 * still works is not tried.
 *
 * Guarantee: what is returned, and what {@link maskSecrets} leaves, holds at most the prefix of a credential; the
 * patterns run in linear time.
 */

/** The form that has no prefix of an issuer, but a name that says what it is. */
const NAMED = 'secret that is named so'
const WEB_TOKEN = 'JSON web token'

/** One form of credential. */
interface SecretForm {
  readonly name: string
  /** Global; the first group is what may be shown. */
  readonly pattern: RegExp
}

const FORMS: readonly SecretForm[] = [
  { name: 'Hugging Face token', pattern: /\b(hf_)[A-Za-z0-9]{34,40}\b/g },
  { name: 'AWS access key', pattern: /\b(AKIA|ASIA)[A-Z2-7]{16}\b/g },
  {
    name: 'OpenAI key',
    pattern: /\b(sk-(?:proj-|svcacct-|admin-)?)[A-Za-z0-9_-]{16,100}T3BlbkFJ[A-Za-z0-9_-]{16,100}/g,
  },
  { name: 'Anthropic key', pattern: /\b(sk-ant-)[a-z]{3}[0-9]{2}-[A-Za-z0-9_-]{80,120}/g },
  { name: 'GitHub token', pattern: /\b(gh[pousr]_)[A-Za-z0-9]{36}\b/g },
  { name: 'GitHub token', pattern: /\b(github_pat_)[A-Za-z0-9]{22}_[A-Za-z0-9]{59}\b/g },
  { name: 'GitLab token', pattern: /\b(glpat-)[A-Za-z0-9_-]{20,64}/g },
  { name: 'Google API key', pattern: /\b(AIza)[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/g },
  { name: 'Slack token', pattern: /\b(xox[bpars]-)[0-9]{8,16}-[A-Za-z0-9-]{20,120}/g },
  { name: 'npm token', pattern: /\b(npm_)[A-Za-z0-9]{36}\b/g },
  { name: 'PyPI token', pattern: /\b(pypi-)AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,200}/g },
  { name: 'Stripe key', pattern: /\b([sr]k_live_)[A-Za-z0-9]{24,99}\b/g },
  {
    name: 'Slack webhook',
    pattern: /(https:\/\/hooks\.slack\.com\/services\/)T[A-Z0-9]{8,12}\/B[A-Z0-9]{8,12}\/[A-Za-z0-9]{20,30}/g,
  },
  {
    name: 'Discord webhook',
    pattern: /(https:\/\/(?:\w+\.)?discord(?:app)?\.com\/api\/webhooks\/)\d{17,20}\/[A-Za-z0-9_-]{60,80}/g,
  },
  { name: 'Google client secret', pattern: /\b(GOCSPX-)[A-Za-z0-9_-]{28}(?![A-Za-z0-9_-])/g },
  { name: 'Azure storage key', pattern: /(\bAccountKey=)[A-Za-z0-9+/]{86}==/g },
  { name: 'SendGrid key', pattern: /\b(SG\.)[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/g },
  { name: 'Databricks token', pattern: /\b(dapi)[a-f0-9]{32}\b/g },
  { name: 'DigitalOcean token', pattern: /\b(do[por]_v1_)[a-f0-9]{64}\b/g },
  { name: 'Replicate token', pattern: /\b(r8_)[A-Za-z0-9]{37,40}\b/g },
  { name: 'Groq key', pattern: /\b(gsk_)[A-Za-z0-9]{52}\b/g },
  { name: 'NVIDIA key', pattern: /\b(nvapi-)[A-Za-z0-9_-]{60,70}(?![A-Za-z0-9_-])/g },
  { name: 'Telegram bot token', pattern: /(?<![\w:])(\d{8,10}:AA)[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])/g },
  {
    name: WEB_TOKEN,
    pattern: /\b(eyJ)[A-Za-z0-9_-]{16,2000}\.eyJ[A-Za-z0-9_-]{16,4000}\.[A-Za-z0-9_-]{20,1000}/g,
  },
  {
    name: 'password in an address',
    pattern: /\b([a-z][a-z0-9+]{2,20}:\/\/[\w.-]{1,64}:)[^\s:@/{}$<>*]{6,100}@[\w.-]{3,200}/g,
  },
  {
    name: NAMED,
    pattern:
      /\b((?:aws_secret_access_key|api_?key|apikey|secret_?key|access_?token|auth_?token|client_?secret|passwd|password)["']?\s{0,3}[:=]\s{0,3}["'])[A-Za-z0-9+/_.-]{16,128}={0,2}(?=["'])/gi,
  },
  {
    name: 'private key',
    pattern: /(-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----)(?:[\sA-Za-z0-9+/=:,.-]|\\[nr]){64}/g,
  },
]
const PLACEHOLDER = /example|xxxx|placeholder|dummy|your|redacted|changeme|1234567|abcdefg|(.)\1{5}/i

/** A credential in a text. */
export interface Secret {
  /** What issued it. */
  readonly name: string
  /** First character within the text. */
  readonly at: number
  /** Characters. */
  readonly length: number
  /** The prefix, and nothing of the secret. */
  readonly shown: string
}

function looksRandom(body: string): boolean {
  return !PLACEHOLDER.test(body) && new Set(body).size >= Math.min(10, body.length * 0.6)
}

/** A web token of documentation, which says so within. */
function isSpecimen(token: string): boolean {
  const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')
  return PLACEHOLDER.test(claims) || /\b(?:john|jane) doe\b/i.test(claims)
}

/** A value that is only named a secret must mix letters and digits, and not read like a name or a path. */
function looksDrawn(body: string): boolean {
  return /\d/.test(body) && /[a-z]/i.test(body) && !/^[a-z]+(?:[_./-][a-z]+)*[_./-]?\d{0,4}$/i.test(body)
}

/** The credentials in a text, by form and place. @example findSecrets('nothing here') // [] */
export function findSecrets(text: string): readonly Secret[] {
  return FORMS.flatMap(({ name, pattern }) =>
    [...text.matchAll(pattern)]
      .map((match) => ({ whole: match[0], prefix: match[1] ?? '', at: match.index }))
      .filter(({ whole, prefix }) => looksRandom(whole.slice(prefix.length)))
      .filter(({ whole }) => name !== WEB_TOKEN || !isSpecimen(whole))
      .filter(({ whole, prefix }) => name !== NAMED || looksDrawn(whole.slice(prefix.length)))
      .map(({ whole, prefix, at }) => ({ name, at, length: whole.length, shown: `${prefix}…` })),
  )
}

/** The text with each credential cut to its prefix. @example maskSecrets('plain') // 'plain' */
export function maskSecrets(text: string): string {
  return findSecrets(text)
    .toSorted((a, b) => b.at - a.at)
    .reduce((masked, { at, length, shown }) => masked.slice(0, at) + shown + masked.slice(at + length), text)
}
