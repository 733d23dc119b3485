import { Type, Value, type Static } from '../typebox.js';
import { InkdigitError } from '../errors.js';

/** Which version is to serve: the content of the file `current`, replaced as a whole. */
export const Pointer = Type.Object({
  version: Type.Integer({ minimum: 1 }),
  /** What was current before it, and is again after a rollback; `null` for the first. */
  previous: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
  /** Of this choice: the same version chosen again is another choice. */
  id: Type.String({ minLength: 1 }),
  /** When it was chosen, ISO 8601. */
  at: Type.String(),
});
export type Pointer = Static<typeof Pointer>;

/** @throws InkdigitError `invalid_model` */
export function parsePointer(text: string, path: string): Pointer {
  try {
    const value: unknown = JSON.parse(text);
    if (Value.Check(Pointer, value)) return value;
  } catch {
    // What is no JSON is no pointer either.
  }
  throw new InkdigitError(
    'invalid_model',
    `${path} does not say which version is current: got ${JSON.stringify(text.slice(0, 100))}. ` +
      'inkdigit models use N writes it anew.',
  );
}

/** The choice of a version, which keeps in mind what was current before. */
export function pointTo(
  version: number,
  before: Pointer | undefined,
  { id, at }: Pick<Pointer, 'id' | 'at'>,
): Pointer {
  const previous = before?.version === version ? before.previous : (before?.version ?? null);
  return { version, previous, id, at };
}
