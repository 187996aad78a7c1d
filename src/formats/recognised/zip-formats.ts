/**
 * Formats that are zip files, told apart by the names of their members.
 */
import type { RecognisedFormat } from './recognised-format.ts'
import { any } from './signatures.ts'
import { zipHolding } from './zip-names.ts'

/** See the module. */
export const ZIP_FORMATS: readonly RecognisedFormat[] = [
  {
    id: 'h2o-mojo',
    title: 'H2O MOJO',
    kind: 'model',
    extensions: ['.mojo', '.zip'],
    magic: zipHolding(/(^|\/)model\.ini$/),
    danger: 'Trees and tables in a private form.',
  },
  {
    id: 'deeplearning4j',
    title: 'Deeplearning4j model',
    kind: 'code-model',
    extensions: ['.zip', '.dl4j'],
    magic: zipHolding(/^coefficients\.bin$/),
    danger: 'Its configuration names Java classes.',
  },
  {
    id: 'mlnet',
    title: 'ML.NET model',
    kind: 'code-model',
    extensions: ['.zip', '.mlnet'],
    magic: zipHolding(/^TransformerChain\//),
    danger: 'Its entries name .NET types that are built when it is loaded.',
  },
  {
    id: 'core-ml-package',
    title: 'Core ML package (zip)',
    kind: 'model',
    extensions: ['.zip', '.mlpackage'],
    magic: zipHolding(/\.mlmodel$/),
    danger: 'May name custom layers that need native code.',
  },
  {
    id: 'python-package',
    title: 'Python wheel or egg',
    kind: 'executable',
    extensions: ['.whl', '.egg', '.pyz', '.zip'],
    magic: any(zipHolding(/\.dist-info\//), zipHolding(/^EGG-INFO\//), zipHolding(/^__main__\.py$/)),
    danger: 'Carries Python code and may carry native libraries.',
  },
  {
    id: 'java-archive',
    title: 'Java or Android archive',
    kind: 'executable',
    extensions: ['.jar', '.apk', '.aar', '.war'],
    magic: any(zipHolding(/^META-INF\/MANIFEST\.MF$/), zipHolding(/^AndroidManifest\.xml$/)),
    danger: 'Carries bytecode.',
  },
  {
    id: 'office-document',
    title: 'Office document',
    kind: 'side-file',
    extensions: ['.docx', '.xlsx', '.pptx', '.odt', '.ods', '.epub'],
    magic: any(zipHolding(/^\[Content_Types\]\.xml$/), zipHolding(/^mimetype$/)),
    danger: 'May carry macros.',
  },
]
