/** Two sides of one thing: what stands, and what this person wrote. They choose, and no slip of a thumb does. */
import { html, nothing, type TemplateResult } from "lit-html";
import { type Answer, answerOf, keepAnswer, refusedDecisions } from "../frame/answers";
import { Confirm } from "../frame/confirm";
import { notice, secondary } from "../frame/parts";
import { sayReason, sayValue } from "../frame/said";
import { keep } from "../frame/saving";
import type { App, Screen, Session } from "../frame/screen";
import type { Receipt } from "../outbox/commands";
import type { ConflictBody } from "../pack/kinds";

class Conflict implements Screen {
  readonly back = "drawer";
  private busy = false;
  private sure: { readonly keep: Answer["keep"]; readonly confirm: Confirm } | null = null;

  constructor(
    private readonly app: App,
    private readonly session: Session,
    private readonly body: ConflictBody,
    private readonly fields: readonly (readonly [label: string, theirs: string, mine: string])[],
    /** What was chosen, while it is on its way. */
    private readonly answer: Answer["keep"] | null,
    /** Why the choice made before was not taken. */
    private readonly refused: Receipt | null,
  ) {}

  get title(): string {
    return this.body.title;
  }

  /** A name may stand in the title. */
  get tab(): string {
    return this.app.words.drawerTitle;
  }

  private async decide(kept: Answer["keep"]): Promise<void> {
    if (this.sure?.keep !== kept) this.sure = { keep: kept, confirm: new Confirm() };
    if (!this.sure.confirm.touch()) return this.app.render();
    if (this.busy) return;
    this.busy = true;
    const { id, mark: seen = "" } = this.body;
    // What it is about stays a matter until the pack says that it was decided; a choice not taken is made anew.
    const refused = (await refusedDecisions(this.session)).get(id)?.command.id;
    const data = { conflict: id, keep: kept, seen };
    this.busy = (await keep(this.app, this.session, "conflicts.decide", data, refused ? { replaces: refused } : {})) !== null;
    if (!this.busy) return;
    // Without it the same is only asked once more, should the pack not come.
    await keepAnswer(this.session, id, { keep: kept, seen }).catch(() => undefined);
    this.app.replace("drawer");
  }

  view(): TemplateResult {
    const { words } = this.app;
    const chosen = this.answer === "phone" ? words.keepMine : words.keepTheirs;
    return html`${this.refused ? notice("warn", html`<p><strong>${sayReason(this.refused, words)}</strong></p>`) : nothing}<p>${this.body.reason}</p>
      ${this.answer ? notice("info", html`<p><strong>${words.conflictChosen(chosen)}</strong></p>`) : html`<p>${words.conflictIntro}</p>`}
      <table class="nf-two">
        <thead><tr><td></td><th scope="col">${words.conflictTheirs}</th><th scope="col">${words.conflictMine}</th></tr></thead>
        <tbody>${this.fields.map(([label, theirs, mine]) => html`<tr><th scope="row">${label}</th><td>${theirs}</td><td>${mine}</td></tr>`)}</tbody>
      </table>`;
  }

  action(): TemplateResult {
    if (this.answer) return html`${nothing}`;
    const { words } = this.app;
    const key = (kept: Answer["keep"], label: string): TemplateResult =>
      secondary(this.sure?.keep === kept ? words.touchAgain(label) : label, () => void this.decide(kept));
    return html`<div class="nf-pair">${key("server", words.keepTheirs)}${key("phone", words.keepMine)}</div>`;
  }
}

export async function openConflict(app: App, session: Session, id: string): Promise<Screen> {
  const body = await session.pack.get("conflict", id);
  if (body?.state !== "open") return { title: app.words.drawerTitle, back: "drawer", view: () => notice("info", app.words.notFound) };
  const fields = body.fields.map(
    async ({ name, label, theirs, mine }) => [label, await sayValue(app, session, name, theirs), await sayValue(app, session, name, mine)] as const,
  );
  const answer = await answerOf(session, body);
  const refused = answer ? null : ((await refusedDecisions(session)).get(id)?.receipt ?? null);
  return new Conflict(app, session, body, await Promise.all(fields), answer, refused);
}

