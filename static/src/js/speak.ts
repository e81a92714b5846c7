/**
 * Reads the page aloud with a voice of the phone itself. A voice that works over the network is never used: the
 * text would leave the country. Where there is no such voice for the language, no button is shown.
 */
const synthesis = "speechSynthesis" in window ? window.speechSynthesis : null;
const SPOKEN = "h1, h2, h3, legend, label, p, li, dt, dd, figcaption";
const LONGEST = 180;

function voice(language: string): SpeechSynthesisVoice | undefined {
  const wanted = language.toLowerCase();
  return synthesis
    ?.getVoices()
    .find((one) => one.localService && one.lang.toLowerCase().replace("_", "-").split("-")[0] === wanted);
}

/** What stands on the page, top to bottom, without what is only for the eye or the hand. */
function sentences(): string[] {
  const texts: string[] = [];
  for (const element of document.querySelectorAll<HTMLElement>(`#main :is(${SPOKEN})`)) {
    if (element.closest("[data-silent], [hidden]") || element.querySelector(SPOKEN)) continue;
    const text = element.innerText.replace(/\s+/g, " ").trim();
    if (text) texts.push(...(text.match(new RegExp(`.{1,${LONGEST}}(?:[.;:!?,]|\\s|$)`, "g")) ?? [text]));
  }
  return texts;
}

export function offerReading(): void {
  const button = document.querySelector<HTMLButtonElement>("[data-speak]");
  const label = button?.querySelector("span");
  if (!synthesis || !button || !label) return;
  const language = document.documentElement.lang || "vi";
  const begin = label.textContent ?? "";
  const show = (speaking: boolean): void => {
    label.textContent = speaking ? (button.dataset.speaking ?? begin) : begin;
    button.setAttribute("aria-pressed", String(speaking));
  };
  const offer = (): void => {
    if (voice(language)) button.hidden = false;
  };
  offer();
  synthesis.addEventListener("voiceschanged", offer);
  button.addEventListener("click", () => {
    const own = voice(language);
    if (synthesis.speaking || !own) {
      synthesis.cancel();
      show(false);
      return;
    }
    const parts = sentences().map((text) => new SpeechSynthesisUtterance(text));
    for (const part of parts) {
      part.voice = own;
      part.lang = own.lang;
      part.rate = 0.9;
      synthesis.speak(part);
    }
    const last = parts[parts.length - 1];
    if (last) last.onend = () => show(false);
    show(parts.length > 0);
  });
  // Another page, another text: the voice must not go on.
  addEventListener("pagehide", () => synthesis.cancel());
}
