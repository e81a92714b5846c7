/** Where it happened: the service points of the commune, then each commune as a whole. */
import type { Choice } from "./parts";
import type { App, Session } from "./screen";

export async function placeChoices(app: App, session: Session): Promise<Choice[]> {
  const communes = (await session.library.me())?.communes ?? [];
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
