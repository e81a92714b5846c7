/** Vietnamese: the language the app begins in. Glossary: docs/glossary.md. */
import { help } from "./help";
import { phone } from "./phone";
import { work } from "./work";

export const words = { ...phone, ...help, ...work };
