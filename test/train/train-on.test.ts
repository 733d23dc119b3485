import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { frameAt, planeOfFrame } from '../../src/image/frame.js';
import { planePng } from '../../src/image/plane-png.js';
import { openDigitReader } from '../../src/index.js';
import { trainOn } from '../../src/train/train-on.js';
import { startLocalWorker } from '../../src/training/threads/workers.js';
import { writeDigitFolder } from '../helpers/data/digit-folder.js';
import { drawnSet } from '../helpers/data/drawn-set.js';

const { frames: drawn, labels } = drawnSet(60, 1);
const frames = Array.from(labels, (_, i) => Uint8Array.from(frameAt(drawn, i)));
/** Where it does not matter what is learned. */
const SHORT = { network: 'small', epochs: 1, threads: 1 };

function madeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'inkdigit-train-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

describe('trainOn', () => {
  it('gives a model, its card, weights and curves, and tells how it goes', async () => {
    const steps: number[] = [];
    const epochs: number[] = [];
    const made = await trainOn(
      { frames, labels },
      {
        ...SHORT,
        epochs: 2,
        name: 'own',
        onStep: ({ step }) => void steps.push(step),
        onEpoch: ({ epoch }) => void epochs.push(epoch),
      },
      startLocalWorker,
    );
    expect(epochs).toEqual([1, 2]);
    expect(steps).toEqual(Array.from({ length: steps.length }, (_, i) => i + 1));
    expect(made).toMatchObject({ interrupted: false, card: { name: 'own', epochs: 2, test: null } });
    expect(made.card.recipe).toMatchObject({ trainImages: 50, validationShare: 0.1, epochs: 2 });
    expect(made.curves).toContain('<svg');
    expect(made.weights.length).toBeGreaterThan(1000);

    const path = join(madeFolder(), 'own.onnx');
    writeFileSync(path, made.model);
    writeFileSync(path.replace('.onnx', '.json'), JSON.stringify(made.card));
    const reader = await openDigitReader(path);
    expect(reader.card.file.sha256).toBe(made.card.file.sha256);
    expect(await reader.read(planePng(planeOfFrame(frames[0] ?? new Uint8Array(784))))).toMatchObject({
      ok: true,
    });
    await reader.close();
  });

  it('learns from a folder and from image files as well', async () => {
    const folder = madeFolder();
    await writeDigitFolder(folder, 20);
    const counted: string[] = [];
    const onImage = (done: number, total: number): void => void counted.push(`${done}/${total}`);
    const ofFolder = await trainOn({ folder }, { ...SHORT, onImage }, startLocalWorker);
    expect(counted.at(-1)).toBe('20/20');
    expect(ofFolder.card.recipe).toMatchObject({ trainImages: 10 });
    const images = frames.slice(0, 20).map((frame) => planePng(planeOfFrame(frame)));
    const ofFiles = await trainOn(
      { images, labels: labels.slice(0, 20) },
      { ...SHORT, normalize: 'never' },
      startLocalWorker,
    );
    const ofFrames = await trainOn(
      { frames: frames.slice(0, 20), labels: labels.slice(0, 20) },
      SHORT,
      startLocalWorker,
    );
    // The files are of the frames.
    expect(ofFiles.card.data).toEqual(ofFrames.card.data);
    expect(ofFiles.model).toEqual(ofFrames.model);
  });

  it('ends when its signal is aborted, with the best model so far', async () => {
    const stop = new AbortController();
    const options = { ...SHORT, epochs: 1000, signal: stop.signal, onEpoch: () => stop.abort() };
    const made = await trainOn({ frames, labels }, options, startLocalWorker);
    expect(made).toMatchObject({ interrupted: true, card: { epochs: 1 } });
    const late = trainOn({ frames, labels }, { ...SHORT, signal: AbortSignal.abort('no') }, startLocalWorker);
    await expect(late).rejects.toBe('no');
  });

  it('names each image that is no digit, and refuses what it cannot train', async () => {
    const refusal = (...[source, options = {}]: Partial<Parameters<typeof trainOn>>): Promise<unknown> =>
      trainOn(source ?? { frames, labels }, { ...SHORT, ...options }, startLocalWorker).catch(
        (thrown: unknown) => thrown,
      );
    const junk = [Uint8Array.of(1), Uint8Array.of(2)];
    expect(await refusal({ images: junk, labels: [1, 2] })).toMatchObject({
      code: 'invalid_data',
      items: [{ index: 0 }, { index: 1 }],
    });
    expect(await refusal({ frames: junk, labels: [1, 2] })).toMatchObject({
      items: [{ index: 0 }, { index: 1 }],
    });
    const wrong = frames.map((_, i) => (i === 3 ? 10 : 1));
    expect(await refusal({ frames, labels: wrong })).toMatchObject({ items: [{ index: 3 }] });
    expect(await refusal({ frames, labels: [1] })).toMatchObject({ code: 'invalid_data' });
    expect(await refusal({ folder: 'none' })).toMatchObject({ code: 'missing_file' });
    expect(await refusal(undefined, { network: 'reader' })).toMatchObject({ code: 'invalid_option' });
    expect(await refusal(undefined, { batchSize: 64 })).toMatchObject({ code: 'invalid_option' });
  });
});
