/** Where it happened: the service points of the commune, then each commune as a whole. */
import type { Named } from "../pack/kinds";
import type { Choice } from "./parts";
import type { App, Session } from "./screen";

export interface Places {
  readonly choices: readonly Choice[];
  /** Said when there are more communes than the phone has. */
  readonly notes: { readonly hint?: string };
}

export async function openPlaces(app: App, session: Session): Promise<Places> {
  const me = await session.library.me();
  const cut = me?.cut?.communes;
  return { choices: await placeChoices(app, session, me?.communes ?? []), notes: cut ? { hint: app.words.communesCut(cut.here, cut.all) } : {} };
}

async function placeChoices(app: App, session: Session, communes: readonly Named[]): Promise<Choice[]> {
  const names = new Map(communes.map((unit) => [unit.code, unit.name]));
  const points = await session.library.points();
  const several = communes.length > 1;
  return [
    ...points.map((point) => ({
      value: `${point.commune}:${point.id}`,
      label: several ? `${point.name} – ${names.get(point.commune) ?? ""}` : point.name,
    })),
    ...communes.map((unit) => ({ value: `${unit.code}:`, label: `${unit.name} – ${app.words.elsewhere}` })),
  ];
}
