import { text } from '../../words/words.js';
import { byId } from '../elements.js';
import { blobOf } from './paint.js';

/** The camera in a dialog; its button is there where the browser has one. */
export class Camera {
  readonly #dialog = byId('camera', HTMLDialogElement);
  readonly #video = byId('camera-video', HTMLVideoElement);
  readonly #problem = byId('camera-problem', HTMLElement);
  readonly #shoot = byId('camera-shoot', HTMLButtonElement);
  readonly #onPicture: (file: File) => void;
  #stream: MediaStream | null = null;

  constructor(onPicture: (file: File) => void) {
    this.#onPicture = onPicture;
  }

  /** Shows the button, and listens to it. */
  offer(): void {
    const button = byId('open-camera', HTMLButtonElement);
    void hasCamera().then((isThere) => (button.hidden = !isThere));
    button.addEventListener('click', () => void this.#open());
    this.#shoot.addEventListener('click', () => void this.#take());
    byId('camera-close', HTMLButtonElement).addEventListener('click', () => this.#dialog.close());
    this.#dialog.addEventListener('close', () => this.#stop());
  }

  async #open(): Promise<void> {
    this.#problem.hidden = true;
    this.#shoot.disabled = true;
    this.#dialog.showModal();
    try {
      const video = { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 960 } };
      const stream = await navigator.mediaDevices.getUserMedia({ video });
      this.#stream = stream;
      if (!this.#dialog.open) return this.#stop();
      this.#video.srcObject = stream;
      await this.#video.play();
      this.#shoot.disabled = false;
    } catch (thrown) {
      const isForbidden = thrown instanceof DOMException && thrown.name === 'NotAllowedError';
      this.#problem.textContent = text(isForbidden ? 'cameraForbidden' : 'cameraBusy');
      this.#problem.hidden = false;
    }
    return undefined;
  }

  /** Takes the square in the middle, as the dialog shows it. */
  async #take(): Promise<void> {
    const { videoWidth: width, videoHeight: height } = this.#video;
    const side = Math.min(width, height);
    if (side === 0) return;
    const canvas = document.createElement('canvas');
    canvas.width = side;
    canvas.height = side;
    canvas
      .getContext('2d')
      ?.drawImage(this.#video, (width - side) / 2, (height - side) / 2, side, side, 0, 0, side, side);
    const blob = await blobOf(canvas, 'image/jpeg');
    this.#dialog.close();
    this.#onPicture(new File([blob], 'camera.jpg', { type: 'image/jpeg' }));
  }

  #stop(): void {
    for (const track of this.#stream?.getTracks() ?? []) track.stop();
    this.#stream = null;
    this.#video.srcObject = null;
  }
}

/** Browsers show the camera to pages of a secure origin alone, and tell of it without asking. */
async function hasCamera(): Promise<boolean> {
  // oxlint-disable-next-line typescript/no-unnecessary-condition -- it is missing where the origin is not secure
  if (!navigator.mediaDevices) return false;
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return devices.some(({ kind }) => kind === 'videoinput');
}
