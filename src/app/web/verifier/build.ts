/**
 * Makes one file for browsers of a module of ours and all that it imports.
 *
 * Guarantee: nothing of Node is in the result. Our modules have no side effects, so what an `index.ts` exports beside
 * what is used is left out, with its imports; an import of Node that is still there stops the build.
 */
import { resolve } from 'node:path'
import { build, type Plugin } from 'esbuild'

/** What is bundled and how. */
export interface BundleOrder {
  readonly entry: string
  /** `iife` for a script in a page. */
  readonly format: 'esm' | 'iife'
  readonly minify?: boolean
}

const withoutSideEffects: Plugin = {
  name: 'without-side-effects',
  setup({ onResolve }) {
    onResolve({ filter: /^node:/ }, ({ path }) => ({ path, external: true, sideEffects: false }))
    onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir, importer }) =>
      importer.includes('/node_modules/') ? undefined : { path: resolve(resolveDir, path), sideEffects: false },
    )
  },
}

/** The text of the bundle. @throws Error when it needs something of Node */
export async function bundleForBrowser({ entry, format, minify = true }: BundleOrder): Promise<string> {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    format,
    minify,
    platform: 'browser',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'error',
    plugins: [withoutSideEffects],
    metafile: true,
    write: false,
  })
  const needed = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path))
  if (needed.length > 0) throw new Error(`${entry} needs ${[...new Set(needed)].join(', ')}, which no browser has`)
  return outputFiles.map(({ text }) => text).join('')
}
