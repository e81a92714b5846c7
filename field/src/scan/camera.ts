/** Reads a code with the camera, where the browser can by itself. Nothing of the picture is kept. */
interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>;
}
type DetectorClass = new (options: { formats: readonly string[] }) => Detector;

const PAUSE = 200;

async function look(video: HTMLVideoElement, detector: Detector, ended: () => boolean): Promise<string | null> {
  while (!ended()) {
    const [code] = await detector.detect(video).catch(() => []);
    if (code) return code.rawValue;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return null;
}

/** The text of the code; null when the person closed the camera. Throws where there is none to read with. */
export async function scan(): Promise<string | null> {
  const Known = (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
  if (!Known) throw new Error("no_detector");
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  const dialog = document.createElement("dialog");
  const video = document.createElement("video");
  dialog.className = "nf-camera";
  video.playsInline = true;
  video.muted = true;
  video.srcObject = stream;
  dialog.append(video);
  dialog.addEventListener("click", () => dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  try {
    await video.play();
    return await look(video, new Known({ formats: ["qr_code"] }), () => !dialog.open);
  } finally {
    for (const track of stream.getTracks()) track.stop();
    dialog.remove();
  }
}
