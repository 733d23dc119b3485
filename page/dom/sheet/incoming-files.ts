import { byId } from '../elements.js';

/** Files come by the button, by drag and drop anywhere, and from the clipboard. */
export function receiveFiles(onFiles: (files: readonly File[]) => void): void {
  const take = (files: FileList | undefined): void => {
    if (files && files.length > 0) onFiles([...files]);
  };

  const input = byId('file-input', HTMLInputElement);
  byId('open-files', HTMLButtonElement).addEventListener('click', () => input.click());
  input.addEventListener('change', () => {
    take(input.files ?? undefined);
    input.value = ''; // so that the same file can be chosen again
  });

  document.addEventListener('paste', (event) => take(event.clipboardData?.files));

  const showDropping = (isDropping: boolean): void => {
    document.body.classList.toggle('dropping', isDropping);
  };
  document.addEventListener('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    showDropping(true);
  });
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) showDropping(false);
  });
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    showDropping(false);
    take(event.dataTransfer?.files);
  });
}
