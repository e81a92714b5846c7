/** Words without marks, so that "khai sinh", "KHAI SINH" and "khái sình" find each other. Twin of core/text.py. */
const MARKS = /[\u0300-\u036f]/g;
const NOT_WORD = /[^\p{L}\p{N}\p{M}]+/gu;

export function fold(text: string): string {
  const bare = text.toLowerCase().replace(/đ/g, "d").normalize("NFD").replace(MARKS, "").normalize("NFC");
  return bare.replace(NOT_WORD, " ").trim();
}

/** How well the words of a question fit a text; 0 where one of them is not in it. */
export function fit(asked: string, name: string, others: readonly string[]): number {
  const whole = fold(asked);
  if (!whole) return 0;
  const title = fold(name);
  if (title.startsWith(whole)) return 4;
  if (title.includes(whole)) return 3;
  if (others.some((other) => fold(other).includes(whole))) return 2;
  const all = [title, ...others.map(fold)].join(" ");
  return whole.split(" ").every((word) => all.includes(word)) ? 1 : 0;
}
