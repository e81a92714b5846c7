/** The work that was begun on this phone and not saved yet: what it is, and where it is gone on with. */
import { begunNames } from "../store/begun";
import { row } from "./parts";
import type { App, Session } from "./screen";
import type { TemplateResult } from "lit-html";

export interface Begun {
  readonly draft: string;
  readonly route: string;
  readonly title: string;
  /** Whom or what it is about. */
  readonly about: string;
}

/** The parts of a draft about a case that is being opened which say whose it is. */
interface Named {
  readonly need?: string | null;
  readonly name?: string;
}

/** By the first word of a draft's name: the title, and the route to it. Other drafts are no work of anybody's. */
function placeOf(app: App, draft: string): readonly [title: string, route: string] | null {
  const { words } = app;
  const [kind = "", one = ""] = draft.split("/");
  switch (kind) {
    case "session":
      return [words.sessionTitle, "session/again"];
    case "case":
      return [words.caseNew, one ? `case-open/session/${one}` : "case-open"];
    case "note":
      return [words.addNote, `case/${one}/note`];
    case "dossier":
      return [words.dossierAdd, `case/${one}/dossier`];
    case "drawer":
      return [words.drawerSendAgain, `drawer/${one}`];
    case "visit":
      return [words.visitResult, `visit/${one}/result`];
    case "checklist":
      return one ? [words.checkPapers, `checklist/case/list/${one}`] : null;
    default:
      return null;
  }
}

export async function begunWork(app: App, session: Session): Promise<readonly Begun[]> {
  const found: Begun[] = [];
  for (const draft of await begunNames(session.vault.device)) {
    const place = placeOf(app, draft);
    if (!place) continue;
    const [title, route] = place;
    const { need, name } = (await session.drafts.read<Named>(draft)) ?? {};
    found.push({ draft, route, title, about: name || (need ? await session.library.needLabel(need) : "") });
  }
  return found;
}

export function begunRow({ title, route, about }: Begun, app: App): TemplateResult {
  return row(route, about || title, [about ? title : "", app.words.begunHere], "warn");
}
