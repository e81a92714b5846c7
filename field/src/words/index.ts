/** The words of the screens: every language has the same keys, and only the chosen one is loaded. */
import type { words as vietnamese } from "./vi";

export type Words = typeof vietnamese;
export type Language = "vi" | "th" | "en";

export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { vi: "Tiếng Việt", th: "ไทย", en: "English" };

const LOADERS: Readonly<Record<Language, () => Promise<{ words: Words }>>> = {
  vi: () => import("./vi"),
  th: () => import("./th"),
  en: () => import("./en"),
};

export function isLanguage(text: unknown): text is Language {
  return text === "vi" || text === "th" || text === "en";
}

export async function loadWords(language: Language): Promise<Words> {
  return (await LOADERS[language]()).words;
}
