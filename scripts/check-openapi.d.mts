export const TYPES_FILE: string;

/** Changes with everything in a document that its types depend on. */
export function shapeHash(document: object): string;
