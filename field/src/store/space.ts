/** Room on the phone: looked at before anything is captured, and the browser asked to keep what is here for good. */
import { NoSpace } from "./errors";

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

/** Throws NoSpace when what is to be kept might not find room: asked before it is written, not found out by it. */
export async function needRoom(bytes = 100_000): Promise<void> {
  const { free } = await space();
  if (free !== null && free < bytes + MARGIN) throw new NoSpace();
}

/** Whether the browser keeps what is here when room is short; one that cannot say so may delete it. */
export async function keptForGood(): Promise<boolean> {
  try {
    return await navigator.storage.persisted();
  } catch {
    return false;
  }
}

/**
 * Asks the browser to keep it, anew each time as long as it does not: it grants that to an app that is used often or
 * stands on the home screen. Nobody waits for the answer: where a person is asked it may never come.
 */
export async function askToKeep(): Promise<void> {
  if (await keptForGood()) return;
  try {
    await navigator.storage.persist();
  } catch {
    // A browser that cannot be asked.
  }
}
