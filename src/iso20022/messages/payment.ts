import { z } from "zod";
import { type Codec, compact, mapped, maybe, one, sequence, several, skipped, text } from "../codec.ts";
import { code } from "../parts.ts";
import * as rules from "../rules.ts";
import type { Original, Reason } from "./documents.ts";

export const priority = z.enum(["URGT", "HIGH", "NORM"], "use URGT, HIGH or NORM");

interface PaymentIds {
  instructionId?: string;
  endToEndId: string;
  uetr?: string;
}

export const paymentId: Codec<PaymentIds> = mapped(
  sequence({
    InstrId: maybe(text(rules.id35)),
    EndToEndId: one(text(rules.id35)),
    TxId: skipped,
    UETR: maybe(text(rules.uetr)),
    ClrSysRef: skipped,
  }),
  ({ InstrId, EndToEndId, UETR }) => ({ ...compact({ instructionId: InstrId, uetr: UETR }), endToEndId: EndToEndId }),
  ({ instructionId, endToEndId, uetr }) => ({ InstrId: instructionId, EndToEndId: endToEndId, UETR: uetr }),
);

/** The parts by which a report or a return names its payment. */
export const originalParts = {
  OrgnlGrpInf: one(
    sequence({ OrgnlMsgId: one(text(rules.id35)), OrgnlMsgNmId: one(text(rules.id35)), OrgnlCreDtTm: skipped }),
  ),
  OrgnlInstrId: maybe(text(rules.id35)),
  OrgnlEndToEndId: maybe(text(rules.id35)),
  OrgnlTxId: skipped,
  OrgnlUETR: maybe(text(rules.uetr)),
} as const;

interface OriginalElements {
  OrgnlGrpInf: { OrgnlMsgId: string; OrgnlMsgNmId: string };
  OrgnlInstrId?: string | undefined;
  OrgnlEndToEndId?: string | undefined;
  OrgnlUETR?: string | undefined;
}

export function toOriginal({ OrgnlGrpInf, OrgnlInstrId, OrgnlEndToEndId, OrgnlUETR }: OriginalElements): Original {
  return {
    messageId: OrgnlGrpInf.OrgnlMsgId,
    definition: OrgnlGrpInf.OrgnlMsgNmId,
    ...compact({ instructionId: OrgnlInstrId, endToEndId: OrgnlEndToEndId, uetr: OrgnlUETR }),
  };
}

export function fromOriginal(original: Original): OriginalElements {
  return {
    OrgnlGrpInf: { OrgnlMsgId: original.messageId, OrgnlMsgNmId: original.definition },
    OrgnlInstrId: original.instructionId,
    OrgnlEndToEndId: original.endToEndId,
    OrgnlUETR: original.uetr,
  };
}

/** Why something was refused or paid back. */
export const reason: Codec<Reason> = mapped(
  sequence({ Orgtr: skipped, Rsn: maybe(code), AddtlInf: several(text(rules.line(105)), 10) }),
  ({ Rsn, AddtlInf }) => ({ ...compact({ code: Rsn?.Cd ?? Rsn?.Prtry }), text: AddtlInf }),
  ({ code: value, text: lines }) => ({ Rsn: value === undefined ? undefined : { Cd: value }, AddtlInf: lines }),
);
