import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelsCommand } from '../../../src/cli/models/models-command.js';
import { statesOf } from '../../../src/cli/models/store-commands.js';
import { drawDigit } from '../../../src/drawing/draw-digit.js';
import { ModelStore } from '../../../src/store/model-store.js';
import { StatusFile, type ServiceStatus } from '../../../src/store/service-status.js';
import { encodePng } from '../../helpers/data/digits.js';
import { swapOneAndSeven, writeGoldenModel } from '../../helpers/models/golden-model.js';
import { mnistDir } from '../../helpers/data/mnist.js';
import { quickFolder } from '../../helpers/surroundings/quick-folder.js';
import { refusalOf } from '../../helpers/programs/refusal.js';
import { testIo, type TestIo } from '../test-io.js';

let folder: string;
/** Two that read the same, and one that takes 7 for 1. */
let models: string[];
beforeAll(() => {
  folder = quickFolder('models-command');
  models = [
    writeGoldenModel(join(folder, 'a'), { scale: 0.05, name: 'first' }),
    writeGoldenModel(join(folder, 'b'), { scale: 0.08, name: 'second' }),
    writeGoldenModel(join(folder, 'c'), { scale: 0.05, classOf: swapOneAndSeven, name: 'third' }),
  ];
});
afterAll(() => rmSync(folder, { recursive: true }));

let stores = 0;
const newStore = (): string => join(folder, `store-${stores++}`);

async function run(dir: string, ...args: string[]): Promise<TestIo> {
  const io = testIo();
  await modelsCommand(io).parseAsync([...args, '--models', dir], { from: 'user' });
  return io;
}

async function storeOfThree(): Promise<string> {
  const dir = newStore();
  for (const model of models) await run(dir, 'add', model);
  return dir;
}

function status(changes: Partial<ServiceStatus>): ServiceStatus {
  return {
    host: 'web-1',
    pid: 5,
    port: 80,
    state: 'serving',
    serving: 1,
    previous: null,
    shadow: null,
    choice: '',
    refused: null,
    since: '',
    ...changes,
  };
}

describe('inkdigit models', () => {
  it('adds, lists, switches, goes back and removes', async () => {
    const dir = newStore();
    const added = (await run(dir, 'add', models[0]!)).out();
    expect(added).toMatch(/^added version 1: first, model, 0\.03 MB, SHA-256 \w{64}\n$/);
    expect((await run(dir, 'add', models[0]!)).out()).toBe('version 1 holds these files already\n');
    await run(dir, 'add', models[1]!);
    expect((await run(dir, 'use', '1')).out()).toBe(
      'version 1 is current\nNo service watches this store; the next one that starts serves it.\n',
    );
    expect((await run(dir, 'use', '2')).out()).toMatch(/^version 2 is current; before it: 1\n/);
    expect((await run(dir, 'rollback')).out()).toMatch(/^version 1 is current; before it: 2\n/);
    const list = (await run(dir, 'list')).out().split('\n');
    expect(list[0]).toMatch(/^ +version +added +size +SHA-256 +name$/);
    expect(list[1]).toMatch(/^\* +1 +20\d\d-.* 0\.03 MB +\w{12} +first$/);
    expect(list[2]).toMatch(/^ +2 +20\d\d-.* +second$/);
    expect((await run(dir, 'remove', '2')).out()).toBe('removed version 2\n');
    expect((await run(dir, 'list')).out()).not.toContain('second');
  });

  it('lists for programs', async () => {
    const dir = await storeOfThree();
    await run(dir, 'use', '3');
    const refused = { version: 2, choice: 'x', reason: 'it reads nothing', at: '' };
    await new StatusFile(dir, 5, 'web-1').write(status({ serving: 3, previous: 1, refused }));
    const list: unknown = JSON.parse((await run(dir, 'list', '--json')).out());
    expect(list).toMatchObject({
      current: 3,
      previous: null,
      versions: [
        { version: 1, name: 'first', current: false, state: ['kept for a rollback on web-1:80 (process 5)'] },
        { version: 2, state: ['refused by web-1:80 (process 5): it reads nothing'] },
        { version: 3, current: true, networks: ['model'], state: ['serves on web-1:80 (process 5)'] },
      ],
      services: [{ host: 'web-1', serving: 3 }],
    });
    await expect(run(dir, 'remove', '1')).resolves.toBeDefined();
    expect(statesOf(3, [status({ serving: 3, state: 'checking' })])).toEqual([
      'serves on web-1:80 (process 5), which is checking another',
    ]);
  });

  it('waits for services: those that serve it, those that refuse it, those that say nothing', async () => {
    const dir = await storeOfThree();
    await run(dir, 'use', '1');
    const file = new StatusFile(dir, 5, 'web-1');
    /** A service that deals with each choice as it is told. */
    const follow = async (of: (choice: string) => Partial<ServiceStatus>): Promise<void> => {
      const store = new ModelStore(dir);
      const before = await store.current();
      await file.write(status({ serving: 1 }));
      for (;;) {
        const now = await store.current();
        if (now && now.id !== before?.id) return file.write(status({ choice: now.id, ...of(now.id) }));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    await file.write(status({}));
    const [good] = await Promise.all([run(dir, 'use', '2', '--wait'), follow(() => ({ serving: 2 }))]);
    const served = expect.stringContaining('web-1:80 (process 5) serves version 2');
    expect([good.exitCode, good.out()]).toEqual([undefined, served]);
    const refuse = (choice: string): Partial<ServiceStatus> => ({
      serving: 2,
      refused: { version: 3, choice, reason: 'it reads nothing', at: '' },
    });
    const [bad] = await Promise.all([run(dir, 'use', '3', '--wait'), follow(refuse)]);
    expect([bad.exitCode, bad.err()]).toEqual([
      1,
      expect.stringContaining('goes on with version 2: it reads nothing'),
    ]);
    const silent = await run(dir, 'rollback', '--wait', '--timeout-ms', '80');
    expect([silent.exitCode, silent.err()]).toEqual([
      1,
      expect.stringContaining('does not serve it after 80 ms'),
    ]);
    expect((await run(dir, 'use', '1')).out()).toContain('1 service tries it now');
  });

  it('lets nothing in that cannot be opened, and finds what was damaged since', async () => {
    const dir = newStore();
    const broken = writeGoldenModel(join(folder, 'broken'), { outputs: 12 });
    await expect(run(dir, 'add', broken)).rejects.toThrow('ONNX model of another kind');
    await run(dir, 'add', models[0]!);
    await run(dir, 'add', models[1]!);
    expect((await run(dir, 'verify')).out()).toContain('2 versions, 0 broken');
    const { sha256 } = await new ModelStore(dir).find(2);
    truncateSync(join(dir, 'store', sha256, 'model.onnx'), 10);
    const verified = await run(dir, 'verify');
    expect([verified.exitCode, verified.out()]).toEqual([1, expect.stringContaining('2 versions, 1 broken')]);
    expect(verified.err()).toMatch(/^version 2: .*model\.onnx is not as it was/);
  });

  it('compares two versions on images, whose names may say what they show', async () => {
    const dir = await storeOfThree();
    const images = join(folder, 'images');
    mkdirSync(images);
    for (const digit of [3, 5, 7]) {
      writeFileSync(join(images, `x_truelabel_${digit}.png`), await encodePng(drawDigit(digit)));
    }
    const same = await run(dir, 'compare', '1', '2', images);
    expect(same.out()).toContain('versions 1 and 2 agree on 3 of 3 images (100.00 %)');
    expect(same.out()).toMatch(/\|dp\| of the digit that 1 reads: mean 0\.\d*[1-9]\d*, largest/);
    writeFileSync(join(images, 'none.png'), 'no image');
    const other = await run(dir, 'compare', '1', '3', images);
    expect(other.out()).toContain('agree on 2 of 3 images');
    expect(other.out()).toMatch(/x_truelabel_7\.png: 1 says 7 \(0\.\d+\), 3 says 1/);
    const correctOf = (version: number): number =>
      Number(new RegExp(`version ${version}: (\\d) of 3 correctly classified`).exec(other.out())?.[1]);
    expect(correctOf(1) - correctOf(3)).toBe(1);
    expect([other.exitCode, other.err()]).toEqual([1, expect.stringContaining('none.png')]);
    const json: unknown = JSON.parse((await run(dir, 'compare', '1', '3', images, '--json')).out());
    expect(json).toMatchObject({
      compared: 3,
      agreed: 2,
      disagreements: { '7>1': 1 },
      accuracies: [correctOf(1) / 3, correctOf(3) / 3],
    });
  });

  it.skipIf(!mnistDir)('compares two versions on the test images of real MNIST', async () => {
    const dir = await storeOfThree();
    const compared = await run(dir, 'compare', '1', '2', '--data-dir', String(mnistDir));
    expect(compared.out()).toMatch(/agree on 10000 of 10000 images/);
  });

  it('says what is missing, and what there is', async () => {
    expect(await refusalOf(['models', 'list'])).toContain(
      'Name its folder by --models DIR or INKDIGIT_MODELS_DIR',
    );
    const dir = await storeOfThree();
    expect(await refusalOf(['models', 'use', '9'], { INKDIGIT_MODELS_DIR: dir })).toContain(
      'there are 1, 2, 3',
    );
    expect(await refusalOf(['models', 'use', 'x', '--models', dir])).toContain('Expected a whole number');
    expect(await refusalOf(['models', 'rollback', '--models', dir])).toContain('nothing to roll back to');
  });
});

describe('inkdigit serve with a store', () => {
  it.each([
    [['--models', 'x', '--model', 'y.onnx'], /cannot be used with option/],
    [['--shadow', '2'], /--shadow goes with --models DIR/],
    [['--models', 'x', '--shadow-share', '0.5'], /--shadow-share goes with --shadow VERSION/],
    [['--models', 'x', '--golden-accuracy', '2'], /Expected a number from 0 to 1/],
  ])('refuses %j', async (args, reason) => {
    expect(await refusalOf(['serve', ...args])).toMatch(reason);
  });

  it('takes an admin key from its variable, with a store', async () => {
    const serve = (key: string): Promise<string> => refusalOf(['serve'], { INKDIGIT_ADMIN_KEY: key });
    expect(await serve('long-enough-admin-key')).toMatch(/--admin-key goes with --models DIR/);
    expect(await serve('short')).toMatch(/--admin-key \(INKDIGIT_ADMIN_KEY\) expects keys of at least 16/);
  });
});
