/**
 * Plain JSON data: reading it without falling over names such as "__proto__", and writing it in the one way
 * that can be compared byte by byte with the server's evaluator.
 */

export type Data = { readonly [key: string]: unknown };

export function isData(value: unknown): value is Data {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function has(data: Data, key: string): boolean {
  return Object.prototype.hasOwnProperty.call(data, key);
}

/** The value stored under a name; never one that every JavaScript object inherits. */
export function get(data: Data, key: string): unknown {
  return has(data, key) ? data[key] : undefined;
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Order by code point, as the server sorts; JavaScript's own order is that of UTF-16 units. */
export function compareText(left: string, right: string): number {
  const shorter = Math.min(left.length, right.length);
  for (let i = 0; i < shorter; i += 1) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a === b) continue;
    const inPair = i > 0 && isHigh(left.charCodeAt(i - 1)) && (isLow(a) || isLow(b));
    const start = inPair ? i - 1 : i;
    return (left.codePointAt(start) ?? 0) - (right.codePointAt(start) ?? 0);
  }
  return left.length - right.length;
}

/** A number as the server writes it: small fractions get their exponent earlier, and with two digits. */
export function numberText(value: number): string {
  const text = String(value);
  const size = Math.abs(value);
  if (value === 0 || size >= 1e-4) return text;
  const [mantissa, exponent] = value.toExponential().split("e-") as [string, string];
  return `${mantissa}e-${exponent.padStart(2, "0")}`;
}

// Below the surrogates JavaScript's own order, which needs no code of ours, is that of code points.
const HIGH = /[\ud800-\uffff]/;

function sortedNames(names: string[]): string[] {
  return names.some((name) => HIGH.test(name)) ? names.sort(compareText) : names.sort();
}

/** Sorted names, no spaces, no escapes but the necessary ones. Takes plain data and maps. */
export function canonical(data: unknown): string {
  if (data === null || data === undefined) return "null";
  if (typeof data === "number") return numberText(data);
  if (typeof data !== "object") return JSON.stringify(data);
  if (Array.isArray(data)) return `[${data.map(canonical).join(",")}]`;
  const map = data instanceof Map ? (data as ReadonlyMap<string, unknown>) : null;
  const names = sortedNames(map ? [...map.keys()] : Object.keys(data));
  const valueOf = (name: string): unknown => (map ? map.get(name) : (data as Data)[name]);
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(valueOf(name))}`).join(",")}}`;
}
