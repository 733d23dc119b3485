// Builds the package @inkdigit/client: `node scripts/build/build-client.mjs [FOLDER]`, by default into
// packages/client/dist. It takes what dist/ was built from src/client, and writes one program, and declarations that
// need no other package.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { ensureReady } from '../setup.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const [folder = join(root, 'packages', 'client', 'dist')] = process.argv.slice(2);

ensureReady();
const dist = join(root, 'dist');
rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, 'api'), { recursive: true });
mkdirSync(join(folder, 'client'));
await build({
  entryPoints: [join(dist, 'client', 'exports.js')],
  outfile: join(folder, 'index.js'),
  bundle: true,
  format: 'esm',
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'warning',
});
const wireTypes = new Set();
copyDeclarations('exports');
const schemas = await import(pathToFileURL(join(dist, 'api', 'schemas.js')).href);
const declared = [...wireTypes].toSorted().map((name) => `export type ${name} = ${typeOf(schemas[name])};\n`);
writeFileSync(join(folder, 'api', 'schemas.d.ts'), declared.join('\n'));

/** Copies the declarations of a module and of those that it mentions; keeps the names it takes of schemas. */
function copyDeclarations(name, seen = new Set()) {
  if (seen.has(name)) return;
  seen.add(name);
  const file = join('client', `${name}.d.ts`);
  const text = readFileSync(join(dist, file), 'utf8');
  cpSync(join(dist, file), join(folder, file));
  for (const [, names, from] of text.matchAll(/\{([^}]*)\} from '([^']+)'/g)) {
    if (from === '../api/schemas.js') for (const [type] of names.matchAll(/\w+/g)) wireTypes.add(type);
    else copyDeclarations(from.replace(/^\.\/|\.js$/g, ''), seen);
  }
}

/** A schema as a type of TypeScript, so that the declarations do without the package that schemas are written with. */
function typeOf(schema) {
  const { type, properties, items, required = [] } = schema;
  if ('const' in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' | ');
  if (type === 'array') return `(${typeOf(items)})[]`;
  if (type === 'integer' || type === 'number') return 'number';
  if (type === 'string' || type === 'boolean') return type;
  if (type !== 'object') throw new Error(`Expected a schema of a known type, got ${JSON.stringify(schema)}.`);
  const members = Object.entries(properties).map(([name, member]) => {
    const comment = member.description ? `  /** ${member.description} */\n` : '';
    return `${comment}  ${name}${required.includes(name) ? '' : '?'}: ${typeOf(member)};\n`;
  });
  return `{\n${members.join('')}}`;
}
