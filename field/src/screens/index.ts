/** The screens of an open store, by the first word of their route; fetched together while the PIN is typed. */
import type { OpenScreen } from "../frame/screen";
import { open as openCase } from "./case";
import { open as openCaseOpen } from "./case_open";
import { open as openCases } from "./cases";
import { open as openChecklist } from "./checklist";
import { open as openClass } from "./class";
import { open as openDrawer } from "./drawer";
import { open as openGuides } from "./guides";
import { open as openIdCard } from "./id_card";
import { open as openPin } from "./pin";
import { open as openScan } from "./scan";
import { open as openSession } from "./session";
import { open as openShift } from "./shift";
import { open as openStatus } from "./status";
import { open as openToday } from "./today";
import { open as openVisit } from "./visit";

const SCREENS: Readonly<Record<string, OpenScreen>> = {
  session: openSession,
  guides: openGuides,
  checklist: openChecklist,
  cases: openCases,
  case: openCase,
  "case-open": openCaseOpen,
  visit: openVisit,
  shift: openShift,
  class: openClass,
  drawer: openDrawer,
  status: openStatus,
  pin: openPin,
  scan: openScan,
  "id-card": openIdCard,
};

/** The screen of that name; today's, where there is none. */
export function screenFor(name: string): OpenScreen {
  return Object.prototype.hasOwnProperty.call(SCREENS, name) ? (SCREENS[name] as OpenScreen) : openToday;
}
