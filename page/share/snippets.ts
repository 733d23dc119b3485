import type { KnownNumber } from '../number/read-as.js';

/** What was asked about: a picture so small that it goes into the program, or a file, which is named. */
export type AskedPicture =
  | { readonly kind: 'inline'; readonly base64: string }
  | { readonly kind: 'file'; readonly name: string; readonly type: string };

export const SNIPPET_LANGUAGES = ['curl', 'Python', 'JavaScript', 'inkdigit'] as const;
export type SnippetLanguage = (typeof SNIPPET_LANGUAGES)[number];

/** A question to the service. */
export interface AskedQuestion {
  readonly picture: AskedPicture;
  /** What for: one digit, or a number. */
  readonly asked: 'digit' | 'number';
  /** Of the number. */
  readonly known: KnownNumber;
  /** The address of the service, with a slash at its end. */
  readonly service: string;
  /** Whether it requires a key; programs take it from the environment, so that it shows nowhere. */
  readonly withKey: boolean;
}

/** A short program that asks the same as the page did: for a POSIX shell, Python with requests, Node.js. */
export function snippetOf(language: SnippetLanguage, question: AskedQuestion): string {
  if (language === 'curl') return curlOf(question);
  if (language === 'Python') return pythonOf(question);
  return language === 'JavaScript' ? javascriptOf(question) : commandOf(question);
}

function curlOf(question: AskedQuestion): string {
  const { picture, withKey } = question;
  const key = withKey ? ' -H "authorization: Bearer $INKDIGIT_API_KEY"' : '';
  const url = quote(addressOf(question));
  if (picture.kind === 'inline') {
    return `curl${key} -H 'content-type: application/json' -d ${quote(jsonOf(picture.base64))} ${url}`;
  }
  return `curl${key} -H ${quote(`content-type: ${typeOf(picture)}`)} --data-binary ${quote(`@${picture.name}`)} ${url}`;
}

function pythonOf(question: AskedQuestion): string {
  const { picture, withKey } = question;
  const headers = [
    ...(picture.kind === 'file' ? [`"content-type": ${JSON.stringify(typeOf(picture))}`] : []),
    ...(withKey ? ['"x-api-key": os.environ["INKDIGIT_API_KEY"]'] : []),
  ];
  const body =
    picture.kind === 'inline'
      ? `json=${jsonOf(picture.base64)}`
      : `data=open(${JSON.stringify(picture.name)}, "rb")`;
  const options = [body, ...(headers.length > 0 ? [`headers={${headers.join(', ')}}`] : []), 'timeout=30'];
  const url = JSON.stringify(addressOf(question));
  const imports = withKey ? 'import os\nimport requests' : 'import requests';
  return `${imports}\nprint(requests.post(${url}, ${options.join(', ')}).json())`;
}

function javascriptOf(question: AskedQuestion): string {
  const { picture, withKey } = question;
  const isInline = picture.kind === 'inline';
  const type = isInline ? 'application/json' : typeOf(picture);
  const key = withKey ? ', "x-api-key": process.env.INKDIGIT_API_KEY' : '';
  const body = isInline
    ? `JSON.stringify(${jsonOf(picture.base64)})`
    : `await readFile(${JSON.stringify(picture.name)})`;
  return [
    ...(isInline ? [] : ['import { readFile } from "node:fs/promises";']),
    `const answer = await fetch(${JSON.stringify(addressOf(question))}, {`,
    `  method: "POST", headers: { "content-type": ${JSON.stringify(type)}${key} },`,
    `  body: ${body},`,
    '});',
    'console.log(await answer.json());',
  ].join('\n');
}

/** The command takes the key from the same variable by itself. */
function commandOf({ picture, asked, known, service }: AskedQuestion): string {
  const command = asked === 'digit' ? 'classify' : 'read';
  const options = [`--server ${quote(service)}`];
  for (const [name, value] of Object.entries(asked === 'number' ? known : {})) {
    options.push(`--${name} ${quote(String(value))}`);
  }
  const call = `npx inkdigit ${command} ${options.join(' ')}`;
  if (picture.kind === 'inline') return `echo ${picture.base64} | base64 -d | ${call} -`;
  return `${call} ${quote(picture.name)}`;
}

function addressOf({ asked, known, service }: AskedQuestion): string {
  const address = new URL(asked === 'digit' ? 'mnist/classify' : 'mnist/read', service);
  address.searchParams.set('detail', 'full');
  if (asked === 'number') {
    for (const [name, value] of Object.entries(known)) address.searchParams.set(name, String(value));
  }
  return address.href;
}

function jsonOf(base64: string): string {
  return JSON.stringify({ requests: [{ image: base64 }] });
}

/** Which format it is, the service sees for itself; only the kind is asked for. */
function typeOf({ type }: { readonly type: string }): string {
  return type.startsWith('image/') ? type : 'image/png';
}

/** One word of a POSIX shell, whatever is in it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
