import type { KnownNumber } from './number/read-as.js';

/** What was asked about: a drawing, whose bytes go into the command, or a file, which is named. */
export type AskedPicture =
  | { readonly kind: 'drawing'; readonly base64: string }
  | { readonly kind: 'file'; readonly name: string; readonly type: string };

const ROUTES = { digit: 'mnist/classify', number: 'mnist/read' } as const;

/**
 * A command for a POSIX shell that asks the same as the page did.
 * @param asked what for: one digit, or a number
 * @param known of the number
 * @param service the address of the service, with a slash at its end.
 * @param withKey whether it requires a key; the command takes it from the environment, so that it shows nowhere.
 */
export function curlOf(
  picture: AskedPicture,
  asked: 'digit' | 'number',
  known: KnownNumber,
  service: string,
  withKey = false,
): string {
  const key = withKey ? ' -H "authorization: Bearer $INKDIGIT_API_KEY"' : '';
  const address = new URL(`${ROUTES[asked]}?detail=full`, service);
  if (asked === 'number') {
    for (const [name, value] of Object.entries(known)) address.searchParams.set(name, String(value));
  }
  const url = quote(address.href);
  if (picture.kind === 'drawing') {
    const body = JSON.stringify({ requests: [{ image: picture.base64 }] });
    return `curl${key} -H 'content-type: application/json' -d ${quote(body)} ${url}`;
  }
  // Which format it is, the service sees for itself; only the kind is asked for.
  const type = picture.type.startsWith('image/') ? picture.type : 'image/png';
  return `curl${key} -H ${quote(`content-type: ${type}`)} --data-binary ${quote(`@${picture.name}`)} ${url}`;
}

/** One word of a POSIX shell, whatever is in it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
