/** The cases I follow: the one to look at first stands first. */
import { html, type TemplateResult } from "lit-html";
import { icon } from "../frame/icons";
import { row, tag } from "../frame/parts";
import { knownCases } from "../frame/known_case";
import type { App, Screen, Session } from "../frame/screen";
import { dayOf, showDay } from "../frame/times";
import type { CaseBody } from "../pack/kinds";

interface Listed {
  readonly body: CaseBody;
  readonly need: string;
  readonly state: string;
  /** Opened on this phone and not sent yet. */
  readonly waits: boolean;
}

class Cases implements Screen {
  readonly back = "today";

  constructor(
    private readonly app: App,
    private readonly cases: readonly Listed[],
  ) {}

  get title(): string {
    return this.app.words.myCases;
  }

  view(): TemplateResult {
    const { words } = this.app;
    const whose = html`<div class="nf-rows nf-rows--more">${row("scan", words.scanWhose, [], "scan")}</div>`;
    if (!this.cases.length) return html`<p>${words.noCases}</p>${whose}`;
    return html`<div class="nf-rows">${this.cases.map(({ body, need, state, waits }) => {
      const late = body.due_on !== null && body.due_on <= dayOf();
      const due = body.due_on ? tag(late ? "warn" : "info", words.due(showDay(body.due_on))) : "";
      return row(`case/${body.id}`, body.name || body.code, [need, state, due, waits ? tag("info", words.waitsToSend) : ""], "follow");
    })}</div>${whose}`;
  }

  action(): TemplateResult {
    return html`<a class="nf-button" href="#/case-open">${icon("plus")}<span>${this.app.words.openCase}</span></a>`;
  }
}

export async function open(app: App, session: Session): Promise<Screen> {
  const { library } = session;
  const sorted = (await knownCases(session)).sort((a, b) => (a.body.due_on ?? "9").localeCompare(b.body.due_on ?? "9"));
  const listed = sorted.map(async ({ body, needs }) => ({
    body,
    waits: needs.length > 0,
    need: await library.needLabel(body.need),
    state: await library.label("case_state", body.state),
  }));
  return new Cases(app, await Promise.all(listed));
}
