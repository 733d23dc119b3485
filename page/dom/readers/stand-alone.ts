import { ownScript } from './own-script.js';

/** Whether the page is from a server of files, without a service: `inkdigit page` wrote so into it. */
export const isAlone = document.querySelector('meta[name="inkdigit-service"][content="none"]') !== null;

/** Of a page without a service: takes away what is about one, and keeps the rest for times without a network. */
export function standAlone(): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-of-service]')) element.hidden = true;
  // Not on an address without TLS, other than that of this machine.
  if (!('serviceWorker' in navigator)) return;
  void navigator.serviceWorker.register(ownScript('sw.js')).catch(() => {
    // Then the page is not kept; it works as long as there is a network.
  });
}
