/** What the phone shows the server to be let in: sealed like everything else, and what goes with it. */
import { base64url, random } from "../core/bytes";
import { inDevice } from "./db";
import { type SealedReason, Unreadable } from "./errors";
import { endLease, extendLease, type Standing, tokenSealed, waitingToken } from "./lease";
import type { Vault } from "./vault";

/** Of a device, what the exchange with the server needs. */
export interface DeviceCredentials {
  readonly id: string;
  /** Null when there is none yet: then only signing in again helps. */
  token(): Promise<string | null>;
  keepToken(token: string): Promise<void>;
  /** When a round was last whole, by the phone's clock of then; null: not yet. */
  lastDone(): Promise<number | null>;
  keepDone(at: number): Promise<void>;
  /** After each answer of the server. */
  extend(answer: { lease_until: string; server_time: string }): Promise<Standing>;
  /** The server has closed this device: locks the vault, empties the pack. */
  end(reason: SealedReason): Promise<void>;
}

/** 32 random bytes, as the server wants to see them. */
export function newToken(): string {
  return base64url(random(32));
}

export async function keepToken(vault: Vault, token: string): Promise<void> {
  const sealed = await vault.seal("meta/token", token);
  await inDevice(vault.device, ["meta"], "readwrite", (transaction) =>
    transaction.objectStore("meta").put({ key: "token", ...sealed }),
  );
  tokenSealed(vault.device, token);
}

async function readToken(vault: Vault): Promise<string | null> {
  const waiting = waitingToken(vault.device);
  if (waiting !== null) return waiting;
  const kept = await inDevice(vault.device, ["meta"], "readonly", (transaction) =>
    transaction.objectStore("meta").get("token"),
  );
  if (kept?.key !== "token") return null;
  // One that is damaged is as good as none: signing in again brings another.
  return vault.open<string>("meta/token", kept).catch((error: unknown) => {
    if (error instanceof Unreadable) return null;
    throw error;
  });
}

async function readDone(device: string): Promise<number | null> {
  const kept = await inDevice(device, ["meta"], "readonly", (transaction) => transaction.objectStore("meta").get("done"));
  return kept?.key === "done" ? kept.at : null;
}

async function keepDone(device: string, at: number): Promise<void> {
  await inDevice(device, ["meta"], "readwrite", (transaction) => transaction.objectStore("meta").put({ key: "done", at }));
}

export function credentials(vault: Vault): DeviceCredentials {
  return {
    id: vault.device,
    token: () => readToken(vault),
    keepToken: (token) => keepToken(vault, token),
    lastDone: () => readDone(vault.device),
    keepDone: (at) => keepDone(vault.device, at),
    extend: (answer) => extendLease(vault.device, answer),
    end: (reason) => endLease(vault.device, reason),
  };
}
