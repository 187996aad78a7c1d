/**
 * Package: package.json and the lockfile keep what we promise to whoever installs us.
 *
 * Versions are exact; scripts have fewer than ten words; no dependency runs a script at install time unless
 * `allowScripts` says so; the lockfile names packages by integrity; what the published code imports is a dependency
 * and not one of development (a `build.ts` is not published, nor the script of a page but as part of the page).
 */
import { existsSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import type { Checker, Violation } from './checker.ts'
import { importsOf } from './imports.ts'
import { isTest, readSources } from './sources.ts'

type Table = Readonly<Record<string, string>>

interface Manifest {
  readonly scripts?: Table
  readonly dependencies?: Table
  readonly devDependencies?: Table
  readonly optionalDependencies?: Table
  readonly allowScripts?: Readonly<Record<string, boolean>>
}

interface Locked {
  readonly version?: string
  readonly integrity?: string
  readonly hasInstallScript?: boolean
}

interface Lock {
  readonly packages?: Readonly<Record<string, Locked>>
}

function readJson(root: string, path: string): unknown {
  return existsSync(join(root, path)) ? JSON.parse(readFileSync(join(root, path), 'utf8')) : {}
}

function judgeManifest(manifest: Manifest): string[] {
  const wanted = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies }
  const loose = Object.entries(wanted).filter(([, version]) => !/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version))
  const long = Object.entries(manifest.scripts ?? {}).filter(([, command]) => command.split(/\s+/).length >= 10)
  return [
    ...loose.map(([name, version]) => `${name}: ${version} is not an exact version`),
    ...long.map(([name]) => `the script ${name} has ten words or more; move it into tools/`),
  ]
}

function judgeLock(lock: Lock, allowed: Readonly<Record<string, boolean>>): string[] {
  const packages = Object.entries(lock.packages ?? {}).filter(([path]) => path !== '')
  const unchecked = packages.filter(([, { integrity }]) => integrity === undefined)
  const running = packages.filter(([path, { hasInstallScript }]) => {
    return hasInstallScript === true && allowed[path.replace(/^.*node_modules\//, '')] === undefined
  })
  return [
    ...unchecked.map(([path]) => `${path} has no integrity`),
    ...running.map(([path]) => `${path} wants to run a script at install time; allowScripts does not speak of it`),
  ]
}

function packageOf(target: string): string {
  return target.split('/', target.startsWith('@') ? 2 : 1).join('/')
}

function judgeImports(root: string, manifest: Manifest): Violation[] {
  const published = readSources(root, ['src']).filter(
    ({ path }) => !isTest(path) && !/\/build\.ts$|\/page\//.test(path),
  )
  const known = new Set([...Object.keys(manifest.dependencies ?? {}), ...builtinModules])
  return published.flatMap((source) =>
    importsOf(source).flatMap(({ target, line }) => {
      if (/^(?:\.|node:)/.test(target) || known.has(packageOf(target))) return []
      return [{ path: source.path, line, message: `${packageOf(target)} is not among the dependencies` }]
    }),
  )
}

/** See the module. */
export const packageRules: Checker = {
  name: 'package',
  promise: 'versions exact, no install scripts, imports declared',
  check(root) {
    const manifest = readJson(root, 'package.json') as Manifest
    const lock = readJson(root, 'package-lock.json') as Lock
    const violations = [
      ...judgeManifest(manifest).map((message) => ({ path: 'package.json', message })),
      ...judgeLock(lock, manifest.allowScripts ?? {}).map((message) => ({ path: 'package-lock.json', message })),
      ...judgeImports(root, manifest),
    ]
    const looked = Object.keys(lock.packages ?? {}).length * Object.keys(manifest.scripts ?? {}).length
    return Promise.resolve({ looked, violations })
  },
}
