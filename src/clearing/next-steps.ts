import type { JournalledInstruction } from "./clearing-journal.ts";
import { isInternal } from "./instruction.ts";

/** What is to be done with an instruction. All but `send` are said on the chain. */
export type Step =
  | { type: "instruct"; of: JournalledInstruction }
  | { type: "send"; of: JournalledInstruction }
  | { type: "confirm"; of: JournalledInstruction }
  | { type: "reject"; of: JournalledInstruction; reason: string };

/**
 * What may be done now, given what the chain says of every position and what the central ledger has answered. An instruction is
 * marked on the chain before it is sent, so that whatever was never marked was never sent. Pay-outs of a currency wait until all its
 * pay-ins are cleared or rejected on the chain: the settlement account never pays what it has not received.
 */
export function nextSteps(instructions: readonly JournalledInstruction[]): Step[] {
  const waiting = new Set(instructions.filter(awaitedPayIn).map(pot));
  return instructions.flatMap((of): Step[] => {
    if (of.state === "Netted") {
      return of.instruction.flow === "payIn" || !waiting.has(pot(of)) ? [{ type: "instruct", of }] : [];
    }
    if (of.state !== "Instructed") return [];
    if (isInternal(of.instruction) || isBooked(of)) return [{ type: "confirm", of }];
    if (of.rejected !== undefined) return [{ type: "reject", of, reason: of.rejected }];
    return of.handedAt === undefined ? [{ type: "send", of }] : [];
  });
}

/** Whether the central ledger has booked both ends. */
export function isBooked({ booked }: JournalledInstruction): boolean {
  return booked.includes("debtor") && booked.includes("creditor");
}

function awaitedPayIn({ instruction, state }: JournalledInstruction): boolean {
  return instruction.flow === "payIn" && (state === "Netted" || state === "Instructed");
}

function pot({ instruction }: JournalledInstruction): string {
  return `${instruction.cycle} ${instruction.currency}`;
}
