/** Lets the browser save a file. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  // The browser takes its copy in the same turn.
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}
