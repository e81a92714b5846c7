/** What the open pack says, in the chosen language: choices with their words, the guides, the places of work. */
import type { ChoiceName, ChoicesBody, GuideBody, MeBody, Option, PointBody } from "../pack/kinds";
import type { Pack } from "../pack/pack";
import type { Language } from "../words";

/** A guide as far as lists and searches need it. */
export type GuideEntry = Omit<GuideBody, "content">;

export interface Need {
  readonly value: string;
  readonly label: string;
}

const MOST_OFTEN = 8;

export class Library {
  private entries: Promise<readonly GuideEntry[]> | null = null;
  private lists: Promise<ChoicesBody | undefined> | null = null;
  readonly stop: () => void;

  constructor(
    readonly pack: Pack,
    readonly language: () => Language,
  ) {
    this.stop = pack.onChange(() => this.forget());
  }

  /** To be read anew: the pack or the language has changed. */
  forget(): void {
    this.entries = null;
    this.lists = null;
  }

  me(): Promise<MeBody | undefined> {
    return this.pack.get("me", "me");
  }

  async choices(name: ChoiceName): Promise<readonly Option[]> {
    this.lists ??= this.pack.get("choices", this.language());
    return (await this.lists)?.[name] ?? [];
  }

  async label(name: ChoiceName, value: string | null): Promise<string> {
    return (await this.choices(name)).find((option) => option.value === value)?.label ?? value ?? "";
  }

  /** All guides by name. */
  guides(): Promise<readonly GuideEntry[]> {
    this.entries ??= this.pack.list("guide").then((found) =>
      found.map(({ content: _, ...entry }) => entry).sort((a, b) => a.name.localeCompare(b.name, this.language())),
    );
    return this.entries;
  }

  async points(): Promise<readonly PointBody[]> {
    return [...(await this.pack.list("point"))].sort((a, b) => a.name.localeCompare(b.name, "vi"));
  }

  /** What people here came for most, or all procedures where nobody came yet; and the other topics. */
  async needs(): Promise<{ often: readonly Need[]; topics: readonly Need[] }> {
    const guides = (await this.guides()).map(({ slug, name }) => ({ value: `procedure:${slug}`, label: name }));
    const topics = (await this.choices("topic")).map(({ value, label }) => ({ value: `topic:${value}`, label }));
    const top = (await this.me())?.top_needs ?? [];
    const known = new Map<string, Need>([...guides, ...topics].map((need) => [need.value, need]));
    const here = top.map((value) => known.get(value)).filter((need) => need !== undefined);
    return {
      often: (here.length ? here : guides).slice(0, MOST_OFTEN),
      topics: topics.filter(({ value }) => !here.some((need) => need.value === value)),
    };
  }

  async needLabel(need: string | null): Promise<string> {
    const [kind, key] = (need ?? "").split(":");
    if (kind === "topic") return this.label("topic", key ?? "");
    return (await this.guides()).find((guide) => guide.slug === key)?.name ?? key ?? "";
  }
}
