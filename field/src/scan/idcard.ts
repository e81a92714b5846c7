/**
 * The QR code of a citizen's ID card, read to be copied by hand onto a paper form. Whoever asks holds it in memory
 * only, as long as its screen stands: never in a store, the outbox, a request, an address, the console, the title.
 *
 * Cards of 2021–2024 say `number|old number|name|birth|sex|address|day of issue`, days as ddmmyyyy; the old number may
 * be empty, some have six fields, of a birth only the year may be known (`1950`, `00001950`). The order on cards since
 * July 2024 is not published: fields are known by what they hold, and what is not known is shown without a name.
 */
export interface IdCard {
  readonly number: string;
  readonly oldNumber: string;
  readonly name: string;
  /** Days as dd/mm/yyyy, as paper forms want them; of a birth perhaps the year alone. "": the card does not say. */
  readonly born: string;
  readonly sex: string;
  readonly address: string;
  readonly issued: string;
  readonly others: readonly string[];
}

const FEWEST = 6;
const MOST = 20;
const LONGEST_FIELD = 300;
const NUMBER = /^\d{12}$/;
const OLD_NUMBER = /^(?:\d{9}|\d{12})$/;
const SEX = /^(?:nam|nữ)$/i;
const BIRTH_YEAR = /^(?:00\/?00\/?)?((?:19|20)\d{2})$/;
// Anything with the number of a person as one of its fields, whether or not it can be read as a card.
const HAS_NUMBER = /(?:^|\|)\s*\d{12}\s*(?:\||$)/;
const NAME = /^[\p{L}\p{M}'’ .-]{2,100}$/u;
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}]/gu;

/** `ddmmyyyy` as a day that there is; null otherwise. */
function day(text: string): { shown: string; sorted: string } | null {
  const [, d = "", m = "", y = ""] = /^(\d{2})\/?(\d{2})\/?(\d{4})$/.exec(text) ?? [];
  const date = new Date(Date.UTC(Number(y), Number(m) - 1, Number(d)));
  const stands = Number(y) >= 1900 && date.getUTCDate() === Number(d) && date.getUTCMonth() === Number(m) - 1;
  return stands ? { shown: `${d}/${m}/${y}`, sorted: `${y}${m}${d}` } : null;
}

/** The first field that fits, taken out of the others. */
function take(fields: string[], fits: (field: string) => boolean): string {
  const at = fields.findIndex(fits);
  return at < 0 ? "" : (fields.splice(at, 1)[0] ?? "");
}

/** Of the fields, taken out of them: when the person was born, and when the card was issued. */
function takeDays(fields: string[]): { born: string; issued: string } | null {
  const isDay = (field: string): boolean => day(field) !== null;
  const afterSex = fields.findIndex((field) => SEX.test(field)) + 1;
  const alone = fields.filter(isDay).length === 1;
  const isIssue = alone && afterSex > 0 && fields.slice(afterSex).some(isDay);
  const [first, second] = [day(take(fields, isDay)), day(take(fields, isDay))];
  const year = second ? "" : take(fields, (field) => BIRTH_YEAR.test(field)).slice(-4);
  if (!first) return year ? { born: year, issued: "" } : null;
  // The birth stands before the sex: what stands alone behind it is the other day, also where the birth is a mere year.
  if (year || isIssue) return { born: year, issued: first.shown };
  // Nobody has a card before being born.
  const turned = second !== null && second.sorted < first.sorted;
  const [born, issued] = turned ? [second, first] : [first, second];
  return { born: born.shown, issued: issued?.shown ?? "" };
}

/** Null: this is not an ID card. */
export function parseIdCard(text: string): IdCard | null {
  const parts = text.trim().normalize("NFC").split("|");
  if (parts.length < FEWEST || parts.length > MOST || parts.some((part) => part.length > LONGEST_FIELD)) return null;
  const fields = parts.map((part) => part.replace(UNSEEN, "").replace(/\s+/g, " ").trim()).filter(Boolean);
  const number = take(fields, (field) => NUMBER.test(field));
  const oldNumber = take(fields, (field) => OLD_NUMBER.test(field));
  const days = takeDays(fields);
  const sex = take(fields, (field) => SEX.test(field));
  const name = take(fields, (field) => NAME.test(field));
  const address = take(fields, (field) => field.includes(",")) || take(fields, (field) => /\p{L}/u.test(field));
  if (!number || !name || !days) return null;
  return { number, oldNumber, name, ...days, sex, address, others: fields };
}

/** Whether it may be of a citizen's ID card, read or not: then no screen shows it as a stranger's text. */
export function mayBeIdCard(text: string): boolean {
  return text.includes("|") && HAS_NUMBER.test(text.replace(UNSEEN, ""));
}
