// The lint rule of this repository, for oxlint (`jsPlugins` in .oxlintrc.json): imports point the way that
// import-directions.json has it. Imports of types count, as do dynamic ones and re-exports.
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { faultOfImport, readRooms } from './import-directions.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const rooms = readRooms();

/** From the root of the repository, with `/` and without its ending, as import-directions.json names files. */
function nameOf(path) {
  return relative(root, path)
    .replaceAll(sep, '/')
    .replace(/\.m?[jt]s$/, '');
}

const importDirections = {
  create(context) {
    const { filename } = context;
    const from = nameOf(filename);
    // Scripts, tests and examples import what they like, and nothing imports them.
    if (!/^(src|page|bench|fuzz)\//.test(from)) return {};
    const check = (node) => {
      const { source } = node;
      const specifier = source?.value;
      if (typeof specifier !== 'string') return;
      const isRelative = specifier.startsWith('.');
      if (!isRelative && !specifier.startsWith('node:')) return;
      const to = isRelative ? nameOf(join(dirname(filename), specifier)) : specifier;
      const isOfTypes = node.importKind === 'type' || node.exportKind === 'type';
      const message = faultOfImport(from, to, rooms, isOfTypes);
      if (message !== null) context.report({ node: source, message });
    };
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      // `typeof import('./x.js')`
      TSImportType: check,
    };
  },
};

// oxlint wants a default export.
// oxlint-disable-next-line import/no-default-export
export default { meta: { name: 'inkdigit' }, rules: { 'import-directions': importDirections } };
