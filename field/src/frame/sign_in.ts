/** Where a person signs in: pages of the web site, not of the app; each comes back here. */
import { fetchSession } from "../sync/enrol";
import { Wire } from "../sync/wire";

export const SIGN_IN = "/account/login/?next=/field/";
/** The session of the browser still stands; what opens a store wants the password typed just now. */
export const SIGN_IN_AGAIN = "/account/reauthenticate/?next=/field/";
/** Somebody else's session stands: whoever is signed in is not asked at the page of sign-in. */
export const SIGN_IN_AS_ANOTHER = "/account/logout/?next=/account/login/%3Fnext%3D/field/";

/** The page for a member whose phone has to be signed in again; `member` undefined where nobody is known. */
export async function signInPage(member: string | undefined): Promise<string> {
  const session = await fetchSession(new Wire());
  if (session.kind !== "ok" || !session.value.signed_in) return SIGN_IN;
  const other = member !== undefined && session.value.member.id !== member;
  return other ? SIGN_IN_AS_ANOTHER : SIGN_IN_AGAIN;
}
