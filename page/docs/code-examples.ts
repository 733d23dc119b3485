import { quote } from '../share/snippets.js';
import { addressOf, typeOfImage, type Asked } from './asked.js';

export const LANGUAGES = ['curl', 'Python', 'JavaScript'] as const;
export type Language = (typeof LANGUAGES)[number];

/**
 * A program that asks what the form asks: for a POSIX shell, for Python with requests, for Node.js. A key is taken from
 * the environment, so that it shows nowhere.
 * @param service the address of the service, with a slash at its end
 */
export function codeOf(language: Language, asked: Asked, service: string): string {
  if (language === 'curl') return curlOf(asked, service);
  return language === 'Python' ? pythonOf(asked, service) : javascriptOf(asked, service);
}

function curlOf(asked: Asked, service: string): string {
  const url = quote(addressOf(asked, service));
  const words = ['curl', ...(asked.withKey ? ['-H "authorization: Bearer $INKDIGIT_API_KEY"'] : [])];
  const names = asked.files.map(({ name }) => name);
  if (asked.text !== undefined) {
    return [...words, "-H 'content-type: application/json' -d", quote(asked.text), url].join(' ');
  }
  switch (asked.bodyType) {
    case null:
      return [...words, url].join(' ');
    case 'application/json': {
      const images = names.map(() => '{"image":"%s"}').join(',');
      const files = names.map((name) => `"$(base64 < ${quote(name)} | tr -d '\\n')"`);
      const body = ['printf', quote(`{"requests":[${images}]}`), ...files].join(' ');
      return `${body} |\n  ${[...words, "-H 'content-type: application/json' -d @-", url].join(' ')}`;
    }
    case 'multipart/form-data':
      return [...words, ...names.map((name) => `-F ${quote(`image=@${name}`)}`), url].join(' ');
    default: {
      const type = quote(`content-type: ${typeOfImage(asked.files[0])}`);
      return [...words, '-H', type, '--data-binary', quote(`@${names[0] ?? ''}`), url].join(' ');
    }
  }
}

function pythonOf(asked: Asked, service: string): string {
  const { method, query, bodyType, files, withKey } = asked;
  const names = files.map(({ name }) => name);
  const [name = ''] = names;
  const list = `[${names.map(literal).join(', ')}]`;
  const head: string[] = [];
  const options: string[] = [];
  const headers: string[] = withKey ? ['"x-api-key": os.environ["INKDIGIT_API_KEY"]'] : [];
  if (asked.text !== undefined) {
    headers.push('"content-type": "application/json"');
    options.push(`data=${literal(asked.text)}`);
  } else if (bodyType === 'multipart/form-data') {
    head.push(`files = [("image", open(path, "rb")) for path in ${list}]`);
    options.push('files=files');
  } else if (bodyType === 'application/json') {
    head.push(
      `paths = ${list}`,
      'images = [base64.b64encode(open(path, "rb").read()).decode() for path in paths]',
    );
    options.push('json={"requests": [{"image": image} for image in images]}');
  } else if (bodyType !== null) {
    options.push(`data=open(${literal(name)}, "rb")`);
    headers.push(`"content-type": ${literal(typeOfImage(files[0]))}`);
  }
  if (query.length > 0) {
    options.unshift(
      `params={${query.map(([key, value]) => `${literal(key)}: ${literal(value)}`).join(', ')}}`,
    );
  }
  if (headers.length > 0) options.push(`headers={${headers.join(', ')}}`);
  const url = literal(addressOf({ ...asked, query: [] }, service));
  const args = [url, ...options, 'timeout=30'];
  const call = `requests.${method.toLowerCase()}`;
  const imports = [
    ...(bodyType === 'application/json' && asked.text === undefined ? ['import base64'] : []),
    ...(withKey ? ['import os'] : []),
  ];
  return [
    ...imports,
    ...(imports.length > 0 ? [''] : []),
    'import requests',
    '',
    ...head,
    args.length > 2
      ? `answer = ${call}(\n    ${args.join(',\n    ')},\n)`
      : `answer = ${call}(${args.join(', ')})`,
    'print(answer.status_code, answer.text)',
  ].join('\n');
}

function javascriptOf(asked: Asked, service: string): string {
  const { method, bodyType, files, withKey } = asked;
  const names = files.map(({ name }) => literal(name));
  const head: string[] = [];
  const options: string[] = method === 'GET' ? [] : [`method: '${method}'`];
  const headers: string[] = withKey ? ["'x-api-key': process.env.INKDIGIT_API_KEY"] : [];
  if (asked.text !== undefined) {
    headers.push("'content-type': 'application/json'");
    options.push(`body: ${literal(asked.text)}`);
  } else if (bodyType === 'multipart/form-data') {
    head.push(
      'const form = new FormData();',
      `for (const path of [${names.join(', ')}]) {`,
      "  form.append('image', new Blob([await readFile(path)]), path);",
      '}',
    );
    options.push('body: form');
  } else if (bodyType === 'application/json') {
    head.push(
      `const paths = [${names.join(', ')}];`,
      "const images = await Promise.all(paths.map((path) => readFile(path, 'base64')));",
    );
    headers.push("'content-type': 'application/json'");
    options.push('body: JSON.stringify({ requests: images.map((image) => ({ image })) })');
  } else if (bodyType !== null) {
    headers.push(`'content-type': ${literal(typeOfImage(files[0]))}`);
    options.push(`body: await readFile(${names[0] ?? "''"})`);
  }
  if (headers.length > 0) options.splice(1, 0, `headers: { ${headers.join(', ')} }`);
  const url = literal(addressOf(asked, service));
  const call = options.length === 0 ? url : `${url}, {\n  ${options.join(',\n  ')},\n}`;
  return [
    ...(files.length === 0 ? [] : ["import { readFile } from 'node:fs/promises';", '']),
    ...head,
    `const answer = await fetch(${call});`,
    'console.log(answer.status, await answer.text());',
  ].join('\n');
}

/** A text as Python and JavaScript both write it. */
function literal(text: string): string {
  return JSON.stringify(text);
}
