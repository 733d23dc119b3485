import type { RequestTrace } from '../tracing/request-trace.js';

/** What is noted of a call on its way: for its line in the log, and its span. */
export interface CallNotes {
  readonly path: string;
  /** Of who opened the connection: a client, or a proxy. */
  readonly address: string;
  /** 0 until they are counted. */
  images: number;
  /** Where traces are recorded. */
  trace: RequestTrace | undefined;
}

/** By the metadata of each call, which is all that those who meet it on its way have in common. */
const ofCalls = new WeakMap<object, CallNotes>();

/** Begins the notes of a call. */
export function noteCall(metadata: object, path: string, address: string): CallNotes {
  const notes: CallNotes = { path, address, images: 0, trace: undefined };
  ofCalls.set(metadata, notes);
  return notes;
}

/** Those of a call whose metadata came through the gate. */
export function notesOf(metadata: object): CallNotes {
  const notes = ofCalls.get(metadata);
  if (!notes) throw new Error('unreachable: every call comes through the gate');
  return notes;
}
