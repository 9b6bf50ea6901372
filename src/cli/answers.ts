/** What the control API answers, by the schemas that its OpenAPI document is made of. */
import type { Calls } from '../control/index.js';
import type { Exact } from './exact.js';

/** What a call answers where it does what was asked. */
export type AnswerTo<Call extends keyof Calls> = Exact<Success<Calls[Call]['response']>>;

type Success<Response> = Response extends { 201: infer Schema }
  ? Schema
  : Response extends { 200: infer Schema }
    ? Schema
    : never;

/** What a call takes. */
export type BodyOf<Call extends keyof Calls> = Calls[Call] extends { body: infer Schema }
  ? Exact<Schema>
  : undefined;

export type StatusAnswer = AnswerTo<'GET /status'>;
export type PeerAnswer = AnswerTo<'GET /peers'>[number];
export type PendingAnswer = AnswerTo<'GET /transactions/pending'>[number];
export type InvitationAnswer = AnswerTo<'GET /invitation'>;
