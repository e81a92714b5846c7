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

interface Worker {
  skipWaiting(): Promise<void>;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
}

/** Written by the build from the very bytes that are served. */
declare const MANIFEST: readonly Kept[];

cleanupOutdatedCaches();
precacheAndRoute([...MANIFEST], { directoryIndex: "", cleanURLs: false, ignoreURLParametersMatching: [/^(lang|view)$/] });

(self as unknown as Worker).addEventListener("message", (event) => {
  if (event.data === "use-now") void (self as unknown as Worker).skipWaiting();
});
