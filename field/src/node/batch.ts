/**
 * Runs the batch door under Node: `node batch.mjs FILE` or `node batch.mjs -` (standard input). One line of
 * JSON in, one line out, written as soon as it is known.
 */
import { createReadStream } from "node:fs";
import process from "node:process";
import { evaluateLine } from "../guide/batch";

const NEWLINE = 0x0a;
const BYTE_ORDER_MARK = "\ufeff";
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let start = 0;
  for (const part of parts) {
    whole.set(part, start);
    start += part.length;
  }
  return whole;
}

/** Lines end at a line feed and nowhere else: texts may hold every other kind of line end. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest: Uint8Array[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      yield decoder.decode(joined([...rest, chunk.subarray(start, end)]));
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  yield decoder.decode(joined(rest));
}

async function main(name: string): Promise<void> {
  let first = true;
  for await (const line of linesOf(name === "-" ? process.stdin : createReadStream(name))) {
    const text = first && line.startsWith(BYTE_ORDER_MARK) ? line.slice(1) : line;
    first = false;
    if (/[^ \t\r]/.test(text)) process.stdout.write(`${evaluateLine(text)}\n`);
  }
}

const name = process.argv[2];
if (name === undefined) {
  process.stderr.write("Usage: node batch.mjs FILE   (- for standard input)\n");
  process.exitCode = 2;
} else {
  main(name).catch((error: unknown) => {
    process.stderr.write(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 2;
  });
}
