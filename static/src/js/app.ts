/**
 * Small comforts on every page. Nothing here is needed: each page works without it.
 * Does: no double sending, focus on the error summary, printing, reading aloud.
 */
import { Button } from "govuk-frontend/dist/govuk/components/button/button.mjs";
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { offerReading } from "./speak";

const COMPONENTS = { button: Button, "error-summary": ErrorSummary };

function enliven(scope: ParentNode): void {
  for (const [name, Component] of Object.entries(COMPONENTS)) {
    for (const element of scope.querySelectorAll(`[data-module="govuk-${name}"]:not([data-govuk-${name}-init])`)) {
      try {
        new Component(element);
      } catch {
        // A phone too old for the component keeps the plain page.
      }
    }
  }
  for (const button of scope.querySelectorAll<HTMLElement>("[data-print]")) {
    button.hidden = false;
    button.onclick = () => window.print();
    const explanation = button.nextElementSibling;
    if (explanation instanceof HTMLElement) explanation.hidden = true;
  }
}

document.body.classList.add("js-enabled", "govuk-frontend-supported");
enliven(document);
offerReading();
document.addEventListener("htmx:load", (event) => {
  if (event.target instanceof Element) enliven(event.target);
});
