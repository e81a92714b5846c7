/** Small drawings in one colour, never the only carrier of a meaning: hidden from those who listen. */
import { svg, type SVGTemplateResult } from "lit-html";

const PATHS = {
  back: "M15 4 7 12l8 8",
  next: "m9 4 8 8-8 8",
  check: "m4 12.5 5.5 5.5L20 6.5",
  warn: "M12 3 2 20.5h20L12 3Zm0 6.5v5.5m0 2.6v.4",
  person: "M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-8 9c.6-4.4 3.6-6.6 8-6.6s7.4 2.2 8 6.6",
  paper: "M6 2.5h8.5L19 7v14.5H6v-19ZM9 10.5h7m-7 4h7m-7 4h4",
  home: "m3 11.5 9-8 9 8M5.5 10v10.5h13V10M10 20.5v-6h4v6",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 4v5.3l3.6 2.2",
  school: "M2 8.5 12 4l10 4.5L12 13 2 8.5Zm4 2v6c3.7 3 8.3 3 12 0v-6M21 9v6",
  follow: "M4 4.5h16v12h-9l-4.5 4v-4H4v-12Zm4 4.5h8m-8 3.5h5",
  phone: "M6 2.5h4l1.8 5-2.5 1.8a12 12 0 0 0 5.4 5.4l1.8-2.5 5 1.8v4c0 1-.8 2-2 2A16.5 16.5 0 0 1 4 4.5c0-1.2 1-2 2-2Z",
  send: "M4 12.5 20 4l-4.5 16-4-6-7.5-1.5ZM11.5 14 20 4",
  lock: "M5.5 10.5h13v10h-13v-10Zm3 0V7a3.5 3.5 0 0 1 7 0v3.5M12 14.5v2.5",
  scan: "M3 8V3.5h5M16 3.5h5V8m0 8v4.5h-5M8 20.5H3V16m3-4h12",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Zm5 11.5L21 21",
  plus: "M12 4v16M4 12h16",
  undo: "M8 4 3.5 8.5 8 13M4 8.5h10a5.5 5.5 0 0 1 0 11H8",
  info: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm0 8v5.5m0-9v.4",
  cross: "m5.5 5.5 13 13m0-13-13 13",
  delete: "M8.5 5H21v14H8.5L2.5 12l6-7Zm4 4.5 5 5m0-5-5 5",
  light: "M9 14.5h6V11l2.5-4V3h-11v4L9 11v3.5Zm0 0V21h6v-6.5M6.5 7h11",
  shield: "M12 2.5 4 5.5V12c0 5 3.4 8 8 9.5 4.6-1.5 8-4.5 8-9.5V5.5l-8-3ZM8.5 12l2.5 2.5 4.5-5",
} as const;

export type IconName = keyof typeof PATHS;

export function icon(name: IconName): SVGTemplateResult {
  return svg`<svg class="nf-icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false"><path d=${PATHS[name]}></path></svg>`;
}

/** The bridge: the product's own mark. */
export const mark = svg`<svg class="nf-mark" viewBox="0 0 48 48" width="32" height="32" aria-hidden="true" focusable="false"><circle cx="24" cy="10" r="6.5"></circle><path d="M1.5 25.5C15 18.5 33 18.5 46.5 25.5V31.5L42 29.5V42H36.5C36.5 33.5 31 29 24 29S11.5 33.5 11.5 42H6V29.5L1.5 31.5Z"></path></svg>`;
