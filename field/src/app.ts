/** The start of the field app: the language, whose store is open, which screen its address asks for. */
import { html, nothing, render } from "lit-html";
import { now, running } from "./core/clock";
import { settleAnswers } from "./frame/answers";
import { frame } from "./frame/frame";
import { Library } from "./frame/library";
import { countMatters } from "./frame/matters";
import { storeSaid } from "./frame/saving";
import type { App, OpenGate, Screen, Session } from "./frame/screen";
import { chosenLanguage, isLarge, keepLanguage, keepLarge } from "./frame/settings";
import { keepApp } from "./frame/update";
import { openOutbox } from "./outbox/outbox";
import { openPack } from "./pack/pack";
import { enrolBegun, open as openEnrol } from "./screens/enrol";
import { open as openUnlock } from "./screens/unlock";
import { listDevices, setLanguage as keepDeviceLanguage } from "./store/devices";
import { openDrafts } from "./store/drafts";
import { lockAll } from "./store/lease";
import { askToKeep, space } from "./store/space";
import { credentials } from "./store/token";
import type { Vault } from "./store/vault";
import { startEngine } from "./sync/engine";
import { endOwedSession } from "./sync/web_session";
import { isLanguage, type Language, loadWords, type Words } from "./words";

// Fetched while the PIN is typed.
const loadScreens = (): Promise<typeof import("./screens")> => import("./screens");
const MINUTE = 60 * 1000;
const LETTERS_AFTER = 1500;
const LOCK_AFTER = 5 * MINUTE;
// Over something half typed that is kept nowhere: a call may have come in between.
const LOCK_TYPED_AFTER = 30 * MINUTE;

/** Our own letters come when all that is needed has come: on a slow line they are as heavy as the app. */
function letters(): void {
  const kept = Boolean((navigator.serviceWorker as ServiceWorkerContainer | undefined)?.controller);
  setTimeout(() => document.documentElement.classList.add("nf-letters"), kept ? 0 : LETTERS_AFTER);
}

/** The words of an address; one that cannot be read asks for nothing. */
function readRoute(hash: string): readonly string[] {
  try {
    return hash.replace(/^#\/?/, "").split("/").map(decodeURIComponent);
  } catch {
    return [""];
  }
}

class FieldApp implements App {
  language: Language = chosenLanguage();
  large = isLarge();
  words!: Words;
  private session: Session | null = null;
  private screen: Screen | null = null;
  private turn = 0;
  private said = "";
  private low = false;
  private use: (() => void) | null = null;
  private hiddenAt: { readonly wall: number; readonly running: number } | null = null;
  private away: ReturnType<typeof setInterval> | undefined;
  private route = "";
  private drawn = false;

  async start(): Promise<void> {
    this.words = await loadWords(this.language);
    this.mark();
    addEventListener("hashchange", () => void this.show());
    document.addEventListener("visibilitychange", () => this.seen());
    // A page that the browser kept as it was, open, comes back locked.
    addEventListener("pagehide", () => document.documentElement.classList.add("nf-away"));
    addEventListener("pageshow", (event) => {
      if (event.persisted) this.shut();
      this.seen();
    });
    await this.show();
    keepApp((use) => {
      this.use = use;
      this.render();
    });
    letters();
    loadScreens().catch(() => undefined);
    void endOwedSession();
  }

  private mark(): void {
    document.documentElement.lang = this.language;
    document.documentElement.classList.toggle("nf-large", this.large);
  }

  /** Laid aside, the app shows nothing, and is locked after a while: where it lies, or when it is taken up again. */
  private seen(): void {
    document.documentElement.classList.toggle("nf-away", document.hidden);
    clearInterval(this.away);
    if (document.hidden) {
      this.hiddenAt = { wall: now(), running: running() };
      this.away = setInterval(() => this.laidAside(), MINUTE);
    } else {
      this.laidAside();
      this.hiddenAt = null;
    }
  }

  /** By both clocks: one stands still while a phone sleeps, the other may be set. */
  private laidAside(): void {
    if (!this.hiddenAt) return;
    const passed = Math.max(now() - this.hiddenAt.wall, running() - this.hiddenAt.running);
    if (passed >= (this.screen?.unsaved?.() ? LOCK_TYPED_AFTER : LOCK_AFTER)) this.shut();
  }

  private async open(route: readonly string[]): Promise<Screen> {
    const [name = ""] = route;
    if (name === "rescue") {
      const gate: { open: OpenGate } = await import("./screens/rescue");
      return gate.open(this, route);
    }
    if (!this.session) {
      const enrol = name === "enrol" || enrolBegun() || (await listDevices()).length === 0;
      return enrol ? openEnrol(this) : openUnlock(this);
    }
    const { screenFor } = await loadScreens();
    return screenFor(name)(this, this.session, route);
  }

  private async show(): Promise<void> {
    this.turn += 1;
    const mine = this.turn;
    const route = readRoute(location.hash);
    const screen = await this.open(route).catch((error: unknown) => this.failed(error));
    const low = this.session !== null && (await space()).low;
    if (mine !== this.turn) {
      screen.leave?.();
      return;
    }
    this.screen?.leave?.();
    this.screen = screen;
    this.route = route.join("/");
    this.said = "";
    this.low = low;
    this.render();
    scrollTo(0, 0);
    document.getElementById("title")?.focus({ preventScroll: true });
  }

  /** What comes meanwhile is seen where nobody is typing or choosing. */
  private async renew(): Promise<void> {
    const { screen, turn } = this;
    if (!screen?.shows) return;
    const next = await this.open(readRoute(`#/${this.route}`)).catch(() => null);
    if (!next || this.screen !== screen || this.turn !== turn || !next.shows) return next?.leave?.();
    screen.leave?.();
    this.screen = next;
    this.render();
  }

  private failed(error: unknown): Screen {
    if (!this.session?.vault.locked) console.error((error as Error | null)?.name);
    const again = (): void => void this.show();
    return {
      title: this.words.error,
      back: "today",
      view: () => html`<p>${storeSaid(error, this.words)}</p>`,
      action: () => html`<button type="button" class="nf-button" @click=${again}>${this.words.tryAgain}</button>`,
    };
  }

  render(): void {
    const { screen, words, said, session } = this;
    const root = document.getElementById("app");
    if (!screen || !root) return;
    document.title = `${screen.tab ?? screen.title} – Nhịp Cầu`;
    // What the shell showed until now.
    if (!this.drawn) root.replaceChildren();
    this.drawn = true;
    const update = this.use && !screen.unsaved?.() ? this.use : null;
    render(frame({ words, screen, said, update, route: this.route, low: this.low, state: session?.engine.state() ?? null }), root);
  }

  say(text: string): void {
    this.said = text;
    this.render();
  }

  go(route: string): void {
    if (location.hash === `#/${route}`) void this.show();
    else location.hash = `#/${route}`;
  }

  replace(route: string): void {
    history.replaceState(null, "", `#/${route}`);
    void this.show();
  }

  async unlocked(vault: Vault): Promise<void> {
    try {
      await this.begin(vault);
    } catch (error) {
      vault.lock();
      throw error;
    }
  }

  private async begin(vault: Vault): Promise<void> {
    const outbox = await openOutbox(vault);
    const pack = openPack(vault);
    const library = new Library(pack, () => this.language);
    const kept = { outbox, pack, drafts: openDrafts(vault) };
    const engine = startEngine(vault, outbox, pack, credentials(vault), {
      language: () => this.language,
      attention: () => countMatters(kept),
    });
    const session = { ...kept, vault, library, engine };
    this.session = session;
    engine.onChange(() => this.render());
    const settle = (): void => {
      void settleAnswers(session).catch(() => undefined);
      void this.renew();
    };
    pack.onChange(settle);
    outbox.onChange(settle);
    vault.onLock(() => this.closed());
    const device = (await listDevices()).find((entry) => entry.id === vault.device);
    if (device && isLanguage(device.language)) await this.useLanguage(device.language);
    void askToKeep();
    void import("./scan/keep").then(({ keepReader }) => keepReader(), () => undefined);
    if (/^#\/(enrol|unlock|rescue)/.test(location.hash) || !location.hash) this.replace("today");
    else await this.show();
  }

  /** In every tab: who presses it gives the phone away. */
  lock(): void {
    if (!this.session) return;
    lockAll(this.session.vault.device);
    this.shut();
  }

  private shut(): void {
    this.session?.vault.lock();
  }

  private closed(): void {
    this.session?.engine.stop();
    this.session?.library.stop();
    this.session = null;
    // What was drawn of the open store leaves the page at once.
    const root = document.getElementById("app");
    if (root) render(nothing, root);
    this.screen?.leave?.();
    this.screen = null;
    this.replace("unlock");
  }

  private async useLanguage(language: Language): Promise<void> {
    if (language === this.language && this.words) return;
    this.words = await loadWords(language);
    this.language = language;
    keepLanguage(language);
    this.session?.library.forget();
    this.mark();
  }

  async setLanguage(language: Language): Promise<void> {
    await this.useLanguage(language);
    if (this.session) await keepDeviceLanguage(this.session.vault.device, language);
    await this.show();
    // Guides lie here in one language: those in the new one are fetched at once.
    this.session?.engine.now();
  }

  setLarge(large: boolean): void {
    this.large = large;
    keepLarge(large);
    this.mark();
    this.render();
  }
}

void new FieldApp().start();
