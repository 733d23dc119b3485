/** `sw.js` of a site without a service: keeps the site on the device, for times without a network. */
import { KeptSite, type KeptFiles } from './kept-files.js';

/** Put before this program by `inkdigit page`. */
declare const FILES: KeptFiles;

/** What of a service worker's scope is used: the types of pages do not have it. */
interface LifeEvent {
  waitUntil(work: Promise<unknown>): void;
}
interface FetchEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}
declare const self: {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: 'install' | 'activate', listener: (event: LifeEvent) => void): void;
  addEventListener(type: 'fetch', listener: (event: FetchEvent) => void): void;
};

const { scope } = self.registration;
const site = new KeptSite(FILES, scope, () => caches.open(`inkdigit ${scope}`));

// A new version waits until no page of the old one is open, so that no page has parts of both.
self.addEventListener('install', (event) => {
  event.waitUntil(site.fill((address) => fetch(address, { cache: 'no-cache' })));
});
self.addEventListener('activate', (event) => {
  event.waitUntil(site.tidy().then(() => self.clients.claim()));
});
self.addEventListener('fetch', (event) => {
  if (event.request.method !== 'GET') return;
  event.respondWith(site.get(event.request.url).then((kept) => kept ?? fetch(event.request)));
});
