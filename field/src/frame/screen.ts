/** What a screen is, and what it may ask of the app around it. */
import type { TemplateResult } from "lit-html";
import type { Outbox } from "../outbox/outbox";
import type { Pack } from "../pack/pack";
import type { Drafts } from "../store/drafts";
import type { Vault } from "../store/vault";
import type { Engine } from "../sync/engine";
import type { Language, Words } from "../words";
import type { Library } from "./library";

/** What lies in one member's store. */
export interface Kept {
  readonly outbox: Outbox;
  readonly pack: Pack;
  readonly drafts: Drafts;
}

/** One member's store, open. */
export interface Session extends Kept {
  readonly vault: Vault;
  readonly library: Library;
  readonly engine: Engine;
}

export interface App {
  readonly words: Words;
  readonly language: Language;
  readonly large: boolean;
  /** Draws the screen again. */
  render(): void;
  /** Opens another screen, by its route without "#/". */
  go(route: string): void;
  /** The same, without a step "back" to here. */
  replace(route: string): void;
  /** Said once by those who listen. */
  say(text: string): void;
  unlocked(vault: Vault): Promise<void>;
  lock(): void;
  setLanguage(language: Language): Promise<void>;
  setLarge(large: boolean): void;
}

export interface Screen {
  readonly title: string;
  /** Where the title names a person: what a browser may write down instead, in its history and its list of pages. */
  readonly tab?: string;
  /** Where the arrow leads: a route, or null on a first screen. */
  readonly back: string | null;
  /** It only shows what is known, and is drawn anew when something comes. */
  readonly shows?: boolean;
  view(): TemplateResult;
  /** The one thing to do, at the bottom under the thumb. */
  action?(): TemplateResult;
  /** What is typed and kept nowhere yet: no new version of the app begins before it is. */
  unsaved?(): boolean;
  leave?(): void;
}

export type OpenScreen = (app: App, session: Session, route: readonly string[]) => Screen | Promise<Screen>;
/** Screens that need no open store. */
export type OpenGate = (app: App, route: readonly string[]) => Screen | Promise<Screen>;
