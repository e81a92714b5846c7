/** A code in a picture that the person chose: drawn, read, forgotten. */
import { openDetector } from "./detector";

// A code that fills a good part of the picture is found in the small one; a small code only in the large one.
const SIDES = [1000, 2600] as const;

function drawn(bitmap: ImageBitmap, side: number): HTMLCanvasElement {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d", { willReadFrequently: true })?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** The first code in the picture; null: there is none. Rejects when it is no picture, or there is no reader. */
export async function readPhoto(file: Blob): Promise<string | null> {
  const detector = await openDetector();
  const bitmap = await createImageBitmap(file);
  try {
    for (const side of SIDES) {
      const [code] = await detector.find(drawn(bitmap, side));
      if (code) return code;
    }
    return null;
  } finally {
    bitmap.close();
  }
}
