/**
 * Domains of operators that a runtime has without being given a library, and names that ask for more than arithmetic.
 *
 * Source: ONNX (`onnx/defs`), ONNX Runtime (`onnxruntime/core/graph/constants.h`, contrib operators), PyTorch exporters.
 */

/** `''` is the domain of ONNX itself, which may also be written out. */
const KNOWN: ReadonlySet<string> = new Set([
  '',
  'ai.onnx.ml',
  'ai.onnx.training',
  'ai.onnx.preview',
  'ai.onnx.preview.training',
  'com.microsoft',
  'com.microsoft.nchwc',
  'com.microsoft.experimental',
  'com.ms.internal.nhwc',
  'org.pytorch.aten',
  'org.pytorch.prims',
])

/** Operators that run Python: the language interoperation of ONNX Runtime and the operators of its training. */
const PYTHON = /^(?:PyOp|PyCustomOp|PythonOp|PythonOpGrad)$/
/** Operators whose content is a program for an accelerator, or an engine file. */
const COMPILED = /^(?:EPContext|TRT_Engine|TRTEngineOp)$/
const LIBRARY = /^[^\s<>|]{1,1024}\.(?:so(?:\.[\d.]+)?|dll|dylib|pyd)$/i
const SCRIPT = /^[^\s<>|]{1,1024}\.(?:py|pyc)$/i

/** One way to write the domain of ONNX. @example plainDomain('ai.onnx') // '' */
export function plainDomain(domain: string): string {
  return domain === 'ai.onnx' ? '' : domain
}

/** True when runtimes bring operators of this domain. */
export function isKnownDomain(domain: string): boolean {
  return KNOWN.has(domain)
}

/** True for an operator that calls Python. @example isPythonOperator('PyOp') // true */
export function isPythonOperator(operator: string): boolean {
  return PYTHON.test(operator)
}

/** True for an operator that carries a compiled program. */
export function isCompiledOperator(operator: string): boolean {
  return COMPILED.test(operator)
}

/** True when a text is the path of a native library. @example namesLibrary('libevil.so.1') // true */
export function namesLibrary(text: string): boolean {
  return LIBRARY.test(text)
}

/** True when a text is the path of a native library or of Python code. */
export function namesCode(text: string): boolean {
  return LIBRARY.test(text) || SCRIPT.test(text)
}
