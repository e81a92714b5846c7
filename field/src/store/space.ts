/** Room on the phone: looked at before anything is captured, and the browser asked once to keep it for good. */
import { inRegistry } from "./db";
import { NoSpace } from "./errors";

export type Persisted = "granted" | "denied" | "unknown";

export interface Space {
  /** Bytes; null where the browser does not tell. */
  readonly free: number | null;
  /** Little is left: the screen says so before anything is lost. */
  readonly low: boolean;
}

const LOW = 20_000_000;
// A database needs room to move in besides what is put into it.
const MARGIN = 2_000_000;

export async function space(): Promise<Space> {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    if (quota === undefined || usage === undefined) return { free: null, low: false };
    const free = Math.max(0, quota - usage);
    return { free, low: free < LOW };
  } catch {
    return { free: null, low: false };
  }
}

/** Throws NoSpace when what is about to be captured might not be kept. */
export async function needRoom(bytes = 100_000): Promise<void> {
  const { free } = await space();
  if (free !== null && free < bytes + MARGIN) throw new NoSpace();
}

/** Asks the browser, the first time only, not to throw our data away when room is short. */
export async function askPersist(): Promise<Persisted> {
  const before = await persisted();
  if (before !== null) return before;
  let answer: Persisted = "unknown";
  try {
    answer = (await navigator.storage.persist()) ? "granted" : "denied";
  } catch {
    // A browser that cannot be asked: that is its answer.
  }
  await inRegistry(["phone"], "readwrite", (transaction) =>
    transaction.objectStore("phone").put(answer, "persisted"),
  );
  return answer;
}

/** What the browser answered; null when it was not asked yet. */
export async function persisted(): Promise<Persisted | null> {
  const kept = await inRegistry(["phone"], "readonly", (transaction) =>
    transaction.objectStore("phone").get("persisted"),
  );
  return kept === undefined ? null : (kept as Persisted);
}
