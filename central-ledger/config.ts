import { readFileSync } from "node:fs";
import { z } from "zod";
import { parseAmount } from "../src/core/amount.ts";
import { HuangpuError } from "../src/core/errors.ts";
import { currency, externalCode, lei, line, MAX_CENTS, uetr } from "../src/iso20022/rules.ts";

const opening = z
  .string()
  .regex(/^(?:0|[1-9]\d{0,15})(?:\.\d{1,2})?$/, "use digits with up to two decimals")
  .transform((digits) => parseAmount(digits, 2));

const bookSchema = z
  .strictObject({
    /** The ledger's own identity, in the messages that it sends and takes. */
    ledger: lei,
    /** Who may instruct. */
    instructing: z.array(lei).min(1),
    accounts: z.array(z.strictObject({ lei, currency, opening })).min(1).max(10_000),
  })
  .refine(({ accounts }) => new Set(accounts.map(accountKey)).size === accounts.length, "an account is listed twice")
  .refine(
    ({ accounts }) => accounts.reduce((sum, each) => sum + each.opening, 0n) <= MAX_CENTS,
    "the opening balances together are more than one amount can have",
  );

/** The accounts that a ledger begins with. */
export type AccountBook = z.infer<typeof bookSchema>;

/** An account: whose, and in which currency. */
export interface AccountKey {
  lei: string;
  currency: string;
}

const behavioursSchema = z.strictObject({
  /** Payments to refuse: all of an account, one by its reference, or with neither all of them. */
  rejections: z
    .array(
      z.strictObject({
        account: lei.optional(),
        uetr: uetr.optional(),
        code: externalCode.default("AM04"),
        text: line(105).optional(),
      }),
    )
    .max(100)
    .default([]),
  /** Milliseconds between the answer (ACSP) and the booking; 0 books before it answers (ACSC). */
  delayMs: z.int().min(0).max(3_600_000).default(0),
  /** How often each notification is told. */
  copies: z.int().min(1).max(5).default(1),
  /** Milliseconds after which each booking is reversed. */
  reverseAfterMs: z.int().min(0).max(3_600_000).optional(),
  /** Kill the process when a payment comes in: before it is written down, or after that and before the answer. */
  crash: z.enum(["before-booking", "before-answer"]).optional(),
});

/** How the ledger misbehaves. With none of them it books what it can and answers at once. */
export type Behaviours = z.infer<typeof behavioursSchema>;

export const REGULAR: Behaviours = parseBehaviours({});

/** @throws CONFIG_INVALID */
export function parseBehaviours(value: unknown): Behaviours {
  return checked(behavioursSchema, value, "behaviours");
}

/** @throws CONFIG_INVALID */
export function parseAccountBook(value: unknown): AccountBook {
  return checked(bookSchema, value, "accounts");
}

/** A file of JSON. @throws CONFIG_INVALID */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new HuangpuError("CONFIG_INVALID", `Cannot read ${file} as JSON`, { cause, fields: { file } });
  }
}

export function accountKey({ lei: owner, currency: code }: AccountKey): string {
  return `${owner}-${code}`;
}

function checked<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new HuangpuError("CONFIG_INVALID", `The ${what} are not valid:\n${z.prettifyError(result.error)}`);
}
