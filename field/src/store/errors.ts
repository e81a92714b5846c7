/** What the store cannot do, each with a stable code; the words a person reads are chosen by the screen. */
export class UnableTo extends Error {
  constructor(
    readonly code: string,
    message: string = code,
  ) {
    super(message);
    this.name = new.target.name;
  }
}

/** No room on the phone: what was to be kept is still with the caller. */
export class NoSpace extends UnableTo {
  constructor() {
    super("store.no_space");
  }
}

/** A page of a newer edition has changed the store: this page must be loaded again. */
export class NewerApp extends UnableTo {
  constructor() {
    super("store.newer_app");
  }
}

/** Another page of an older edition holds the store and does not let go. */
export class StoreBlocked extends UnableTo {
  constructor() {
    super("store.blocked");
  }
}

export class UnknownDevice extends UnableTo {
  constructor() {
    super("store.unknown_device");
  }
}

/** What is kept cannot be opened: damaged, or put in another's place. */
export class Unreadable extends UnableTo {
  constructor(readonly where: string) {
    super("store.unreadable");
  }
}

/** The vault was locked; nothing more is sealed or opened with it. */
export class VaultLocked extends UnableTo {
  constructor() {
    super("store.vault_locked");
  }
}

/** A PIN that cannot be taken: "short", "long", "digits" (something else than digits) or "trivial". */
export class WeakPin extends UnableTo {
  constructor(readonly reason: "short" | "long" | "digits" | "trivial") {
    super(`store.pin_${reason}`);
  }
}

/** `waitLeft` in milliseconds: time the app must stand open; `waitUntil` the same on the wall clock, to show. */
export class WrongPin extends UnableTo {
  constructor(
    readonly triesLeft: number,
    readonly waitLeft: number,
    readonly waitUntil: number,
  ) {
    super("store.wrong_pin");
  }
}

/** No attempt was made and none was counted: the wait after the wrong ones is not over. */
export class MustWait extends UnableTo {
  constructor(
    readonly triesLeft: number,
    readonly waitLeft: number,
    readonly waitUntil: number,
  ) {
    super("store.must_wait");
  }
}

export type SealedReason = "locked_out" | "lease_ended" | "revoked";

/** No PIN opens this now: only signing in at the server again does. */
export class SealedDevice extends UnableTo {
  constructor(readonly reason: SealedReason) {
    super(`store.${reason}`);
  }
}

/** There is still something to send or to look at. */
export class NotEmpty extends UnableTo {
  constructor() {
    super("store.not_empty");
  }
}

/** The key of the province cannot be used to keep the data key in trust. */
export class BadEscrowKey extends UnableTo {
  constructor() {
    super("store.bad_escrow_key");
  }
}
