/**
 * The way out when a phone cannot send any more or its PIN is forgotten: everything not settled, still sealed,
 * as a file or as QR codes in sequence. Needs no PIN: only the province can open it.
 */
import { base64, base64url, join, readBase64url, readUtf8, sha256, utf8 } from "../core/bytes";
import { inDevice, type KeptCommand } from "../store/db";
import { UnableTo } from "../store/errors";

export interface RescueRecord {
  readonly where: string;
  readonly iv: string;
  readonly box: string;
}

export interface RescueFile {
  readonly format: "nhipcau-rescue";
  readonly v: 1;
  readonly device: string;
  readonly records: readonly RescueRecord[];
}

/** Codes that do not belong together, or were not read rightly. */
export class UnreadableRescue extends UnableTo {
  constructor() {
    super("rescue.unreadable");
  }
}

export const RESCUE_SUFFIX = ".nhipcau";
const TYPE = "application/x-nhipcau-rescue";
const PREFIX = "NCR1";
const LONGEST_PART = 900;
// "NCR1:01234567:9999/9999:" and room to spare; a multiple of four, so that each part is base64 by itself.
const CONTENT = 868;
const LONGEST_STORED = 65_535;
const PART = /^NCR1:([0-9a-f]{8}):([1-9][0-9]{0,4})\/([1-9][0-9]{0,4}):([A-Za-z0-9_-]+)$/;

export async function exportRescue(device: string): Promise<Blob> {
  return new Blob([await rescueText(device)], { type: TYPE });
}

/** The content of the file: the same text goes into the codes. */
export async function rescueText(device: string): Promise<string> {
  const [outbox, drawer] = await inDevice(device, ["outbox", "drawer"], "readonly", (transaction) =>
    Promise.all([
      transaction.objectStore("outbox").index("seq").getAll(),
      // What was sent anew or put away was settled by its owner.
      transaction.objectStore("drawer").index("state").getAll("open"),
    ]),
  );
  const records = [
    ...outbox.map((record) => asRecord("outbox", record)),
    ...drawer.sort((one, other) => one.seq - other.seq).map((record) => asRecord("drawer", record)),
  ];
  const file: RescueFile = { format: "nhipcau-rescue", v: 1, device, records };
  return JSON.stringify(file);
}

function asRecord(store: string, { id, iv, box }: KeptCommand): RescueRecord {
  return { where: `${store}/${id}`, iv: base64(iv), box: base64(box) };
}

/** The texts of the codes, in order; each stands for itself, and they may be read in any order. */
export async function rescueQr(text: string): Promise<string[]> {
  const packed = base64url(await deflated(utf8(text)));
  const sum = (await sha256(text)).slice(0, 8);
  const total = Math.max(1, Math.ceil(packed.length / CONTENT));
  return Array.from({ length: total }, (_, at) => {
    const part = `${PREFIX}:${sum}:${at + 1}/${total}:${packed.slice(at * CONTENT, (at + 1) * CONTENT)}`;
    if (part.length > LONGEST_PART) throw new RangeError("a part that no code can hold");
    return part;
  });
}

/** Which part of how many; null: this is no part. */
export function isPart(code: string): { readonly at: number; readonly total: number } | null {
  const [, sum = "", at = "0", total = "0"] = PART.exec(code) ?? [];
  return sum && Number(at) <= Number(total) ? { at: Number(at), total: Number(total) } : null;
}

export interface Collected {
  /** "new": one more; "known": read before; "other": of another export; "unknown": none of ours. */
  readonly read: "new" | "known" | "other" | "unknown";
  readonly have: number;
  readonly total: number;
}

/** Puts the codes together again as they are read. */
export class RescueCollector {
  private sum = "";
  private total = 0;
  private readonly parts = new Map<number, string>();

  add(code: string): Collected {
    const [, sum = "", number = "0", total = "0", content = ""] = PART.exec(code.trim()) ?? [];
    const at = Number(number);
    if (!sum || at > Number(total)) return this.tell("unknown");
    if (!this.parts.size) {
      this.sum = sum;
      this.total = Number(total);
    }
    if (sum !== this.sum || Number(total) !== this.total) return this.tell("other");
    if (this.parts.has(at)) return this.tell("known");
    this.parts.set(at, content);
    return this.tell("new");
  }

  private tell(read: Collected["read"]): Collected {
    return { read, have: this.parts.size, total: this.total };
  }

  /** Numbers of the codes not read yet. */
  missing(): number[] {
    return Array.from({ length: this.total }, (_, at) => at + 1).filter((at) => !this.parts.has(at));
  }

  /** The whole text; throws when a part is missing or was not read rightly. */
  async text(): Promise<string> {
    if (!this.total || this.missing().length) throw new UnreadableRescue();
    const packed = Array.from({ length: this.total }, (_, at) => this.parts.get(at + 1) ?? "").join("");
    let text: string;
    try {
      text = readUtf8(await passed(readBase64url(packed), new DecompressionStream("deflate-raw")));
    } catch {
      throw new UnreadableRescue();
    }
    if ((await sha256(text)).slice(0, 8) !== this.sum) throw new UnreadableRescue();
    return text;
  }
}

async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  let through: CompressionStream;
  try {
    through = new CompressionStream("deflate-raw");
  } catch {
    // A browser before Chrome 103.
    return asStored(bytes);
  }
  return passed(bytes, through);
}

/** The same format without compression: blocks that hold their bytes as they are (RFC 1951, 3.2.4). */
function asStored(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const blocks: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += LONGEST_STORED) {
    const block = bytes.subarray(at, at + LONGEST_STORED);
    const [low, high] = [block.length & 255, block.length >> 8];
    blocks.push(new Uint8Array([at + block.length === bytes.length ? 1 : 0, low, high, low ^ 255, high ^ 255]), block);
  }
  return join(...blocks);
}

async function passed(
  bytes: Uint8Array<ArrayBuffer>,
  through: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(through).getReader();
  const pieces: Uint8Array[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return join(...pieces);
    pieces.push(value);
  }
}
