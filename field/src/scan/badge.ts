/** Whose badge it is: asked of our own server's public page, never of the address that the code holds. */
import type { Language } from "../words";

export type BadgeAnswer =
  | { readonly kind: "offline" }
  /** Said by the server, in the words of its page. */
  | { readonly kind: "said"; readonly good: boolean; readonly title: string; readonly lines: readonly string[] };

const PATIENCE = 15_000;

function texts(main: Element | null): readonly string[] {
  const found = [...(main?.querySelectorAll("p") ?? [])].flatMap((line) => {
    for (const br of line.querySelectorAll("br")) br.replaceWith("\n");
    return (line.textContent ?? "").split("\n");
  });
  return found.map((line) => line.replace(/\s+/g, " ").trim()).filter(Boolean);
}

/** Without the cookie of anybody: the page answers everybody the same. */
export async function askBadge(token: string, language: Language, given: AbortSignal): Promise<BadgeAnswer> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  const timer = setTimeout(end, PATIENCE);
  given.addEventListener("abort", end);
  try {
    const address = `/badge/${encodeURIComponent(token)}/?lang=${language}`;
    const answer = await fetch(address, { credentials: "omit", cache: "no-store", redirect: "error", signal: stop.signal });
    if (!answer.ok) return { kind: "offline" };
    // A document of its own: nothing in it runs or is fetched; only its texts are taken.
    const main = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    const verdict = main?.querySelector("h1[data-verdict]");
    if (!verdict) return { kind: "offline" };
    const good = verdict.getAttribute("data-verdict") === "valid";
    return { kind: "said", good, title: (verdict.textContent ?? "").trim(), lines: texts(main) };
  } catch {
    return { kind: "offline" };
  } finally {
    clearTimeout(timer);
    given.removeEventListener("abort", end);
  }
}
