/** A file that is sent: its name or path, and its kind. */
export interface AskedFile {
  readonly name: string;
  readonly type: string;
}

/** What the form of an operation asks for, and its examples of code show. */
export interface Asked {
  readonly method: 'GET' | 'POST';
  /** As `/mnist/classify`. */
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  /** The content type of the body; `null` for none. */
  readonly bodyType: string | null;
  readonly files: readonly AskedFile[];
  /** The body itself, where it is typed in. */
  readonly text?: string;
  /** Whether a key goes with it. */
  readonly withKey: boolean;
}

/**
 * The address that is asked.
 * @param service the address of the service, with a slash at its end
 */
export function addressOf({ path, query }: Pick<Asked, 'path' | 'query'>, service: string): string {
  const address = new URL(path.slice(1), service);
  for (const [name, value] of query) address.searchParams.append(name, value);
  return address.href;
}

/** The content type of one bare image; the service sees for itself which it is. */
export function typeOfImage(file: AskedFile | undefined): string {
  return file?.type.startsWith('image/') ? file.type : 'image/png';
}
