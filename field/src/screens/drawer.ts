/** What needs a person: the reason in words, changed and sent again, or put away. */
import { html, nothing, type TemplateResult } from "lit-html";
import { iso, now } from "../core/clock";
import { changeDraft } from "../frame/answers";
import { serverDay } from "../frame/checks";
import { Confirm } from "../frame/confirm";
import { conflictOf, decisions, type Matters, matters, openConflicts } from "../frame/matters";
import { field, notice, primary, row, secondary, summary, toFirstError } from "../frame/parts";
import { isKnown, sayCommand, sayReason } from "../frame/said";
import { keep } from "../frame/saving";
import type { App, Screen, Session } from "../frame/screen";
import { dayOf, hourOf, sayMoment } from "../frame/times";
import { optionsOf, saidAnew, stillWrong, type Texts, textsOf } from "../frame/written";
import type { Command, DrawerItem } from "../outbox/commands";
import { FORGOTTEN } from "../outbox/forgetting";
import { tick } from "../store/lease";
import { openConflict } from "./conflict";
import { Damaged } from "./damaged";

type Said = readonly (readonly [string, string])[];

function sayDecision(app: App, keep: string | undefined): string {
  if (keep === undefined) return "";
  return keep === "phone" ? app.words.decidedPhone : app.words.decidedServer;
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

  private item({ command, receipt, state }: DrawerItem): TemplateResult {
    const { words } = this.app;
    const decision = sayDecision(this.app, this.now.told.get(command.id));
    return row(`drawer/${command.id}`, words.commands[command.name] ?? command.name, [decision || sayReason(receipt, words), sayMoment(command.made_at, words)], state === "open" ? "warn" : "paper");
  }

  view(): TemplateResult {
    const { words } = this.app;
    const { conflicts, answered, open, away } = this.now;
    const damaged = this.now.damaged + this.now.unreadable;
    const intro = open.length + conflicts.length + damaged ? words.drawerIntro : words.drawerEmpty;
    return html`${answered.length && intro === words.drawerEmpty ? nothing : html`<p>${intro}</p>`}
      <div class="nf-rows">${conflicts.map((conflict) => row(`drawer/conflict/${conflict.id}`, conflict.title, [conflict.reason], "warn"))}${open.map((item) => this.item(item))}
        ${damaged ? row("drawer/damaged", words.damagedTitle, [words.rescueLink], "warn") : nothing}
        ${answered.map((conflict) => row(`drawer/conflict/${conflict.id}`, conflict.title, [words.conflictWaits], "send"))}</div>
      ${away.length ? html`<h2 class="nf-h2">${words.drawerAway}</h2><div class="nf-rows">${away.map((item) => this.item(item))}</div>` : nothing}`;
  }
}

async function list(app: App, session: Session): Promise<Screen> {
  return new List(app, session, await matters(session));
}

// The day on which it happened, chosen here; all else stands in the command.
const DAY = "day";

/** By what was said since in the place of what it needs: the server waits for that, and no more for what it refused. */
async function needsNow({ outbox }: Session, { needs }: Command): Promise<readonly string[]> {
  const all = [...(await outbox.drawer()).map(({ command }) => command), ...(await outbox.all())];
  const instead = new Map(all.map(({ id, replaces }) => [replaces, id]));
  const last = (id: string): string => {
    const next = instead.get(id);
    return next === undefined ? id : last(next);
  };
  return needs.map(last);
}

class Matter implements Screen {
  readonly back = "drawer";
  private readonly sure = new Confirm();
  private changing: boolean;
  private busy = false;
  private texts: Texts;
  private wrong: Texts = {};

  constructor(
    private readonly app: App,
    private readonly session: Session,
    private readonly item: DrawerItem,
    private readonly said: Said,
    /** What somebody decided about it; "" while nobody has. */
    private readonly decision: string,
    /** Two sides to choose between first: the id of the conflict, or "". */
    private readonly conflict: string,
    private readonly today: () => string,
    /** What was being changed when this was left. */
    begun: Texts | null,
  ) {
    const stands = this.wrongTime ? { [DAY]: dayOf(item.command.made_at) } : textsOf(item);
    this.texts = Object.fromEntries(Object.entries(stands).map(([name, text]) => [name, begun?.[name] ?? text]));
    this.changing = begun !== null;
  }

  get title(): string {
    return this.app.words.commands[this.item.command.name] ?? this.app.words.drawerTitle;
  }

  unsaved(): boolean {
    return this.changing;
  }

  private get wrongTime(): boolean {
    return this.item.receipt.code === "sync.impossible_time";
  }

  private get knownPhone(): boolean {
    return this.item.receipt.code === "citizens.known_phone";
  }

  /** Nothing was wrong with it: the line did not take it. */
  private get heldUp(): boolean {
    return this.item.receipt.code === "phone.not_let_through";
  }

  private async anew(): Promise<void> {
    await this.session.outbox.sendAnew(this.item.command.id);
    this.session.engine.now();
    this.app.replace("drawer");
  }

  /** A new command in the place of this one; the old one stays readable. */
  private async again(change: { readonly [name: string]: unknown } = {}): Promise<void> {
    if (this.busy) return;
    const { command } = this.item;
    const texts = this.changing && !this.wrongTime ? this.texts : {};
    const wrong = stillWrong(command, texts, this.today(), this.app.words);
    if (Object.keys(wrong).length) return this.refuse(wrong);
    this.busy = true;
    const data = { ...saidAnew(command, texts), ...change } as Command["data"];
    // It happened when it happened: sent again it does not move to now.
    const madeAt = this.wrongTime ? await this.chosenTime() : command.made_at;
    if (madeAt === null) return this.refuse({ [DAY]: this.app.words.drawerDayWrong });
    const { base, verdict } = command;
    const needs = await needsNow(this.session, command);
    const chosen = this.wrongTime || (command.chosen ?? false);
    const draft = changeDraft(command.id);
    const done = await keep(this.app, this.session, command.name, data, { base, needs, verdict, replaces: command.id, madeAt, chosen, draft });
    this.busy = done !== null;
    if (!done) return;
    await this.session.drafts.drop(draft);
    this.app.replace("drawer");
  }

  private write(name: string, text: string): void {
    this.texts = { ...this.texts, [name]: text };
    void this.session.drafts.keep(changeDraft(this.item.command.id), this.texts).catch(() => undefined);
  }

  /** The hour as recorded, on the day the person chose, never later than now; null: no day, or one to come. */
  private async chosenTime(): Promise<string | null> {
    // This phone's own clock may still be the wrong one.
    const { offset } = await tick(this.session.vault.device);
    const today = now() + offset;
    const day = this.texts[DAY] ?? "";
    const moment = Date.parse(`${day}T${hourOf(this.item.command.made_at)}:00+07:00`);
    if (Number.isNaN(moment) || day > dayOf(today)) return null;
    return iso(Math.min(moment, today));
  }

  private refuse(wrong: Texts): void {
    this.busy = false;
    this.wrong = wrong;
    this.app.render();
    toFirstError();
  }

  private async putAway(): Promise<void> {
    if (this.toLookAt && !this.sure.touch()) return this.app.render();
    await this.session.outbox.putAway(this.item.command.id);
    await this.session.drafts.drop(changeDraft(this.item.command.id));
    this.app.replace("drawer");
  }

  /** Nobody has settled it yet. */
  private get toLookAt(): boolean {
    return !this.decision && !this.isDecision && this.item.receipt.code !== FORGOTTEN;
  }

  private get isDecision(): boolean {
    return this.item.command.name === "conflicts.decide";
  }

  private change(): void {
    this.changing = true;
    this.app.render();
    document.querySelector<HTMLElement>(".nf-main .nf-input")?.focus();
  }

  view(): TemplateResult {
    const { words } = this.app;
    const open = this.item.state === "open";
    return html`${notice(open && !this.decision ? "warn" : "info", html`<p><strong>${this.decision || sayReason(this.item.receipt, words)}</strong></p>`)}
      <p class="nf-caption">${words.recordedAt(sayMoment(this.item.command.made_at, words))}</p>
      ${summary(this.said)}
      ${open && this.changing ? this.changeView() : nothing}
      ${open && this.knownPhone ? this.samePerson() : nothing}
      ${open && this.toLookAt && !this.conflict ? secondary(this.sure.asked ? words.drawerPutAwaySure : words.drawerPutAway, () => void this.putAway()) : nothing}`;
  }

  private changeView(): TemplateResult {
    const { words } = this.app;
    const { command } = this.item;
    return html`${Object.entries(this.texts).map(([name, text]) => {
      const label = name === DAY ? words.drawerChooseDay : (words.fields[name] ?? name);
      const options = name === DAY ? ({ kind: "date" } as const) : optionsOf(command, name);
      return field(name, label, text, (typed) => this.write(name, typed), { ...options, error: this.wrong[name] });
    })}`;
  }

  private samePerson(): TemplateResult {
    const { words } = this.app;
    const { about } = this.item.receipt;
    return html`${about ? secondary(words.samePerson, () => void this.again({ known_citizen: about }), "check") : nothing}
      ${secondary(words.anotherPerson, () => void this.again({ another_person: true }), "person")}`;
  }

  action(): TemplateResult {
    const { words } = this.app;
    if (this.item.state !== "open") return html``;
    if (this.conflict) return html`<a class="nf-button" href="#/drawer/conflict/${this.conflict}">${words.conflictLook}</a>`;
    if (!this.toLookAt) return primary(words.decidedSeen, () => void this.putAway(), { icon: "check" });
    // What waits for a decision about two sides is not sent a second time.
    const undecided = this.item.receipt.result === "needs_person" && !this.knownPhone;
    // What it belongs to will not come: sent again it would be refused again.
    const inVain = this.item.receipt.code === "phone.need_lost";
    if (undecided || inVain || !isKnown(this.item.receipt)) return html``;
    if (this.heldUp) return primary(words.drawerSendNow, () => void this.anew(), { icon: "send" });
    const changeable = Object.keys(this.texts).length > 0;
    if (changeable && !this.changing) return primary(words.drawerSendAgain, () => this.change());
    return primary(words.drawerSendNow, () => void this.again(), { icon: "send" });
  }
}

export async function open(app: App, session: Session, route: readonly string[]): Promise<Screen> {
  const [, id = "", conflict = ""] = route;
  if (!id) return list(app, session);
  if (id === "damaged") return new Damaged(app, session);
  if (id === "conflict") return openConflict(app, session, conflict);
  const item = (await session.outbox.drawer()).find(({ command }) => command.id === id);
  if (!item) return list(app, session);
  const decision = sayDecision(app, (await decisions(session)).get(id));
  const about = conflictOf(item, await openConflicts(session))?.id ?? "";
  const begun = item.state === "open" ? await session.drafts.read<Texts>(changeDraft(id)) : null;
  return new Matter(app, session, item, await sayCommand(app, session, item.command), decision, about, await serverDay(session), begun);
}
