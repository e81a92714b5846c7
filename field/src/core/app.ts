/** Which edition of the app this is: told to the server with every request, and to the person who asks. */
export const APP = "0.1.0";
