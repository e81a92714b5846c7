/** The kinds of what the server gives the phone to read, each with the shape of its body. */
export interface Named {
  readonly code: string;
  readonly name: string;
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

/** Of what the phone has not all: how much it has, and how much there is. */
export interface Cut {
  readonly here: number;
  readonly all: number;
}

export interface MeBody {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  readonly commune: Named;
  readonly province: Named;
  readonly communes: readonly Named[];
  readonly may: readonly string[];
  /** What people here came for most, of late: "procedure:<slug>" or "topic:<name>". */
  readonly top_needs?: readonly string[];
  readonly cut?: { readonly [N in "cases" | "communes" | "guides"]?: Cut };
}

export type ChoiceName =
  | "topic"
  | "outcome"
  | "alone"
  | "age_band"
  | "papers"
  | "language"
  | "case_state"
  | "consent_purpose"
  | "consent_method"
  | "visit_outcome"
  | "next_step";

export type ChoicesBody = { readonly [N in ChoiceName]: readonly Option[] };

export interface PointBody {
  readonly id: string;
  readonly commune: string;
  readonly name: string;
  readonly kind: string;
  readonly address: string;
  readonly hours: string;
}

export interface ConsentBody {
  readonly purpose: string;
  readonly texts: { readonly vi: string; readonly en: string; readonly th: string };
}

export interface GuideBody {
  readonly slug: string;
  readonly code: string;
  readonly name: string;
  readonly summary: string;
  readonly keywords: readonly string[];
  readonly life_event: string;
  readonly version: string;
  readonly mark: string;
  readonly content: unknown;
}

interface Timed {
  readonly id: string;
  readonly day: string;
  readonly starts_at: string;
  readonly ends_at: string;
  readonly commune: string;
  readonly state: string;
}

export interface ShiftBody extends Timed {
  readonly post: string;
  readonly post_id: string;
  readonly place: string;
  readonly role: string;
  readonly checked_in_at: string | null;
  readonly checked_out_at: string | null;
}

export interface VisitBody extends Timed {
  readonly version: number;
  readonly hamlet: string;
  readonly address: string;
  readonly notes: string;
  readonly need: string | null;
  readonly case: string | null;
  readonly companions: readonly string[];
}

export interface ClassBody extends Timed {
  readonly version: number;
  readonly title: string;
  readonly place: string;
  readonly expected: number;
  readonly count: number;
}

export interface CaseBody {
  readonly id: string;
  readonly code: string;
  readonly need: string;
  readonly state: string;
  readonly moves: readonly string[];
  readonly due_on: string | null;
  readonly commune: string;
  readonly name: string;
  readonly phone: string;
  readonly opened_at: string;
  readonly notes: readonly { readonly at: string; readonly by: string; readonly text: string }[];
  readonly version: string | null;
  /** By which the token of the tracking card is known again: 32 digits of its SHA-256; empty, when there is no card. */
  readonly card?: string;
}

export interface ConflictField {
  readonly name: string;
  readonly label: string;
  readonly base: unknown;
  readonly theirs: unknown;
  readonly mine: unknown;
}

export interface ConflictBody {
  readonly id: string;
  /** The command that waits for this decision: it lies in the drawer. */
  readonly command?: string;
  readonly about: string;
  readonly title: string;
  readonly reason: string;
  readonly fields: readonly ConflictField[];
  /** Of what stands on the server: it goes back with the decision. */
  readonly mark?: string;
  /** "open", "decided", or "forgotten": the person's time is over, or they asked for it. */
  readonly state: string;
  /** Once decided: whose side was kept, "server" or "phone". */
  readonly keep?: string;
  readonly raised_at: string;
}

export interface PackBodies {
  me: MeBody;
  choices: ChoicesBody;
  point: PointBody;
  consent: ConsentBody;
  guide: GuideBody;
  shift: ShiftBody;
  visit: VisitBody;
  class: ClassBody;
  case: CaseBody;
  conflict: ConflictBody;
}

export type PackKind = keyof PackBodies;
