/**
 * The signer that the settings name, wired with network, clock, credentials and secrets.
 *
 * Where the key lies elsewhere, its public half is written beside the other keys, to be given to those who verify.
 */
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Fault, sha256, systemClock } from '../../base/index.ts'
import {
  findKey,
  loadOrCreateKey,
  openAwsKey,
  openAzureKey,
  openGoogleKey,
  openPkcs11Signer,
  openVaultKey,
  parseSignerUri,
  type KmsWire,
  type Pkcs11Module,
  type Pkcs11Uri,
  type Signer,
  type SignerUri,
  type SigningKey,
} from '../../certificate/index.ts'
import { readSecretText } from '../kits/key-files.ts'
import { writeWhole } from '../write-whole.ts'
import {
  authoriseAws,
  authoriseAzure,
  authoriseGoogle,
  authoriseVault,
  ENDPOINTS,
  type Authorise,
  type CredentialWorld,
  type Environment,
} from './credentials.ts'

/** What loading needs to know: a part of the context of a run. */
export interface SignerContext {
  readonly settings: { readonly signer: string }
  readonly places: { readonly keys: string }
  readonly environment: Environment
}

const PIN_VARIABLE = 'TIDEWAITER_PKCS11_PIN'

function makeWorld(environment: Environment): CredentialWorld {
  return { environment, fetch: (request) => fetch(request), now: () => systemClock.now() }
}

function makeWire(authorise: Authorise): KmsWire {
  return {
    fetch: (request) => fetch(request),
    authorise,
    sleep: (ms) => wait(ms),
    chance: () => Math.random(),
  }
}

/** The package is compiled when it is installed, so it is no dependency; it is found here, globally or by NODE_PATH. */
function loadPkcs11(): Pkcs11Module {
  const require = createRequire(import.meta.url)
  const name = 'pkcs11js'
  try {
    const loaded = require(name) as { readonly PKCS11: new () => Pkcs11Module }
    return new loaded.PKCS11()
  } catch (cause) {
    throw new Fault('pkcs11-missing', 'pkcs11: the package is not installed; run: npm install pkcs11js@2.1.7', {
      cause,
    })
  }
}

function readPin({ pinFile }: Pkcs11Uri, environment: Environment): string {
  if (pinFile !== undefined) return readSecretText(pinFile).replace(/\r?\n$/, '')
  const pin = environment[PIN_VARIABLE]
  if (pin === undefined || pin === '')
    throw new Fault('pkcs11-pin', `pkcs11: there is no PIN; name a file by pin-source, or set ${PIN_VARIABLE}`)
  return pin
}

type ServiceUri = Exclude<SignerUri, { readonly kind: 'file' | 'pkcs11' }>

function openService(uri: ServiceUri, world: CredentialWorld): Promise<Signer> {
  const { environment } = world
  if (uri.kind === 'awskms') {
    const region = /^arn:[^:]+:kms:([^:]+):/.exec(uri.keyId)?.[1] ?? ENDPOINTS.region(environment)
    const endpoint = uri.host === undefined ? ENDPOINTS.aws(environment, region) : `https://${uri.host}`
    return openAwsKey({ endpoint, keyId: uri.keyId }, makeWire(authoriseAws(world, region)))
  }
  if (uri.kind === 'gcpkms')
    return openGoogleKey({ endpoint: ENDPOINTS.google(environment), name: uri.name }, makeWire(authoriseGoogle(world)))
  if (uri.kind === 'azurekms') {
    const { host, name, version } = uri
    const place = { vault: `https://${host}`, name, ...(version === undefined ? {} : { version }) }
    return openAzureKey(place, makeWire(authoriseAzure(world, host)))
  }
  const place = { address: ENDPOINTS.vault(environment), mount: ENDPOINTS.vaultMount(environment), name: uri.name }
  return openVaultKey(place, makeWire(authoriseVault(world)))
}

/** Writes the public half of a key that lies elsewhere. */
function keepPublic(folder: string, signer: Signer, created: boolean): SigningKey {
  const keyId = sha256(signer.publicKeyPem)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const publicKeyPath = join(folder, `signer-${keyId.slice(0, 16)}.pub.pem`)
  writeWhole(publicKeyPath, signer.publicKeyPem)
  return { publicKeyPem: signer.publicKeyPem, keyId, created, publicKeyPath, sign: (bytes) => signer.sign(bytes) }
}

interface Making {
  readonly file: boolean
  readonly token: boolean
}

async function open({ settings, places, environment }: SignerContext, make: Making): Promise<SigningKey | undefined> {
  const uri = parseSignerUri(settings.signer)
  if (uri.kind === 'file') {
    const folder = uri.folder ?? places.keys
    return make.file ? loadOrCreateKey(folder) : findKey(folder)
  }
  if (uri.kind !== 'pkcs11') return keepPublic(places.keys, await openService(uri, makeWorld(environment)), false)
  const pin = (): string => readPin(uri.uri, environment)
  const module = loadPkcs11()
  const signer = openPkcs11Signer({ module, uri: uri.uri, readPin: pin, create: make.token })
  return keepPublic(places.keys, signer, signer.created)
}

/** The signer, when it has a key; makes none. @throws Fault `signer-uri`, and those of the place where the key lies */
export function findSigner(context: SignerContext): Promise<SigningKey | undefined> {
  return open(context, { file: false, token: false })
}

async function openSurely(context: SignerContext, make: Making): Promise<SigningKey> {
  const signer = await open(context, make)
  if (signer === undefined) throw new Fault('key-missing', 'the signer has no key')
  return signer
}

/** The signer. A key in a file is made at the first run; one elsewhere must be there, since its name may be mistyped. */
export function loadSigner(context: SignerContext): Promise<SigningKey> {
  return openSurely(context, { file: true, token: false })
}

/** The signer, with a key made in file or token where there is none. */
export function makeSigner(context: SignerContext): Promise<SigningKey> {
  return openSurely(context, { file: true, token: true })
}
