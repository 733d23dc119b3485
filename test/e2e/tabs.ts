import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** How a tab is opened. */
export interface TabSettings extends BrowserContextOptions {
  /** Run in it before any script of a page. */
  readonly script?: string;
}

/** What Chromium keeps of a page, but for its cache. */
const KEPT = 'cookies,indexeddb,local_storage';

/** Settings that a tab takes at any time, and what they are where nothing is said. */
const CHANGEABLE = { colorScheme: 'light', forcedColors: 'none', reducedMotion: 'no-preference' } as const;

/** What a test listens to. */
const HEARD = ['console', 'pageerror', 'request'] as const;

interface Tab {
  readonly page: Page;
  readonly settings: TabSettings;
  /** Of all that was settled when it was opened: tabs of the same are the same. */
  readonly key: string;
}

interface Tabs {
  /** Of the test that runs. */
  readonly taken: Tab[];
  /** Those that earlier tests left. */
  readonly left: Map<string, Tab>;
}

const tabsOf = new WeakMap<Browser, Tabs>();

function tabsIn(browser: Browser): Tabs {
  const tabs = tabsOf.get(browser) ?? { taken: [], left: new Map<string, Tab>() };
  tabsOf.set(browser, tabs);
  return tabs;
}

/**
 * A tab as who comes for the first time has it. A new context costs Chromium over a second of processor time, most of
 * it for a process and for compiling scripts: one that an earlier test left is used again where it was opened likewise.
 */
export async function takeTab(browser: Browser, settings: TabSettings): Promise<Page> {
  const { taken, left } = tabsIn(browser);
  const { colorScheme, forcedColors, reducedMotion, viewport, ...settled } = settings;
  // A phone has its viewport from the beginning.
  const key = JSON.stringify(settings.isMobile ? { ...settled, viewport } : settled);
  const page = left.get(key)?.page ?? (await newTab(browser, settings));
  left.delete(key);
  taken.push({ page, settings, key });
  if (viewport) await page.setViewportSize(viewport);
  await page.emulateMedia({
    ...CHANGEABLE,
    ...(colorScheme && { colorScheme }),
    ...(forcedColors && { forcedColors }),
    ...(reducedMotion && { reducedMotion }),
  });
  return page;
}

/**
 * After each test: leaves its tabs to later ones, without what was kept in them.
 * @param isSound whether the test passed: after one that did not nothing is known of its tabs, and they are closed
 */
export async function leaveTabs(browser: Browser, isSound: boolean): Promise<void> {
  const { taken, left } = tabsIn(browser);
  for (const tab of taken.splice(0)) {
    const isWanted = isSound && !tab.page.isClosed() && !left.has(tab.key);
    if (isWanted) {
      await empty(tab);
      left.set(tab.key, tab);
    } else await tab.page.context().close();
  }
}

async function newTab(browser: Browser, { script, ...options }: TabSettings): Promise<Page> {
  const context = await browser.newContext(options);
  // A bound for what hangs: a machine under load may take its time.
  context.setDefaultTimeout(120_000);
  if (script !== undefined) await context.addInitScript(script);
  return context.newPage();
}

/** As it was when it was new, but for what Chromium has in its caches. */
async function empty({ page, settings }: Tab): Promise<void> {
  const context = page.context();
  const { origin } = new URL(page.url());
  for (const event of HEARD) page.removeAllListeners(event);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.goto('about:blank');
  const session = await context.newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: KEPT });
  await session.detach();
  await context.clearPermissions();
  if (settings.permissions) await context.grantPermissions([...settings.permissions]);
}
