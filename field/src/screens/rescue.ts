/** What was not sent, taken to the coordinator without the PIN: as a file, or as codes one after the other. */
import { html, nothing, svg, type TemplateResult } from "lit-html";
import { encode } from "uqr";
import { notice, primary, secondary } from "../frame/parts";
import { saveFile } from "../frame/save_file";
import type { App, Screen } from "../frame/screen";
import { dayOf } from "../frame/times";
import { exportRescue, RESCUE_SUFFIX, rescueQr, rescueText } from "../outbox/rescue";
import { listDevices, listLost } from "../store/devices";

/** One code as a drawing of dark squares. */
function drawing(text: string): TemplateResult {
  const { data, size } = encode(text, { ecc: "L", border: 4 });
  const path = data.flatMap((line, y) => line.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return html`<div class="nf-qr">${svg`<svg viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges" aria-hidden="true" focusable="false"><path d=${path}></path></svg>`}</div>`;
}

class Rescue implements Screen {
  readonly back: string;
  private codes: readonly string[] = [];
  private shown = 0;
  private saved = false;

  constructor(
    private readonly app: App,
    private readonly device: string,
    private readonly waiting: number,
    open: boolean,
  ) {
    this.back = open ? "status" : "unlock";
  }

  get title(): string {
    return this.app.words.rescueTitle;
  }

  private async save(): Promise<void> {
    saveFile(await exportRescue(this.device), `nhipcau-${dayOf()}${RESCUE_SUFFIX}`);
    this.saved = true;
    this.app.render();
  }

  private async show(): Promise<void> {
    this.codes = await rescueQr(await rescueText(this.device));
    this.shown = 0;
    this.app.render();
  }

  private turn(by: number): void {
    this.shown = (this.shown + by + this.codes.length) % this.codes.length;
    this.app.render();
  }

  view(): TemplateResult {
    const { words } = this.app;
    if (!this.waiting) return html`<p>${words.rescueNothing}</p><p>${words.rescueThen}</p><p><a class="nf-link" href="#/enrol">${words.unlockAdd}</a></p>`;
    const code = this.codes[this.shown];
    if (code) {
      return html`<p role="status"><strong>${words.rescuePart(this.shown + 1, this.codes.length)}</strong></p>${drawing(code)}
        ${secondary(words.rescuePreviousCode, () => this.turn(-1), "back")}`;
    }
    return html`${notice("info", words.rescueText)}<p><strong>${words.waiting(this.waiting)}</strong></p>
      ${secondary(words.rescueQr, () => void this.show(), "scan")}
      <div role="status">${this.saved ? notice("good", words.rescueSaved) : nothing}</div>
      <p>${words.rescueThen}</p><p><a class="nf-link" href="#/enrol">${words.unlockAdd}</a></p>`;
  }

  action(): TemplateResult {
    const { words } = this.app;
    if (!this.waiting) return html``;
    return this.codes.length
      ? primary(words.rescueNextCode, () => this.turn(1), { icon: "next" })
      : primary(words.rescueFile, () => void this.save(), { icon: "send" });
  }
}

export async function open(app: App, route: readonly string[]): Promise<Screen> {
  const stores = [...(await listDevices()), ...(await listLost())];
  const device = stores.find((entry) => entry.id === route[1]);
  return new Rescue(app, device?.id ?? "", device?.waiting ?? 0, route[2] === "open");
}
