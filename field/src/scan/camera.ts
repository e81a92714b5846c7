/**
 * The camera, full screen: reads the first code before it. Nothing of the picture is kept, and the camera stops when
 * the person closes it, leaves the screen, or puts the phone away.
 */
import { html, nothing, render, type TemplateResult } from "lit-html";
import { icon } from "../frame/icons";
import { primary, secondary } from "../frame/parts";
import type { Words } from "../words";
import { type Detector, openDetector } from "./detector";
import { readPhoto } from "./photo";

export interface ScanOptions {
  readonly words: Words;
  /** Ends it: the screen is left, the store locked. */
  readonly signal: AbortSignal;
  /** What to hold before the camera. */
  readonly hint: string;
  /** Whether a picture may be chosen instead. Never of an ID card: no pictures are taken of papers. */
  readonly photo: boolean;
}

type Trouble = "denied" | "none" | "busy" | "reader" | "camera";

const PAUSE = 150;
const WANTED: MediaStreamConstraints = {
  audio: false,
  video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
};

interface Torch extends MediaTrackCapabilities {
  readonly torch?: boolean;
}

function troubleOf(error: unknown): Trouble {
  switch ((error as DOMException | null)?.name) {
    case "NotAllowedError":
    case "SecurityError":
      return "denied";
    case "NotFoundError":
    case "OverconstrainedError":
      return "none";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    default:
      return "camera";
  }
}

class Camera {
  private readonly dialog = document.createElement("dialog");
  private readonly video = document.createElement("video");
  private stream: MediaStream | null = null;
  private trouble: Trouble | null = null;
  private noCode = false;
  private looking = false;
  private lit = false;
  private torch: MediaStreamTrack | null = null;
  private done: (text: string | null) => void = () => undefined;

  constructor(private readonly options: ScanOptions) {
    this.dialog.className = "nf-camera";
    this.dialog.setAttribute("aria-labelledby", "scan-title");
    this.video.playsInline = true;
    this.video.muted = true;
    this.video.setAttribute("aria-hidden", "true");
  }

  async open(): Promise<string | null> {
    const { signal } = this.options;
    if (signal.aborted) return null;
    const answer = new Promise<string | null>((resolve) => (this.done = resolve));
    const close = (): void => this.done(null);
    const away = (): void => void (document.hidden && close());
    signal.addEventListener("abort", close);
    document.addEventListener("visibilitychange", away);
    this.dialog.addEventListener("close", close);
    document.body.append(this.dialog);
    this.draw();
    this.dialog.showModal();
    void this.start();
    try {
      return await answer;
    } finally {
      this.done = () => undefined;
      signal.removeEventListener("abort", close);
      document.removeEventListener("visibilitychange", away);
      // Closed first: then the button it was opened with has the focus again.
      if (this.dialog.open) this.dialog.close();
      this.dialog.remove();
      this.stop();
    }
  }

  private get over(): boolean {
    return !this.dialog.isConnected;
  }

  private stop(): void {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.video.srcObject = null;
  }

  private async start(): Promise<void> {
    const detector = openDetector();
    // Its failure is told where it is waited for.
    detector.catch(() => undefined);
    try {
      if (!navigator.mediaDevices) throw new DOMException("", "NotFoundError");
      this.stream = await navigator.mediaDevices.getUserMedia(WANTED);
      // Closed while the phone was asking.
      if (this.over) return this.stop();
      this.video.srcObject = this.stream;
      const [track] = this.stream.getVideoTracks();
      this.torch = track && (track.getCapabilities?.() as Torch | undefined)?.torch ? track : null;
      await this.video.play();
    } catch (error) {
      return this.failed(troubleOf(error));
    }
    this.draw();
    await detector.then((ready) => this.look(ready)).catch(() => this.failed("reader"));
  }

  private failed(trouble: Trouble): void {
    this.stop();
    this.trouble = trouble;
    this.draw();
  }

  private async look(detector: Detector): Promise<void> {
    while (!this.over && this.stream) {
      const ready = this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
      const [code] = ready ? await detector.find(this.video) : [];
      if (code) return this.done(code);
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }

  private async light(): Promise<void> {
    const on = !this.lit;
    const wanted = { advanced: [{ torch: on }] } as unknown as MediaTrackConstraints;
    const worked = await this.torch?.applyConstraints(wanted).then(() => true, () => false);
    if (worked) this.lit = on;
    this.draw();
  }

  private async chosen(input: HTMLInputElement): Promise<void> {
    const [file] = input.files ?? [];
    if (!file) return;
    this.looking = true;
    this.noCode = false;
    this.draw();
    const code = await readPhoto(file).catch(() => null);
    input.value = "";
    this.looking = false;
    this.noCode = code === null;
    if (code) this.done(code);
    else if (!this.over) this.draw();
  }

  private draw(): void {
    render(this.view(), this.dialog);
  }

  private said(): string {
    const { words, hint } = this.options;
    if (this.looking) return words.scanLooking;
    if (this.noCode) return words.scanNoCode;
    return this.trouble ? words.scanTrouble[this.trouble] : hint;
  }

  private view(): TemplateResult {
    const { words, photo } = this.options;
    const bad = this.noCode || this.trouble !== null;
    return html`<div class="nf-camera__picture">${this.trouble ? nothing : this.video}</div>
      <div class="nf-camera__keys">
        <h2 class="nf-hidden" id="scan-title" tabindex="-1" autofocus>${words.scanCamera}</h2>
        <p class="nf-camera__said" role="status">${bad ? icon("warn") : nothing}<span>${this.said()}</span></p>
        ${this.torch ? secondary(this.lit ? words.scanDark : words.scanLight, () => void this.light(), "light") : nothing}
        ${photo ? this.photoView() : nothing}
        ${primary(words.scanClose, () => this.done(null), { icon: "cross" })}
      </div>`;
  }

  private photoView(): TemplateResult {
    const take = (event: Event): void => void this.chosen(event.target as HTMLInputElement);
    return html`<label class="nf-button nf-button--quiet nf-file">${icon("paper")}<span>${this.options.words.scanPhoto}</span><input
      id="f-photo" type="file" accept="image/*" @change=${take}></label>`;
  }
}

/** The text of the code; null when it was closed without one. Never rejects: trouble is told where the picture would be. */
export function scan(options: ScanOptions): Promise<string | null> {
  return new Camera(options).open();
}
