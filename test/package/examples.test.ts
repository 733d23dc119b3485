import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeDigitFolder } from '../helpers/data/digit-folder.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Starts an example of the package as it is built. */
function start(name: string, ...args: string[]) {
  const child = spawn(process.execPath, [join('examples', name), ...args], { cwd: root });
  child.stderr.pipe(process.stderr);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

describe('examples', () => {
  it.each([
    ['node-server.mjs', ''],
    ['fastify-app.mjs', '/digits'],
    ['express-app.mjs', '/digits'],
  ])('%s reads a digit, and ends when it is told to', async (name, prefix) => {
    const child = start(name, '0');
    const [line] = await once(child.stdout, 'data');
    const url = String(line).trim();
    const response = await fetch(`${url}${prefix}/mnist/classify`, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: readFileSync(join(root, 'examples/digits/7.png')),
    });
    expect(await response.json()).toMatchObject({ responses: [{ class: 7 }] });
    if (process.platform === 'win32') return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });

  it('express-app.mjs leaves its other routes, parsers and errors to Express', async () => {
    const child = start('express-app.mjs', '0');
    const [line] = await once(child.stdout, 'data');
    const url = String(line).trim();
    const send = (path: string, body: string): Promise<Response> =>
      fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    const echo = await send('/echo', '{"mine":true}');
    expect([echo.headers.get('x-powered-by'), await echo.json()]).toEqual(['Express', { mine: true }]);
    expect((await send('/nowhere', '{}')).status).toBe(404);
    // Below its path, requests for other routes go on to those of the app.
    expect(await (await send('/digits/echo', '{}')).text()).toContain('Cannot POST /digits/echo');
    const none = await send('/digits/mnist/classify', '{"requests":[]}');
    expect([none.status, await none.json()]).toEqual([200, { responses: [] }]);
    const refused = await send('/digits/mnist/classify', '{"requests":7}');
    expect([refused.status, await refused.json()]).toMatchObject([400, { code: 'invalid_request' }]);
    expect(await (await fetch(`${url}/digits/readyz`)).json()).toEqual({ status: 'ready' });
  });

  it('train.mjs writes a model and its card', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'inkdigit-example-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    await writeDigitFolder(join(folder, 'digits'), 40);
    const out = join(folder, 'own.onnx');
    const child = start('train.mjs', join(folder, 'digits'), out);
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(Buffer.concat(chunks).toString()).toMatch(
      /^epoch 1\/2: validation .*%\nepoch 2\/2: .*\n.* bytes\n$/,
    );
    expect(existsSync(out)).toBe(true);
    expect(JSON.parse(readFileSync(join(folder, 'own.json'), 'utf8'))).toMatchObject({ epochs: 2 });
  });
});
