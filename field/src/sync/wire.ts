/**
 * One request to the server and its answer. Nothing here throws: whatever happens on the way is one of the answers.
 *
 * A time-out covers the whole answer, not only its first byte, and grows after each one met.
 */

export type Answer<T> =
  | { readonly kind: "ok"; readonly value: T }
  | { readonly kind: "offline" | "timeout" | "stopped" }
  /** Trouble at the server or on the way to it; it may pass. */
  | { readonly kind: "server"; readonly status: number; readonly after: number }
  /** The server knows us and says no; `code` is its stable code, never empty. */
  | { readonly kind: "refused"; readonly status: number; readonly code: string }
  /** 413; `certain` where our own server said it, and not something on the way. */
  | { readonly kind: "too_large"; readonly certain: boolean }
  /** 422: the server could not read what was sent. */
  | { readonly kind: "not_understood" }
  | { readonly kind: "unreadable"; readonly why: "cut" | "not_json" | "shape" };

export interface Patience {
  readonly least: number;
  readonly most: number;
}

export interface Call {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** With the cookie of the web session, or with none at all. */
  readonly session: boolean;
}

/** Milliseconds: from a fast answer to a slow line far from the centre. */
export const PATIENCE: Patience = { least: 20_000, most: 120_000 };

// A line that was slow once stays slow for some while.
const CALMING = 0.75;
const LONGEST_WAIT = 15 * 60;
// Answers that speak of this request alone. All other refusals may come from whatever stands on the way.
const OF_THIS_REQUEST = [400, 401, 403, 404, 409];

type Read<T> = (value: unknown) => T | null;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The stable code of an error of ours: a room, a dot, a name; "" for anything else. */
function codeOf(text: string): string {
  const value = readJson(text);
  const code = isRecord(value) ? value["code"] : "";
  return typeof code === "string" && /^[a-z_]+\.[a-z_]+$/.test(code) ? code : "";
}

/** Seconds that the server asks us to stay away, in milliseconds; 0 where it does not say. */
function waitOf(headers: Headers): number {
  const seconds = Number(headers.get("Retry-After") ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, LONGEST_WAIT) * 1000 : 0;
}

function failure(response: Response, text: string): Answer<never> {
  const { status } = response;
  const code = codeOf(text);
  if (status === 413) return { kind: "too_large", certain: code === "sync.too_large" };
  if (status === 422) return { kind: "not_understood" };
  if (OF_THIS_REQUEST.includes(status) && code) return { kind: "refused", status, code };
  return { kind: "server", status, after: waitOf(response.headers) };
}

function success<T>(text: string, read: Read<T>): Answer<T> {
  const value = readJson(text);
  if (value === undefined) return { kind: "unreadable", why: "not_json" };
  const wanted = read(value);
  return wanted === null ? { kind: "unreadable", why: "shape" } : { kind: "ok", value: wanted };
}

function init(call: Call, signal: AbortSignal): RequestInit {
  return {
    method: call.method,
    headers: { Accept: "application/json", ...call.headers },
    ...(call.body === undefined ? {} : { body: call.body }),
    signal,
    credentials: call.session ? "same-origin" : "omit",
    cache: "no-store",
    // A page that asks for money or a password before it lets anybody through answers with a redirect.
    redirect: "error",
    referrerPolicy: "no-referrer",
  };
}

/** Requests that share their patience and can be ended all at once. */
export class Wire {
  private patience: number;
  private readonly ending = new AbortController();

  constructor(private readonly limits: Patience = PATIENCE) {
    this.patience = limits.least;
  }

  /** Ends what is under way; every later call is answered with `stopped`. */
  stop(): void {
    this.ending.abort();
  }

  /** Asks once. `read` gives the value, or null where the answer has not the shape that was agreed. */
  async ask<T>(call: Call, read: Read<T>): Promise<Answer<T>> {
    if (this.ending.signal.aborted) return { kind: "stopped" };
    const cancel = new AbortController();
    const stop = (): void => cancel.abort();
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      cancel.abort();
    }, this.patience);
    this.ending.signal.addEventListener("abort", stop);
    const answer = await this.fetched(call, read, cancel.signal);
    clearTimeout(timer);
    this.ending.signal.removeEventListener("abort", stop);
    if (this.ending.signal.aborted) return { kind: "stopped" };
    if (late && answer.kind !== "ok") return this.timedOut();
    if (answer.kind === "ok") this.patience = Math.max(this.limits.least, this.patience * CALMING);
    return answer;
  }

  private async fetched<T>(call: Call, read: Read<T>, signal: AbortSignal): Promise<Answer<T>> {
    let response: Response;
    try {
      response = await fetch(call.path, init(call, signal));
    } catch {
      return { kind: "offline" };
    }
    let text: string;
    try {
      text = await response.text();
    } catch {
      return { kind: "unreadable", why: "cut" };
    }
    return response.ok ? success(text, read) : failure(response, text);
  }

  private timedOut(): Answer<never> {
    this.patience = Math.min(this.limits.most, this.patience * 2);
    return { kind: "timeout" };
  }
}

export { isRecord };
