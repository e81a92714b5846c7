/** A guide of the pack, held against answers by the evaluator, in the words of one language. */
import {
  asJson, asQuestion, checklist, checkPapers, type Circumstances, type Guide, localise, parse, type Question, questions, readAnswers,
  UnableToReadGuide, type Verdict, versionOn,
} from "../guide";
import type { GuideBody } from "../pack/kinds";
import type { Language } from "../words";

export type Answers = { readonly [fact: string]: string };

/** One paper, as `asJson` gives it, in one language. */
export interface Paper {
  readonly id: string;
  readonly name: string;
  readonly form: string;
  readonly use: string;
  readonly count: number;
  readonly in_database: boolean;
  readonly how_to_get: string | null;
  readonly need: string;
  readonly requirement: string;
  readonly requirement_need: string;
  readonly title: string;
  readonly why: string | null;
  readonly choice: number;
  readonly choices: number;
}

interface Line {
  readonly channel: string | null;
  readonly valid_until: string | null;
  readonly note: string | null;
  readonly applies: string;
}

export interface Sheet {
  readonly on: string;
  readonly in_force: boolean;
  readonly documents: readonly Paper[];
  readonly fees: readonly (Line & { readonly amount: number | null; readonly per: string | null })[];
  readonly time_limits: readonly (Line & { readonly value: number | null; readonly unit: string })[];
  readonly channels: readonly (Line & { readonly kind: string; readonly where: string | null })[];
  readonly online: string;
  readonly ask: readonly string[];
  readonly questions: readonly string[];
  readonly steps: readonly string[];
  readonly warnings: readonly string[];
  readonly ask_officer: readonly string[];
  readonly sources: readonly { readonly title: string; readonly checked_on: string }[];
}

export interface OneQuestion {
  readonly id: string;
  readonly type: string;
  readonly text: string;
  readonly help: string | null;
  readonly options: readonly { readonly value: string; readonly text: string }[];
}

/** Papers that prove one thing: several ways where any one of them is enough. */
export interface Group {
  readonly id: string;
  readonly title: string;
  readonly why: string | null;
  readonly maybe: boolean;
  readonly ways: readonly (readonly Paper[])[];
}

export class Reading {
  private constructor(
    private readonly guide: Guide,
    private readonly circumstances: Circumstances,
    private readonly language: Language,
  ) {}

  /** Null when what the server sent is not shaped like a guide. */
  static open(body: GuideBody, circumstances: Circumstances, language: Language): Reading | null {
    try {
      return new Reading(parse(body.content), circumstances, language);
    } catch (error) {
      if (error instanceof UnableToReadGuide) return null;
      throw error;
    }
  }

  /** Only what this version understands. */
  understood(raw: Answers): Answers {
    return readAnswers(versionOn(this.guide, this.circumstances.on), raw).answers as Answers;
  }

  sheet(answers: Answers): Sheet {
    return localise(asJson(checklist(this.guide, answers, this.circumstances)), this.language) as Sheet;
  }

  /** What the server will find when these papers are in hand. */
  verdict(answers: Answers, have: readonly string[]): Verdict {
    return checkPapers(checklist(this.guide, answers, this.circumstances), new Set(have));
  }

  open(answers: Answers): readonly OneQuestion[] {
    return questions(this.guide, answers, this.circumstances).map((fact) => this.said(asQuestion(fact)));
  }

  private said(question: Question): OneQuestion {
    return localise(question, this.language) as unknown as OneQuestion;
  }

  /** Whether this is an answer to that question; null when it is none. */
  answer(question: OneQuestion, typed: string): string | null {
    const read = this.understood({ [question.id]: typed })[question.id];
    return read === undefined ? null : typed.trim();
  }
}

export function groups(papers: readonly Paper[]): readonly Group[] {
  const order = [...new Set(papers.map((paper) => paper.requirement))];
  return order.map((id) => {
    const mine = papers.filter((paper) => paper.requirement === id);
    const first = mine[0] as Paper;
    const numbers = [...new Set(mine.map((paper) => paper.choice))];
    return {
      id,
      title: first.title,
      why: first.why,
      maybe: first.requirement_need === "maybe",
      ways: numbers.map((number) => mine.filter((paper) => paper.choice === number)),
    };
  });
}
