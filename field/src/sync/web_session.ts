/**
 * The sign-in of the browser at the pages of the product. It is needed to sign a phone in, and then ended: whoever
 * takes the phone up next would be let in by it, past every PIN.
 */
import { type Answer, isRecord, Wire } from "./wire";

const LOGOUT = "/account/logout/";
// Kept while there is no network to end it over.
const OWED = "nhipcau.sign_out";

type Known = { readonly signed_in: boolean; readonly csrf?: string };

function owe(owed: boolean): void {
  try {
    if (owed) localStorage.setItem(OWED, "yes");
    else localStorage.removeItem(OWED);
  } catch {
    return;
  }
}

function isOwed(): boolean {
  try {
    return localStorage.getItem(OWED) === "yes";
  } catch {
    return false;
  }
}

function readKnown(value: unknown): Known | null {
  return isRecord(value) && typeof value["signed_in"] === "boolean" ? (value as Known) : null;
}

async function leave(wire: Wire): Promise<Answer<unknown>> {
  const known = await wire.ask({ method: "GET", path: "/field/me", session: true }, readKnown);
  if (known.kind !== "ok" || !known.value.signed_in) return known;
  const headers = { "X-CSRFToken": known.value.csrf ?? "", "X-Requested-With": "XMLHttpRequest" };
  return wire.ask({ method: "POST", path: LOGOUT, headers, session: true }, (value) => value ?? {});
}

/** Ends it now; without a network, when the app is opened next. */
export async function endWebSession(wire: Wire = new Wire()): Promise<boolean> {
  owe(true);
  const ended = (await leave(wire)).kind === "ok";
  if (ended) owe(false);
  return ended;
}

/** Ends what could not be ended before. */
export async function endOwedSession(): Promise<void> {
  if (isOwed()) await endWebSession();
}

/** Nobody is signed in: nothing is owed, and the next sign-in is another one. */
export function noWebSession(): void {
  owe(false);
}
