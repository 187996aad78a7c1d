/**
 * Makes one file for browsers of a module of ours and all that it imports, and the page that checks certificates.
 * As a program: `build.ts PAGE [VERIFIER]`. The bundler is there in a checkout and not in an installation.
 *
 * Guarantee: nothing of Node is in the result. Our modules have no side effects, so what an `index.ts` exports beside
 * what is used is left out, with its imports; an import of Node that is still there stops the build.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { loadStyleSheet } from '../style.ts'
import { renderVerifier } from './template.ts'

/** What is bundled and how. */
export interface BundleOrder {
  readonly entry: string
  /** `iife` for a script in a page. */
  readonly format: 'esm' | 'iife'
  readonly minify?: boolean
}

/** What the page has beside the style of all pages. */
const STYLE = `
[hidden]{display:none!important}.tw-part{margin-bottom:20px}.tw-drop{width:100%;max-width:none;margin:0;padding:15px;border:2px dashed #505a5f;background:#f3f2f1;box-sizing:border-box}
.tw-drop:focus{border-style:solid}progress{width:100%;height:24px}.tw-evidence{font-family:ui-monospace,monospace;font-size:.9rem;color:#505a5f;overflow-wrap:anywhere}#verdict:focus{outline:3px solid #fd0;outline-offset:2px}
td,th{overflow-wrap:anywhere}.govuk-tag{white-space:nowrap;max-width:none}#result h3{margin-top:20px}#result .tw-status .govuk-body:last-child,#result .tw-status ul{margin-bottom:0}@media print{#working,#form{display:none}}
@media (max-width:40em){#result table,#result tbody,#result tr,#result td,#result tbody th{display:block;width:auto}#result thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}#result tr{padding:10px 0;border-bottom:1px solid #b1b4b6}#result tr :is(td,th){padding:2px 0;border:0}}
`

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

/** The page that checks certificates, whole. */
export async function buildVerifierPage(): Promise<string> {
  const script = await bundleForBrowser({ entry: join(import.meta.dirname, 'page/main.ts'), format: 'iife' })
  const licence = createRequire(import.meta.url).resolve('hash-wasm/LICENSE')
  const licences = `This file contains hash-wasm:\n${readFileSync(licence, 'utf8')}\nand the style of GOV.UK Frontend, under the same licence, copyright Crown.`
  return renderVerifier({ script, style: `${loadStyleSheet()}${STYLE}`, licences })
}

if (import.meta.main) {
  const [page = '', verifier = ''] = process.argv.slice(2)
  writeFileSync(page, await buildVerifierPage())
  if (verifier !== '')
    writeFileSync(
      verifier,
      await bundleForBrowser({ entry: resolve(import.meta.dirname, '../../../verify.ts'), format: 'esm' }),
    )
}
