/**
 * Which signer is meant: the setting `signer`, in the forms that cosign takes.
 *
 * | form | key |
 * |---|---|
 * | `file`, `file:FOLDER` | the file in the folder of keys, or in another; made when there is none |
 * | `pkcs11:token=…;object=…?module-path=…` | hardware security module, RFC 7512 |
 * | `awskms://[HOST]/ID`, `awskms:///alias/NAME`, `awskms:///ARN` | AWS KMS |
 * | `gcpkms://projects/…/cryptoKeys/K/cryptoKeyVersions/V` (or `/versions/V`) | Google Cloud KMS |
 * | `azurekms://VAULT[.vault.azure.net]/NAME[/VERSION]` | Azure Key Vault |
 * | `hashivault://NAME` | HashiCorp Vault, transit engine |
 *
 * A URI names a key and carries no secret; one with a user or password in it is refused.
 * Source: cosign 3, "Key management" of its documentation, for the forms.
 */
import { Fault } from '../../base/index.ts'
import { parsePkcs11Uri, type Pkcs11Uri } from './pkcs11/uri.ts'

/** See the module. */
export type SignerUri =
  | { readonly kind: 'file'; readonly folder?: string }
  | { readonly kind: 'pkcs11'; readonly uri: Pkcs11Uri }
  | { readonly kind: 'awskms'; readonly host?: string; readonly keyId: string }
  | { readonly kind: 'gcpkms'; readonly name: string }
  | { readonly kind: 'azurekms'; readonly host: string; readonly name: string; readonly version?: string }
  | { readonly kind: 'hashivault'; readonly name: string }

function refuse(scheme: string, wanted: string): never {
  throw new Fault('signer-uri', `the signer is not of the form ${scheme}:${wanted}`)
}

const ID = '[0-9A-Za-z][0-9A-Za-z._-]{0,254}'
const HOST = '[0-9A-Za-z][0-9A-Za-z.-]*(?::[0-9]{1,5})?'
const AWS = new RegExp(
  `^//(?:(?<host>${HOST}))?/(?<key>(?:arn:aws[a-z-]*:kms:[0-9a-z-]+:[0-9]{12}:)?[0-9A-Za-z/_-]{1,256})$`,
)
const GOOGLE = new RegExp(
  `^//(?<key>projects/[0-9A-Za-z.:-]+/locations/${ID}/keyRings/${ID}/cryptoKeys/${ID})/(?:cryptoKeyVersions|versions)/(?<version>[0-9]+)$`,
)
const AZURE = new RegExp(`^//(?<host>${HOST})/(?<name>[0-9A-Za-z-]{1,127})(?:/(?<version>[0-9A-Za-z]{1,64}))?$`)
const VAULT = new RegExp(`^//(?<name>${ID})$`)

function parseAws(rest: string): SignerUri {
  const { host, key } = AWS.exec(rest)?.groups ?? refuse('awskms', '///KEY')
  return { kind: 'awskms', ...(host === undefined ? {} : { host }), keyId: key ?? '' }
}

function parseGoogle(rest: string): SignerUri {
  const { key, version } = GOOGLE.exec(rest)?.groups ?? refuse('gcpkms', '//projects/…/cryptoKeyVersions/V')
  return { kind: 'gcpkms', name: `${key}/cryptoKeyVersions/${version}` }
}

function parseAzure(rest: string): SignerUri {
  const { host = '', name = '', version } = AZURE.exec(rest)?.groups ?? refuse('azurekms', '//VAULT/NAME')
  const full = /[.:]/.test(host) ? host : `${host}.vault.azure.net`
  return { kind: 'azurekms', host: full, name, ...(version === undefined ? {} : { version }) }
}

function parseVault(rest: string): SignerUri {
  return { kind: 'hashivault', name: VAULT.exec(rest)?.groups?.['name'] ?? refuse('hashivault', '//NAME') }
}

function parseFile(rest: string): SignerUri {
  return rest === '' ? refuse('file', 'FOLDER') : { kind: 'file', folder: rest }
}

const PARSERS: ReadonlyMap<string, (rest: string) => SignerUri> = new Map([
  ['file', parseFile],
  ['pkcs11', (rest) => ({ kind: 'pkcs11', uri: parsePkcs11Uri(`pkcs11:${rest}`) })],
  ['awskms', parseAws],
  ['gcpkms', parseGoogle],
  ['azurekms', parseAzure],
  ['hashivault', parseVault],
])

/**
 * Reads the setting.
 *
 * @throws Fault `signer-uri`
 * @example
 * parseSignerUri('hashivault://mot').kind // 'hashivault'
 */
export function parseSignerUri(text: string): SignerUri {
  if (text === 'file') return { kind: 'file' }
  const [, scheme = '', rest = ''] = /^([a-z0-9]+):(.*)$/s.exec(text) ?? []
  const parse = PARSERS.get(scheme)
  if (parse !== undefined) return parse(rest)
  throw new Fault('signer-uri', `the signer is none of ${[...PARSERS.keys()].map((one) => `${one}:`).join(', ')}`)
}
