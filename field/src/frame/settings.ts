/** What the phone itself remembers in clear: the language and the size of the letters. Nothing of any person. */
import { isLanguage, type Language } from "../words";

const LANGUAGE = "nhipcau.language";
const LARGE = "nhipcau.large";

// A browser may refuse the storage (private mode, full phone): then nothing is remembered, and all else works.
function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    return;
  }
}

/** Vietnamese unless somebody chose otherwise: cheap phones are often sold set to English. */
export function chosenLanguage(): Language {
  const kept = read(LANGUAGE);
  return isLanguage(kept) ? kept : "vi";
}

export function keepLanguage(language: Language): void {
  write(LANGUAGE, language);
}

export function isLarge(): boolean {
  return read(LARGE) === "yes";
}

export function keepLarge(large: boolean): void {
  write(LARGE, large ? "yes" : "no");
}
