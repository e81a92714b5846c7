/** Whose card, which badge, what code: scanned or typed. A case of mine opens; all else is said in words. */
import { html, nothing, type TemplateResult } from "lit-html";
import { sha256 } from "../core/bytes";
import { codeSaid } from "../frame/code_said";
import { field, notice, primary, row, secondary, toFirstError } from "../frame/parts";
import type { App, Screen, Session } from "../frame/screen";
import type { Cut } from "../pack/kinds";
import { askBadge, type BadgeAnswer } from "../scan/badge";
import { scan } from "../scan/camera";
import { type Code, readCode } from "../scan/codes";
import { Collecting } from "./collect";

type Card = Extract<Code, { kind: "card" }>;
type Badge = Extract<Code, { kind: "badge" }>;

/** As the server writes it: nhipcau/sync/queries/pack/work.py. */
const MARK = 32;

type Result = "not_mine" | "collecting" | "asking" | "elsewhere" | BadgeAnswer | Exclude<Code, Card | Badge> | null;

class Scan implements Screen {
  readonly back = "today";
  private typed = "";
  private wrong = "";
  private result: Result = null;
  /** Of the cases that I follow, when not all are on this phone. */
  private cut: Cut | undefined;
  private readonly gone = new AbortController();
  private readonly collecting: Collecting;

  constructor(
    private readonly app: App,
    private readonly session: Session,
  ) {
    this.collecting = new Collecting(app);
  }

  get title(): string {
    return this.app.words.scanTitle;
  }

  leave(): void {
    this.gone.abort();
  }

  private show(result: Result): void {
    if (this.gone.signal.aborted) return;
    this.result = result;
    this.app.render();
  }

  private async scan(): Promise<void> {
    const { words } = this.app;
    const text = await scan({ words, signal: this.gone.signal, hint: words.scanHint, photo: true });
    if (text === null) return;
    const code = readCode(text);
    if (code.kind !== "rescue") return this.read(code);
    await this.collecting.add(text);
    this.show("collecting");
  }

  private look(): void {
    const { words } = this.app;
    const code = readCode(this.typed);
    this.wrong = !this.typed.trim() ? words.scanTypeFirst : code.kind === "mistyped" ? words.scanSaid.mistyped : "";
    if (!this.wrong) return void this.read(code);
    this.show(null);
    toFirstError();
  }

  private async read(code: Code): Promise<void> {
    this.wrong = "";
    if (code.kind === "card") return this.card(code);
    if (code.kind === "badge") return this.badge(code);
    this.show(code);
  }

  private async card({ token, code }: Card): Promise<void> {
    const mark = token ? (await sha256(token)).slice(0, MARK) : "";
    const cases = await this.session.pack.list("case");
    this.cut = (await this.session.library.me())?.cut?.cases;
    const mine = cases.find((body) => (mark ? body.card === mark : body.code === code));
    if (this.gone.signal.aborted) return;
    if (mine) this.app.go(`case/${mine.id}`);
    else this.show("not_mine");
  }

  private async badge({ token, host }: Badge): Promise<void> {
    // A badge of ours leads to us: one that leads elsewhere was not printed by us.
    if (host !== location.host.toLowerCase()) return this.show("elsewhere");
    this.show("asking");
    this.show(await askBadge(token, this.app.language, this.gone.signal));
  }

  view(): TemplateResult {
    const { words } = this.app;
    const type = (typed: string): void => void (this.typed = typed);
    return html`<p>${words.scanIntro}</p>
      <div role="status">${this.resultView()}</div>
      ${field("code", words.scanType, this.typed, type, { kind: "code", hint: words.scanTypeHint, error: this.wrong || undefined })}
      ${secondary(words.scanLook, () => this.look(), "search")}
      <div class="nf-rows nf-rows--more">${row("id-card", words.idCardTitle, [words.idCardShort], "paper")}</div>`;
  }

  private resultView(): TemplateResult | typeof nothing {
    const { words } = this.app;
    const { result } = this;
    if (result === null) return nothing;
    if (result === "asking") return html`<p>${words.badgeAsking}</p>`;
    if (result === "collecting") return html`${this.collecting.view()}`;
    if (result === "not_mine") return notice("warn", this.cut ? words.scanNotHere(this.cut.here, this.cut.all) : words.scanNotMine);
    if (result === "elsewhere") return notice("bad", words.badgeElsewhere);
    if (result.kind === "offline") return notice("warn", words.badgeOffline);
    if (result.kind !== "said") return codeSaid(result, words);
    const lines = result.lines.map((line) => html`<p>${line}</p>`);
    return notice(result.good ? "good" : "bad", html`<p class="nf-big">${result.title}</p>${lines}`);
  }

  action(): TemplateResult {
    return primary(this.app.words.scanCamera, () => void this.scan(), { icon: "scan" });
  }
}

export function open(app: App, session: Session): Screen {
  return new Scan(app, session);
}
