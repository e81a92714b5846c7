/**
 * Keeps the app on the phone: the shell, its scripts, words, letters. Never an answer of the server about work or
 * people. A new version waits until the page says that a person takes it.
 */
import { cleanupOutdatedCaches, precacheAndRoute } from "workbox-precaching";

interface Kept {
  readonly url: string;
  /** Null where the name itself changes with the content. */
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
  if (event.data === "keep-reader") event.waitUntil(keepReader().catch(() => undefined));
});

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

worker.addEventListener("activate", (event) => event.waitUntil(dropOldReader()));
