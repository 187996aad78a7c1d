/**
 * The smallest head, and where needed tail, of each format that is recognised and not read.
 */

/** One sample. */
export interface RecognisedSample {
  /** Id of the format. */
  readonly id: string
  readonly bytes: Uint8Array
  /** Where the name decides as well. */
  readonly path: string
}

function sample(id: string, text: string, path = 'model.unknown'): RecognisedSample {
  return { id, bytes: Buffer.from(text, 'latin1'), path }
}

/** A zip of empty members, with its central directory and end record. */
function buildZip(...names: readonly string[]): Uint8Array {
  const record = (head: string, name: string, tail: number) => {
    const bytes = Buffer.concat([Buffer.from(head, 'hex'), Buffer.alloc(tail), Buffer.from(name)])
    bytes.writeUInt16LE(name.length, head.startsWith('504b0304') ? 26 : 28)
    return bytes
  }
  const locals = names.map((name) => record('504b0304', name, 26))
  const central = names.map((name) => record('504b0102', name, 42))
  return Buffer.concat([...locals, ...central, Buffer.from('504b0506', 'hex'), Buffer.alloc(18)])
}

function zip(id: string, ...names: readonly string[]): RecognisedSample {
  return { id, bytes: buildZip(...names), path: 'model.unknown' }
}

const ARCHIVES: readonly RecognisedSample[] = [
  zip('h2o-mojo', 'model.ini', 'trees/t00.bin'),
  zip('deeplearning4j', 'configuration.json', 'coefficients.bin'),
  zip('mlnet', 'TransformerChain/Transform_000/Model.key'),
  zip('core-ml-package', 'Data/com.apple.CoreML/model.mlmodel'),
  zip('python-package', 'a/__init__.py', 'a-1.0.dist-info/METADATA'),
  zip('java-archive', 'META-INF/MANIFEST.MF'),
  zip('office-document', '[Content_Types].xml'),
  sample('snappy', '\xff\x06\0\0sNaPpY'),
  sample('compress', '\x1f\x9d\x90', 'a.Z'),
  sample('7z', '7z\xbc\xaf\x27\x1c'),
  sample('rar', 'Rar!\x1a\x07\x01\0'),
  sample('cabinet', 'MSCF\0\0\0\0'),
  sample('ar', '!<arch>\n'),
  sample('rpm', '\xed\xab\xee\xdb\x03'),
  sample('cpio', '070701000000010000'),
  sample('squashfs', 'hsqs\x07\0'),
]

const PROGRAMS: readonly RecognisedSample[] = [
  sample('java-class', '\xca\xfe\xba\xbe\0\0\0\x34'),
  sample('dalvik', 'dex\n035\0'),
  sample('lua-bytecode', '\x1bLuaS'),
  sample('llvm-bitcode', 'BC\xc0\xde'),
  sample('spir-v', '\x03\x02\x23\x07'),
  sample('shell-script', '#!/bin/sh\n'),
  sample('ole-document', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'),
]

const MODELS: readonly RecognisedSample[] = [
  sample('ocdbt', '\x0c\xdb\x3a\x2a'),
  sample('tensorrt', 'ftrt\0\0'),
  sample('xgboost-binary', 'binf\0\0\0\x3f'),
  sample('mxnet-params', `\x12\x01${'\0'.repeat(14)}`),
  sample('cntk', 'B\0C\0N\0\0\0'),
  sample('rknn', 'RKNN\0'),
  sample('hailo', '\x01HEF'),
  sample('kendryte', 'LDMK\x05'),
  sample('mlir-bytecode', 'ML\xefR\x01'),
  sample('faiss', 'IxF2\x40\0\0\0'),
  sample('darknet', '# oak\n[net]\nbatch=1\n'),
  sample('ncnn', '7767517\n75 83\n'),
  sample('rten', 'RTEN\x02'),
]

const DATA: readonly RecognisedSample[] = [
  sample('git-lfs-pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:'),
  sample('html-page', '\n<!DOCTYPE html>\n<html>'),
  sample('parquet', 'PAR1\x15'),
  sample('arrow', 'ARROW1\0\0'),
  sample('arrow-stream', '\xff\xff\xff\xff\xa8\x01\0\0\x10\0\0\0'),
  sample('feather-v1', 'FEA1\0'),
  sample('orc', 'ORC\x0a'),
  sample('avro', 'Obj\x01'),
  sample('sqlite', 'SQLite format 3\0'),
  sample('lmdb', `${'\0'.repeat(16)}\xde\xc0\xef\xbe\x01`),
  sample('netcdf', 'CDF\x01'),
  sample('matlab', 'MATLAB 5.0 MAT-file, written by'),
  sample('bmp', 'BM\x36\0\0\0\0\0\0\0\x36\0\0\0'),
  sample('tiff', 'II*\0'),
  sample('icon', '\0\0\x01\0\x01\0'),
  sample('svg', '<?xml version="1.0"?>\n<svg xmlns='),
  sample('avi', 'RIFF\x10\0\0\0AVI '),
  sample('mp3', 'ID3\x03'),
  sample('flac', 'fLaC'),
  sample('ogg', 'OggS\0'),
  sample('iso-media', '\0\0\0\x18ftypmp42'),
  sample('matroska', '\x1a\x45\xdf\xa3'),
  sample('pdf', '%PDF-1.7'),
  sample('postscript', '%!PS-Adobe-3.0'),
  sample('font', '\0\x01\0\0\0'),
  sample('gltf', 'glTF\x02\0\0\0'),
]

/** See the module. */
export const RECOGNISED_SAMPLES: readonly RecognisedSample[] = [...ARCHIVES, ...PROGRAMS, ...MODELS, ...DATA]
