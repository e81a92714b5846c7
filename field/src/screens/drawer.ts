/** What needs a person: the reason in words, the two sides of a conflict, changed and sent again, or put away. */
import { html, nothing, type TemplateResult } from "lit-html";
import { iso } from "../core/clock";
import { notice, primary, row, secondary, summary } from "../frame/parts";
import { pending } from "../frame/pending";
import { sayCommand, sayReason, sayValue } from "../frame/said";
import { keep } from "../frame/saving";
import type { App, Screen, Session } from "../frame/screen";
import { dayOf, hourOf, sayMoment } from "../frame/times";
import { field } from "../frame/parts";
import type { Command, DrawerItem } from "../outbox/commands";
import type { ConflictBody } from "../pack/kinds";

type Said = readonly (readonly [string, string])[];

/** What somebody decided about commands of this phone, by command. */
async function decisions(session: Session): Promise<ReadonlyMap<string, string>> {
  const conflicts = await session.pack.list("conflict");
  return new Map(conflicts.filter(({ state }) => state === "decided").map(({ command, keep }) => [command ?? "", keep ?? ""]));
}

function sayDecision(app: App, keep: string | undefined): string {
  if (keep === undefined) return "";
  return keep === "phone" ? app.words.decidedPhone : app.words.decidedServer;
}

interface Matters {
  readonly conflicts: readonly ConflictBody[];
  readonly open: readonly DrawerItem[];
  readonly away: readonly DrawerItem[];
  readonly told: ReadonlyMap<string, string>;
  readonly damaged: number;
}

async function matters(session: Session): Promise<Matters> {
  const items = await session.outbox.drawer();
  const decided = new Set((await session.outbox.all()).map((command) => (command.data as { conflict?: string }).conflict ?? ""));
  const conflicts = (await session.pack.list("conflict")).filter(({ state, id }) => state === "open" && !decided.has(id));
  const shown = new Set(conflicts.map((conflict) => conflict.command));
  return {
    conflicts,
    open: items.filter((item) => item.state === "open" && !shown.has(item.command.id)),
    away: items.filter((item) => item.state !== "open"),
    told: await decisions(session),
    damaged: await session.outbox.damaged(),
  };
}

/** The list: open matters first, then those put away; drawn anew when something comes or is decided. */
class List implements Screen {
  readonly back = "today";
  private readonly stops: (() => void)[] = [];

  constructor(
    private readonly app: App,
    private readonly session: Session,
    private now: Matters,
  ) {
    const anew = (): void => void this.refresh();
    this.stops.push(session.outbox.onChange(anew), session.pack.onChange(anew));
  }

  get title(): string {
    return this.app.words.drawerTitle;
  }

  leave(): void {
    for (const stop of this.stops) stop();
  }

  private async refresh(): Promise<void> {
    if (this.session.vault.locked) return;
    this.now = await matters(this.session);
    this.app.render();
  }

  private item({ command, receipt }: DrawerItem): TemplateResult {
    const { words } = this.app;
    const decision = sayDecision(this.app, this.now.told.get(command.id));
    return row(`drawer/${command.id}`, words.commands[command.name] ?? command.name, [decision || sayReason(receipt, words), sayMoment(command.made_at, words)], "warn");
  }

  view(): TemplateResult {
    const { words } = this.app;
    const { conflicts, open, away, damaged } = this.now;
    const rescue = `rescue/${this.session.vault.device}/open`;
    return html`<p>${open.length + conflicts.length + damaged ? words.drawerIntro : words.drawerEmpty}</p>
      <div class="nf-rows">${conflicts.map((conflict) => row(`drawer/conflict/${conflict.id}`, conflict.title, [conflict.reason], "warn"))}${open.map((item) => this.item(item))}
        ${damaged ? row(rescue, words.problems["damaged"] ?? "", [words.rescueLink], "warn") : nothing}</div>
      ${away.length ? html`<h2 class="nf-h2">${words.drawerAway}</h2><div class="nf-rows">${away.map((item) => this.item(item))}</div>` : nothing}`;
  }
}

async function list(app: App, session: Session): Promise<Screen> {
  return new List(app, session, await matters(session));
}

class Matter implements Screen {
  readonly back = "drawer";
  private sure = false;
  private changing = false;
  private busy = false;
  private text: string;
  private day: string;

  constructor(
    private readonly app: App,
    private readonly session: Session,
    private readonly item: DrawerItem,
    private readonly said: Said,
    /** What somebody decided about it; "" while nobody has. */
    private readonly decision: string,
  ) {
    this.text = this.words()?.value ?? "";
    this.day = dayOf(item.command.made_at);
  }

  get title(): string {
    return this.app.words.commands[this.item.command.name] ?? this.app.words.drawerTitle;
  }

  unsaved(): boolean {
    return this.changing;
  }

  /** The one thing in this command that a person wrote, and may have to write otherwise. */
  private words(): { readonly name: string; readonly value: string } | null {
    const data = this.item.command.data as unknown as { readonly [name: string]: unknown };
    const name = this.item.command.name === "cases.open" ? "phone" : ["note", "code"].find((key) => typeof data[key] === "string");
    return name ? { name, value: String(data[name] ?? "") } : null;
  }

  private get wrongTime(): boolean {
    return this.item.receipt.code === "sync.impossible_time";
  }

  private get knownPhone(): boolean {
    return this.item.receipt.code === "citizens.known_phone";
  }

  /** A new command in the place of this one; the old one stays readable. */
  private async again(change: { readonly [name: string]: unknown } = {}): Promise<void> {
    if (this.busy) return;
    if (this.wrongTime && !this.day) return document.getElementById("f-day")?.focus();
    this.busy = true;
    const { command } = this.item;
    const written = this.words();
    const text = written && this.changing ? { [written.name]: this.text } : {};
    const data = { ...command.data, ...text, ...change } as Command["data"];
    // It happened when it happened: sent again it does not move to now.
    const madeAt = this.wrongTime ? this.chosenTime() : command.made_at;
    const done = await keep(this.app, this.session, command.name, data, { base: command.base, replaces: command.id, madeAt });
    this.busy = done !== null;
    if (done) this.app.replace("drawer");
  }

  /** The hour as recorded, on the day the person chose; never later than now. */
  private chosenTime(): string {
    const moment = `${this.day}T${hourOf(this.item.command.made_at)}:00+07:00`;
    return iso(Math.min(Date.parse(moment), Date.parse(iso())));
  }

  private async putAway(): Promise<void> {
    if (!this.sure && !this.decision) {
      this.sure = true;
      return this.app.render();
    }
    await this.session.outbox.putAway(this.item.command.id);
    this.app.replace("drawer");
  }

  private change(): void {
    this.changing = true;
    this.app.render();
    document.querySelector<HTMLElement>("#f-change, #f-day")?.focus();
  }

  view(): TemplateResult {
    const { words } = this.app;
    const open = this.item.state === "open";
    return html`${notice(open && !this.decision ? "warn" : "info", html`<p><strong>${this.decision || sayReason(this.item.receipt, words)}</strong></p>`)}
      <p class="nf-caption">${words.recordedAt(sayMoment(this.item.command.made_at, words))}</p>
      ${summary(this.said)}
      ${open && this.changing ? this.changeView() : nothing}
      ${open && this.knownPhone ? this.samePerson() : nothing}
      ${open && !this.decision ? secondary(this.sure ? words.drawerPutAwaySure : words.drawerPutAway, () => void this.putAway()) : nothing}`;
  }

  private changeView(): TemplateResult {
    const { words } = this.app;
    const written = this.words();
    if (this.wrongTime) return field("day", words.drawerChooseDay, this.day, (day) => void (this.day = day), { kind: "date" });
    if (!written) return html``;
    const kind = written.name === "note" ? "area" : written.name === "phone" ? "tel" : "code";
    return field("change", words.fields[written.name] ?? written.name, this.text, (text) => void (this.text = text), { kind });
  }

  private samePerson(): TemplateResult {
    const { words } = this.app;
    const { about } = this.item.receipt;
    return html`${about ? secondary(words.samePerson, () => void this.again({ known_citizen: about }), "check") : nothing}
      ${secondary(words.anotherPerson, () => void this.again({ another_person: true }), "person")}`;
  }

  action(): TemplateResult {
    const { words } = this.app;
    if (this.item.state === "open" && this.decision) return primary(words.decidedSeen, () => void this.putAway(), { icon: "check" });
    // What waits for a decision about two sides is not sent a second time.
    const undecided = this.item.receipt.result === "needs_person" && !this.knownPhone;
    // What it belongs to will not come: sent again it would be refused again.
    const inVain = this.item.receipt.code === "phone.need_lost";
    const { command } = this.item;
    if (this.item.state === "open" && command.name === "conflicts.decide") {
      const { conflict } = command.data as { conflict: string };
      return html`<a class="nf-button" href="#/drawer/conflict/${conflict}">${words.conflictLook}</a>`;
    }
    if (this.item.state !== "open" || undecided || inVain) return html``;
    const changeable = this.wrongTime || this.words() !== null;
    if (changeable && !this.changing) return primary(words.drawerSendAgain, () => this.change());
    return primary(words.drawerSendNow, () => void this.again(), { icon: "send" });
  }
}

class Conflict implements Screen {
  readonly back = "drawer";
  private busy = false;

  constructor(
    private readonly app: App,
    private readonly session: Session,
    private readonly body: ConflictBody,
    private readonly fields: readonly (readonly [label: string, theirs: string, mine: string])[],
  ) {}

  get title(): string {
    return this.body.title;
  }

  /** A name may stand in the title. */
  get tab(): string {
    return this.app.words.drawerTitle;
  }

  private async decide(kept: "server" | "phone"): Promise<void> {
    if (this.busy || (await pending(this.session, "conflict", this.body.id)).length) return;
    this.busy = true;
    const { id, command, mark = "" } = this.body;
    const options = command ? { replaces: command } : {};
    if (await keep(this.app, this.session, "conflicts.decide", { conflict: id, keep: kept, seen: mark }, options)) this.app.replace("drawer");
    else this.busy = false;
  }

  view(): TemplateResult {
    const { words } = this.app;
    return html`<p>${this.body.reason}</p><p>${words.conflictIntro}</p>
      <table class="nf-two">
        <thead><tr><td></td><th scope="col">${words.conflictTheirs}</th><th scope="col">${words.conflictMine}</th></tr></thead>
        <tbody>${this.fields.map(([label, theirs, mine]) => html`<tr><th scope="row">${label}</th><td>${theirs}</td><td>${mine}</td></tr>`)}</tbody>
      </table>`;
  }

  action(): TemplateResult {
    const { words } = this.app;
    return html`<div class="nf-pair">${secondary(words.keepTheirs, () => void this.decide("server"))}${secondary(words.keepMine, () => void this.decide("phone"))}</div>`;
  }
}

async function openConflict(app: App, session: Session, id: string): Promise<Screen> {
  const body = await session.pack.get("conflict", id);
  if (!body) return { title: app.words.drawerTitle, back: "drawer", view: () => notice("info", app.words.notFound) };
  const fields = body.fields.map(
    async ({ name, label, theirs, mine }) => [label, await sayValue(app, session, name, theirs), await sayValue(app, session, name, mine)] as const,
  );
  return new Conflict(app, session, body, await Promise.all(fields));
}

export async function open(app: App, session: Session, route: readonly string[]): Promise<Screen> {
  const [, id = "", conflict = ""] = route;
  if (!id) return list(app, session);
  if (id === "conflict") return openConflict(app, session, conflict);
  const item = (await session.outbox.drawer()).find(({ command }) => command.id === id);
  if (!item) return list(app, session);
  const decision = sayDecision(app, (await decisions(session)).get(id));
  return new Matter(app, session, item, await sayCommand(app, session, item.command), decision);
}
