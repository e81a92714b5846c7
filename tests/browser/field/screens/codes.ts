/** What the app makes of texts given as a JSON list: one object each. */
import { readFileSync } from "node:fs";
import { nameFault, readPhone } from "../../../../field/src/core/citizens";
import { readCode, shortCode, shown } from "../../../../field/src/scan/codes";
import { parseIdCard } from "../../../../field/src/scan/idcard";

const given = JSON.parse(readFileSync(0, "utf8")) as string[];
const found = given.map((text) => ({ code: readCode(text), short: shortCode(text), shown: shown(text), card: parseIdCard(text), phone: readPhone(text), name: nameFault(text) }));
console.log(JSON.stringify(found));
