import type { InstitutionCreditTransfer, Reason } from "../src/iso20022/messages/documents.ts";
import type { Books } from "./books.ts";
import type { AccountBook, Behaviours } from "./config.ts";
import type { Instructed } from "./documents.ts";
import type { Instructions } from "./instructions.ts";

/** Why a message is refused before it is looked into: it is from or for somebody else. Undefined when it is not. */
export function strangerOf({ from, to }: Instructed, { ledger, instructing }: AccountBook): Reason | undefined {
  if (to.lei !== ledger) return because("RC01", "This ledger is not the receiver");
  if (from.lei === undefined || !instructing.includes(from.lei)) return because("AG01", "The sender may not instruct");
  return undefined;
}

/** Why a payment is refused whatever is on the accounts; undefined when it is not. Codes of ISO 20022's external code set. */
export function refusalOf(
  document: InstitutionCreditTransfer,
  { rejections }: Behaviours,
  books: Books,
  instructions: Instructions,
): Reason | undefined {
  const { amount, debtor, debtorAccount, creditor, creditorAccount } = document;
  const { currency } = amount;
  if (instructions.hasMessageId(document.id)) return because("DU01", "The message id was used before");
  if (document.instructionId !== undefined && instructions.hasInstructionId(document.instructionId)) {
    return because("DU05", "The instruction id was used before");
  }
  if (!books.hasCurrency(currency)) return because("AM03", `No accounts in ${currency}`);
  for (const [party, account] of [
    [debtor, debtorAccount],
    [creditor, creditorAccount],
  ] as const) {
    if (account?.currency !== undefined && account.currency !== currency) {
      return because("AM03", `The account ${account.id} is in ${account.currency}`);
    }
    if (account === undefined || account.id !== party.lei || !books.has({ lei: account.id, currency })) {
      return because("AC01", `No account ${account?.id ?? "was given"} of this party in ${currency}`);
    }
  }
  if (debtorAccount?.id === creditorAccount?.id) return because("AC01", "Debtor and creditor are the same account");
  const rule = rejections.find(
    ({ account, uetr }) =>
      (account === undefined || account === debtorAccount?.id || account === creditorAccount?.id) &&
      (uetr === undefined || uetr === document.uetr),
  );
  return rule === undefined ? undefined : because(rule.code, rule.text ?? "Refused by the operator");
}

export function because(code: string, text: string): Reason {
  return { code, text: [text] };
}
