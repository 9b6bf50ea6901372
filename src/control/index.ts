/** The HTTP control API of a node. */
export { type Binding, type BindOptions, bindControl } from './binding.js';
export { diagnosisAnswer, factsFrom } from './diagnosis-answer.js';
export { ControlError, type ControlErrorCode } from './errors.js';
export { Libp2pMetrics } from './metrics/libp2p-metrics.js';
export type { Calls } from './schemas/calls.js';
export type { DiagnosisAnswer } from './schemas/diagnosis.js';
export { type Control, type ControlOptions, serveControl } from './server.js';
