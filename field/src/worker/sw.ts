/**
 * Keeps the app on the phone: the shell, its scripts, words, letters. Never an answer of the server about work or
 * people. A new version waits until the page says that a person takes it.
 */
import { cleanupOutdatedCaches, getCacheKeyForURL, PrecacheController, precacheAndRoute } from "workbox-precaching";

interface Kept {
  readonly url: string;
  /** The beginning of the SHA-256 of its bytes. Null where the name itself changes with the content. */
  readonly revision: string | null;
}

interface Extendable {
  waitUntil(work: Promise<unknown>): void;
}

interface Asked extends Extendable {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

interface Worker {
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "message", listener: (event: Extendable & { readonly data: unknown }) => void): void;
  addEventListener(type: "activate", listener: (event: Extendable) => void): void;
  addEventListener(type: "fetch", listener: (event: Asked) => void): void;
}

/** Written by the build from the very bytes that are served. */
declare const MANIFEST: readonly Kept[];
/** The reader of codes: too large for the first load. Kept once it was used, or when the page says that it has time. */
declare const READER: readonly string[];
const READER_CACHE = "nhipcau-reader";
const worker = self as unknown as Worker;

cleanupOutdatedCaches();
precacheAndRoute([...MANIFEST], { directoryIndex: "", cleanURLs: false, ignoreURLParametersMatching: [/^(lang|view)$/] });

worker.addEventListener("message", (event) => {
  if (event.data === "use-now") void worker.skipWaiting();
  if (event.data === "mend") event.waitUntil(mend().catch(() => undefined));
  if (event.data === "keep-reader") event.waitUntil(keepReader().catch(() => undefined));
});

/**
 * What the phone has thrown away of the app is fetched again: else the next start without signal fails. Only the
 * bytes of this very version; of a newer one its own worker keeps everything.
 */
async function mend(): Promise<void> {
  const cache = await caches.open(new PrecacheController().strategy.cacheName);
  if ((await cache.keys()).length >= MANIFEST.length) return;
  await Promise.all(
    MANIFEST.map(async ({ url, revision }) => {
      const key = getCacheKeyForURL(url);
      if (!key || (await cache.match(key))) return;
      const answer = await fetch(url, { cache: "no-cache", credentials: "same-origin" });
      if (!answer.ok || (revision !== null && (await hashOf(answer.clone())) !== revision)) return;
      await cache.put(key, answer);
    }),
  );
}

async function hashOf(answer: Response): Promise<string> {
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", await answer.arrayBuffer()));
  return Array.from(sum.subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function keepReader(): Promise<void> {
  await Promise.all(READER.map((url) => readerPart(url)));
}

/** Its names have hashes: what is kept never grows old. */
async function readerPart(url: string): Promise<Response> {
  const cache = await caches.open(READER_CACHE);
  const kept = await cache.match(url);
  if (kept) return kept;
  const answer = await fetch(url);
  if (answer.ok) await cache.put(url, answer.clone()).catch(() => undefined);
  return answer;
}

worker.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (origin === location.origin && READER.includes(pathname)) event.respondWith(readerPart(pathname));
});

/** The parts of an older reader go with the older app. */
async function dropOldReader(): Promise<void> {
  const cache = await caches.open(READER_CACHE);
  const kept = await cache.keys();
  await Promise.all(kept.filter(({ url }) => !READER.includes(new URL(url).pathname)).map((old) => cache.delete(old)));
}

worker.addEventListener("activate", (event) => {
  event.waitUntil(dropOldReader());
  // The page that brought the first worker has what it fetches later from here as well: without signal it would have
  // neither another language nor the way to rescue what was not sent. Others are held by then; no page begins anew.
  event.waitUntil(worker.clients.claim());
});
