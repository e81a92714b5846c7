/**
 * The centre's touch screen: asks after 45 s without a touch, begins anew after 60 s, and follows no link out.
 * Without this script the page itself begins anew after 60 s.
 */
const ASK_AFTER = 45_000;
const RESET_AFTER = 60_000;

const home = document.body.dataset.kioskHome ?? "/kiosk/";
const inside = new URL(home, location.href).pathname;
const dialog = document.getElementById("kiosk-asleep");
const seconds = document.getElementById("kiosk-seconds");
let touched = Date.now();

/** A touch beside the question must not close it: the finger would land on whatever lies beneath. */
function awake(): void {
  if (!(dialog instanceof HTMLDialogElement && dialog.open)) touched = Date.now();
}

function stay(): void {
  touched = Date.now();
  if (dialog instanceof HTMLDialogElement && dialog.open) dialog.close();
}

/** Replaces the page, so that "back" does not lead to what the last person answered. */
function reset(): void {
  location.replace(home);
}

function atStart(): boolean {
  return "kioskStart" in document.body.dataset && location.href === new URL(home, location.href).href;
}

function watch(): void {
  const idle = Date.now() - touched;
  if (idle >= RESET_AFTER) {
    if (atStart()) stay();
    else reset();
  } else if (idle >= ASK_AFTER && dialog instanceof HTMLDialogElement && !atStart()) {
    if (!dialog.open) dialog.showModal();
    if (seconds) seconds.textContent = String(Math.ceil((RESET_AFTER - idle) / 1000));
  }
}

/** Only addresses of the kiosk, and only in this window. */
function staysInside(address: string): boolean {
  const target = new URL(address, location.href);
  return target.origin === location.origin && target.pathname.startsWith(inside);
}

for (const event of ["pointerdown", "pointermove", "keydown", "wheel", "touchmove", "input"]) {
  addEventListener(event, awake, { passive: true });
}
addEventListener("scroll", awake, { passive: true, capture: true });
addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a") : null;
  if (link?.href && !staysInside(link.href)) event.preventDefault();
});
// The button, and also the dark around the question: a click on it counts as one on the dialog.
dialog?.addEventListener("click", stay);
dialog?.addEventListener("close", stay);
addEventListener("contextmenu", (event) => event.preventDefault());
addEventListener("dragstart", (event) => event.preventDefault());
// A page kept by the browser for "back" belongs to somebody who has gone.
addEventListener("pageshow", (event) => {
  if (event.persisted) reset();
});
if ("kioskStart" in document.body.dataset) {
  history.pushState(null, "", location.href);
  addEventListener("popstate", () => history.pushState(null, "", location.href));
}
setInterval(watch, 1_000);
