/** Our own reader of QR codes, for browsers that have none: large, so it is fetched only where it is wanted. */
import { BarcodeDetector, prepareZXingModule } from "barcode-detector/ponyfill";

/** The reader's machine code, of the very version that the script was made for: put there by the build. */
declare const READER_WASM: string;

/** Rejects when it cannot be fetched or may not run. */
export async function openReader(): Promise<BarcodeDetector> {
  await prepareZXingModule({ overrides: { locateFile: () => READER_WASM }, fireImmediately: true });
  return new BarcodeDetector({ formats: ["qr_code"] });
}
