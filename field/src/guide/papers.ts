/**
 * Which papers of a list somebody has in hand: ready, missing, or still to ask.
 *
 * Twin of guides/papers.py, as far as the verdict on the whole.
 */
import type { Checklist, Need } from "./checklist";

// From the best to the worst: the whole is as good as its worst part.
const ORDER = ["ready", "ask", "missing"] as const;
export type Verdict = (typeof ORDER)[number];

function verdictOn({ situation }: Checklist, need: Need, have: ReadonlySet<string>): Verdict {
  const ways = situation.possibleSets(need.requirement);
  const complete = ways.filter(([evidence]) => evidence.items.every((item) => have.has(item.id)));
  if (complete.some(([, open]) => open === true)) return "ready";
  return complete.length || !ways.length || need.need === "maybe" ? "ask" : "missing";
}

/** The verdict for these ids of items; ids that the list does not know say nothing. */
export function checkPapers(list: Checklist, have: ReadonlySet<string>): Verdict {
  const found = new Set(list.needs.map((need) => verdictOn(list, need, have)));
  return [...ORDER].reverse().find((verdict) => found.has(verdict)) ?? "ready";
}
