/** Our reader of codes is large: it is kept on the phone while nothing else is to be done, and only where it is needed. */
import { readsByItself } from "./detector";

const QUIET = 30_000;
const LATEST = 60_000;

interface Connection {
  readonly saveData?: boolean;
}

function whenIdle(act: () => void): void {
  if ("requestIdleCallback" in window) requestIdleCallback(act, { timeout: LATEST });
  else setTimeout(act, QUIET);
}

async function tell(): Promise<void> {
  const saving = (navigator as { connection?: Connection }).connection?.saveData ?? false;
  if (saving || !("serviceWorker" in navigator) || (await readsByItself())) return;
  const { active } = await navigator.serviceWorker.ready;
  active?.postMessage("keep-reader");
}

/** Once, some time after the store was opened: what waits is sent first. */
export function keepReader(wait = QUIET): void {
  setTimeout(() => whenIdle(() => void tell().catch(() => undefined)), wait);
}
