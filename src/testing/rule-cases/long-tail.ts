/** Cases of TW-EXE, TW-LNG, TW-MDL and of the rules for XML and YAML. */
import { anomaly, answering, card, file, hit, miss, subjectOf, type CaseSubject, type RuleCase } from './build.ts'

function pointing(kind: 'class' | 'code', target: string, locus: string): CaseSubject {
  return subjectOf([file('config.yaml', 'yaml', { references: [{ kind, target, locus }] }), card()])
}

/** See the module. */
export const LONG_TAIL_CASES: readonly RuleCase[] = [
  ...answering({
    rule: 'TW-EXE-02',
    path: 'model.engine',
    format: 'tensorrt',
    hits: ['rec-plugin-engine'],
    misses: ['rec-opaque', 'rec-executable'],
  }),
  hit(
    'TW-EXE-02',
    'an engine beside other files',
    subjectOf([file('a.rknn', 'rknn', { reading: 'recognised', anomalies: [anomaly('rec-plugin-engine')] }), card()]),
  ),
  ...answering({
    rule: 'TW-LNG-01',
    path: 'model.rds',
    format: 'r-data',
    hits: ['rda-promise', 'rda-closure', 'rda-bytecode', 'lua-function'],
    misses: ['rda-length', 'rda-item'],
  }),
  miss(
    'TW-LNG-01',
    'a formula that names functions and holds none',
    subjectOf([
      file('model.rds', 'r-data', { references: [{ kind: 'class', target: 'system', locus: 'call' }] }),
      card(),
    ]),
  ),
  ...answering({
    rule: 'TW-LNG-02',
    path: 'model.t7',
    format: 'torch7',
    hits: ['lua-length', 'lua-tensor', 'rda-item'],
    misses: ['lua-function', 'bytes-unclaimed'],
  }),
  ...answering({
    rule: 'TW-CFG-10',
    path: 'model.pmml',
    format: 'pmml',
    hits: ['xml-doctype'],
    misses: ['xml-syntax', 'xml-instruction'],
  }),
  hit(
    'TW-CFG-10',
    'a document type in a graph',
    subjectOf([file('model.xml', 'openvino', { reading: 'unread', anomalies: [anomaly('xml-doctype')] }), card()]),
  ),
  ...answering({
    rule: 'TW-CFG-14',
    path: 'model.xml',
    format: 'openvino',
    hits: ['xml-syntax', 'xml-root', 'ovn-weights'],
    misses: ['xml-doctype', 'ovn-custom-layer'],
  }),
  ...answering({
    rule: 'TW-MDL-01',
    path: 'model.ubj',
    format: 'xgboost-ubj',
    hits: ['xgb-length', 'xgb-marker', 'ftx-length'],
    misses: ['xgb-shape', 'lgb-end'],
  }),
  ...answering({
    rule: 'TW-MDL-02',
    path: 'model.txt',
    format: 'lightgbm',
    hits: ['lgb-end', 'lgb-tree-size', 'ftx-version'],
    misses: ['xgb-length', 'text-utf8'],
  }),
  hit(
    'TW-CFG-03',
    'a module of the system in a configuration of Hydra',
    pointing('class', 'os.system', '/model/_target_'),
  ),
  hit('TW-CFG-03', 'a loader of the system', pointing('class', 'subprocess', '/flavors/python_function/loader_module')),
  hit('TW-CFG-01', 'a class that somebody must bring along', pointing('code', 'src.models.Net', '/net/_target_')),
  miss('TW-CFG-03', 'a class that somebody must bring along', pointing('code', 'src.models.Net', '/net/_target_')),
]
