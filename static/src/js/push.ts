/**
 * Notices on this device: asks the browser for a subscription and sends it with the form of the page.
 * Without this script, or where a browser cannot, the page says so and everything else works.
 */
const form = document.querySelector<HTMLFormElement>("form[data-push-key]");
const field = form?.querySelector<HTMLInputElement>("input[name=subscription]");
const unable = document.querySelector<HTMLElement>("[data-push-unable]");
const refused = document.querySelector<HTMLElement>("[data-push-refused]");

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

async function subscription(key: string, worker: string): Promise<PushSubscription> {
  await navigator.serviceWorker.register(worker, { scope: "/" });
  const registration = await navigator.serviceWorker.ready;
  // One made for another key would be refused by the service: it goes first.
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
}

async function ask(): Promise<void> {
  if (!form || !field) return;
  try {
    if ((await Notification.requestPermission()) !== "granted") throw new Error("not allowed");
    const made = await subscription(form.dataset.pushKey ?? "", form.dataset.pushWorker ?? "");
    field.value = JSON.stringify(made.toJSON());
    form.submit();
  } catch {
    if (refused) refused.hidden = false;
  }
}

if (form && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
  form.hidden = false;
  if (unable) unable.hidden = true;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void ask();
  });
}

export {};
