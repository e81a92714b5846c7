/**
 * For the working pages: parts of a page are fetched instead of the whole (htmx).
 * Strict: nothing is evaluated, no style is injected, nothing but our own server is asked.
 */
import htmx from "htmx.org";

htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0; // pages may show personal data: keep none of them in the browser's storage

// Without an answer the link or form still has to work: say so instead of staying silent.
document.addEventListener("htmx:sendError", () => {
  const note = document.getElementById("connection-note");
  if (note) note.hidden = false;
});
document.addEventListener("htmx:afterRequest", (event) => {
  const note = document.getElementById("connection-note");
  if (note && event instanceof CustomEvent && event.detail.successful) note.hidden = true;
});
