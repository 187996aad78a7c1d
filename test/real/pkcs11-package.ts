/**
 * SoftHSM2 and the package `pkcs11js`: found on the machine or built into the cache, or the reason why not.
 *
 * The package is C++ that is compiled against the headers that come with the Node of the lockfile; nothing is fetched
 * for that but the package itself.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Pkcs11Module } from '../../src/certificate/keys/pkcs11/module.ts'
import { CACHE } from './packages.ts'

const LIBRARIES = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/local/lib/softhsm/libsofthsm2.so']
const PACKAGE = 'pkcs11js@2.1.7'

/** What is needed for tests with a token. */
export interface Pkcs11Tools {
  /** Path of the library of SoftHSM2. */
  readonly library: string
  /** Folder `node_modules` with the package in it. */
  readonly modules: string
  /** A new instance of the package's binding. */
  makeModule(): Pkcs11Module
}

function run(words: readonly string[], cwd: string): void {
  const headers = dirname(dirname(process.execPath))
  const nodedir = existsSync(join(headers, 'include/node/node_api.h')) ? { npm_config_nodedir: headers } : {}
  const env = { ...process.env, ...nodedir }
  execFileSync('npm', words, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 300_000 })
}

function build(): string {
  const folder = join(CACHE, PACKAGE.replace('@', '-'))
  const modules = join(folder, 'node_modules')
  if (existsSync(join(modules, 'pkcs11js/build/Release/pkcs11.node'))) return modules
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{"private":true}')
  run(['install', '--ignore-scripts', '--no-audit', '--no-fund', PACKAGE], folder)
  run(['run', 'build'], join(modules, 'pkcs11js'))
  return modules
}

/** The tools, or why they are not there. */
export function findPkcs11Tools(): { readonly tools: Pkcs11Tools; readonly skip: false } | { readonly skip: string } {
  const library = LIBRARIES.find((path) => existsSync(path))
  if (library === undefined) return { skip: 'SoftHSM2 is not installed (Debian package softhsm2)' }
  try {
    const modules = build()
    const loaded = createRequire(join(modules, 'x.js'))('pkcs11js') as { readonly PKCS11: new () => Pkcs11Module }
    return { tools: { library, modules, makeModule: () => new loaded.PKCS11() }, skip: false }
  } catch (thrown) {
    return { skip: `${PACKAGE} cannot be built: ${(thrown as Error).message.split('\n')[0]}` }
  }
}
