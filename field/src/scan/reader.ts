/** Our own reader of QR codes, for browsers that have none: large, so it is fetched only where it is wanted. */
import { BarcodeDetector, prepareZXingModule, purgeZXingModule } from "barcode-detector/ponyfill";

/** The reader's machine code, of the very version that the script was made for: put there by the build. */
declare const READER_WASM: string;

// The same object each time: with another one it would be fetched anew.
const OVERRIDES = { locateFile: (): string => READER_WASM };

/** Rejects when it cannot be fetched or may not run; the next call tries again. */
export async function openReader(): Promise<BarcodeDetector> {
  try {
    await prepareZXingModule({ overrides: OVERRIDES, fireImmediately: true });
  } catch (error) {
    // It would hand out its failure for ever.
    purgeZXingModule();
    throw error;
  }
  return new BarcodeDetector({ formats: ["qr_code"] });
}
