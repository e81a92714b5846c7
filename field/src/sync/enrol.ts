/**
 * What goes over the member's web session: who is signed in, a new device, and a device renewed. A CSRF token may
 * have changed meanwhile: then it is fetched again, once.
 */
import { type LeaseAnswer, renewLease } from "../store/lease";
import { type DeviceCredentials, newToken } from "../store/token";
import type { EnrolBody, EnrolFn, Me } from "../store/vault";
import { endWebSession, noWebSession } from "./web_session";
import { type Answer, isRecord, Wire } from "./wire";

export interface SignedIn extends Me {
  readonly signed_in: true;
  readonly csrf: string;
  /** False: this role does no work in the field. */
  readonly may: boolean;
  /** False: the password was typed too long ago for a new phone to be signed in. */
  readonly fresh?: boolean;
  readonly server_time: string;
}

export type Session = { readonly signed_in: false } | SignedIn;

type Failed = Exclude<Answer<never>, { kind: "ok" }>;

/** The enrolment did not come about; `answer` says why. Nothing was kept on the phone. */
export class UnableToEnrol extends Error {
  constructor(readonly answer: Failed | { readonly kind: "sign_in" }) {
    super(answer.kind);
    this.name = "UnableToEnrol";
  }
}

const ME = "/field/me";
const DEVICES = "/field/devices";
// An answer that was lost on the way is asked for again, with the same id.
const TRIES = 3;

function readSession(value: unknown): Session | null {
  if (!isRecord(value)) return null;
  if (value["signed_in"] === false) return { signed_in: false };
  const { csrf, member, escrow_key, server_time } = value;
  if (value["signed_in"] !== true || typeof csrf !== "string" || typeof server_time !== "string") return null;
  if (typeof value["may"] !== "boolean" || !isRecord(member) || typeof member["id"] !== "string") return null;
  if (value["may"] && (!isRecord(escrow_key) || typeof escrow_key["spki"] !== "string")) return null;
  return value as unknown as SignedIn;
}

function readLease(value: unknown): LeaseAnswer | null {
  if (!isRecord(value)) return null;
  const { token, lease_secret, lease_until, server_time } = value;
  if (typeof token !== "string" || token === "" || typeof lease_secret !== "string") return null;
  if (!Number.isFinite(Date.parse(String(lease_until)))) return null;
  if (!Number.isFinite(Date.parse(String(server_time)))) return null;
  return value as unknown as LeaseAnswer;
}

export async function fetchSession(wire: Wire): Promise<Answer<Session>> {
  const answer = await wire.ask({ method: "GET", path: ME, session: true }, readSession);
  if (answer.kind === "ok" && !answer.value.signed_in) noWebSession();
  return answer;
}

function send(wire: Wire, path: string, csrf: string, body: string): Promise<Answer<LeaseAnswer>> {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf };
  return wire.ask({ method: "POST", path, headers, body, session: true }, readLease);
}

/** The page of a failed CSRF check carries no code of ours. */
function mayBeCsrf(answer: Answer<unknown>): boolean {
  return answer.kind === "server" && answer.status === 403;
}

async function post(wire: Wire, csrf: string, path: string, body: object): Promise<Answer<LeaseAnswer>> {
  const text = JSON.stringify(body);
  const answer = await send(wire, path, csrf, text);
  if (!mayBeCsrf(answer)) return answer;
  const session = await fetchSession(wire);
  if (session.kind !== "ok") return session;
  return session.value.signed_in ? send(wire, path, session.value.csrf, text) : answer;
}

function mayPass(answer: Answer<unknown>): boolean {
  return answer.kind !== "ok" && answer.kind !== "refused" && answer.kind !== "stopped";
}

/** For `createDevice`: posts the same body until it is answered, a few times; throws UnableToEnrol. */
export function enrolWith(session: SignedIn, wire: Wire = new Wire()): EnrolFn {
  return async (body: EnrolBody) => {
    let answer = await post(wire, session.csrf, DEVICES, body);
    for (let tried = 1; tried < TRIES && mayPass(answer); tried += 1) {
      answer = await post(wire, session.csrf, DEVICES, body);
    }
    if (answer.kind !== "ok") throw new UnableToEnrol(answer);
    return answer.value;
  };
}

/**
 * `sign_in`: nobody is signed in; `sign_in_again`: the member typed the password too long ago; `another_member`:
 * the session of the browser is not of the member whose store this is.
 */
export type Renewed =
  | Answer<LeaseAnswer>
  | { readonly kind: "sign_in" | "sign_in_again" | "another_member" };

function isAnotherMember(answer: Answer<unknown>): boolean {
  if (answer.kind === "refused") return answer.code === "sync.device_taken";
  return answer.kind === "server" && answer.status === 404;
}

/** After a sign-in: the lease secret comes back to this phone, and the PIN opens again. */
export async function renew(device: string, wire: Wire = new Wire()): Promise<Renewed> {
  const session = await fetchSession(wire);
  if (session.kind !== "ok") return session;
  if (!session.value.signed_in) return { kind: "sign_in" };
  const answer = await post(wire, session.value.csrf, `${DEVICES}/${device}/renew`, { token: newToken() });
  if (answer.kind === "ok") await renewLease(device, answer.value);
  if (answer.kind === "refused" && answer.code === "sync.sign_in_again") return { kind: "sign_in_again" };
  return isAnotherMember(answer) ? { kind: "another_member" } : answer;
}

/** While the store is open: a new token where the member has just signed in. */
export async function renewToken(device: DeviceCredentials, wire: Wire): Promise<boolean> {
  const answer = await renew(device.id, wire);
  if (answer.kind !== "ok") return false;
  await device.keepToken(answer.value.token);
  await endWebSession(wire);
  return true;
}
