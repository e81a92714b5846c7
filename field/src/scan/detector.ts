/** Finds QR codes in pictures: with what the browser has, else with our own reader. Nothing leaves the phone. */
export type Picture = HTMLVideoElement | HTMLCanvasElement;

export interface Detector {
  /** The texts of the codes in the picture. */
  find(picture: Picture): Promise<readonly string[]>;
}

interface Native {
  detect(source: Picture): Promise<readonly { readonly rawValue: string }[]>;
}
interface NativeClass {
  new (options: { formats: readonly string[] }): Native;
  getSupportedFormats?(): Promise<readonly string[]>;
}

const FORMAT = "qr_code";
// The browser's own reader is a service of the phone, which may be missing all the same.
const MOST_FAILURES = 3;

function nativeClass(): NativeClass | undefined {
  return (globalThis as { BarcodeDetector?: NativeClass }).BarcodeDetector;
}

/** Whether the browser reads such codes by itself. */
export async function readsByItself(): Promise<boolean> {
  const asked = nativeClass()?.getSupportedFormats?.() ?? Promise.resolve([]);
  const formats: readonly string[] = await asked.catch(() => []);
  return formats.includes(FORMAT);
}

async function ours(): Promise<Native> {
  const { openReader } = await import("./reader");
  return openReader();
}

class Finder implements Detector {
  private failures = 0;

  constructor(
    private reader: Native,
    private byItself: boolean,
  ) {}

  async find(picture: Picture): Promise<readonly string[]> {
    try {
      const codes = await this.reader.detect(picture);
      this.failures = 0;
      return codes.map(({ rawValue }) => rawValue).filter(Boolean);
    } catch {
      this.failures += 1;
      if (!this.byItself || this.failures < MOST_FAILURES) return [];
      this.byItself = false;
      this.reader = await ours();
      return [];
    }
  }
}

/** Rejects when there is nothing to read with: our reader is not on the phone and cannot be fetched. */
export async function openDetector(): Promise<Detector> {
  const Known = nativeClass();
  if (Known && (await readsByItself())) return new Finder(new Known({ formats: [FORMAT] }), true);
  return new Finder(await ours(), false);
}
