/** The worker that keeps the app on the phone; a new version waits until a person takes it. */
const HOUR = 3600 * 1000;

/** `ready` is called when a new version waits; what it is given begins to use it. */
export function keepApp(ready: (use: () => void) => void): void {
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (!workers) return;
  let asked = false;
  workers.addEventListener("controllerchange", () => {
    // The first worker takes hold of a page that is fine as it is, and another tab's change must not end what is typed
    // in this one: only a change we asked for begins anew.
    if (asked) location.reload();
  });
  const offer = (worker: ServiceWorker): void =>
    ready(() => {
      // Taken in another tab meanwhile: no change will come to be told of, only this page is the old one still.
      if (worker.state !== "installed") return location.reload();
      asked = true;
      worker.postMessage("use-now");
    });
  workers.register("/field/sw.js", { scope: "/field/", updateViaCache: "none" }).then(
    (registration) => {
      registration.active?.postMessage("mend");
      watch(registration, offer);
    },
    () => undefined,
  );
}

function watch(registration: ServiceWorkerRegistration, offer: (worker: ServiceWorker) => void): void {
  if (registration.waiting && navigator.serviceWorker.controller) offer(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const worker = registration.installing;
    worker?.addEventListener("statechange", () => {
      if (worker.state === "installed" && navigator.serviceWorker.controller) offer(worker);
    });
  });
  const look = (): void => void registration.update().catch(() => undefined);
  setInterval(look, HOUR);
  document.addEventListener("visibilitychange", () => document.hidden || look());
}
