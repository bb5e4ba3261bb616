/** What a command has to say: as data, and as it reads on a terminal. */
export interface Shown {
  data: unknown;
  text: string;
  /** It is not as it should be: exit code 1. */
  fails?: boolean;
}
