/** English. Glossary: docs/glossary.md. */
import type { Words } from "..";
import { help } from "./help";
import { phone } from "./phone";
import { work } from "./work";

export const words: Words = { ...phone, ...help, ...work };
