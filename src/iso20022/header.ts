import { z } from "zod";
import { type Codec, choice, mapped, maybe, one, sequence, skipped, text } from "./codec.ts";
import { type Agent, agent } from "./parts.ts";
import * as rules from "./rules.ts";

/** The business application header. */
export interface Header {
  from: Agent;
  to: Agent;
  id: string;
  definition: string;
  createdAt: string;
  possibleDuplicate?: true;
}

const definition = z.string().regex(/^[a-z]{4}\.\d{3}\.\d{3}\.\d{2}$/, "use a definition like pacs.009.001.08");

const institution: Codec<Agent> = mapped(
  choice({ FIId: maybe(agent) }),
  // `choice` has seen to it that it is there.
  ({ FIId }) => FIId ?? {},
  (value) => ({ FIId: value }),
);

const elements = sequence({
  CharSet: skipped,
  Fr: one(institution),
  To: one(institution),
  BizMsgIdr: one(text(rules.id35)),
  MsgDefIdr: one(text(definition)),
  BizSvc: skipped,
  MktPrctc: skipped,
  CreDt: one(text(rules.timestamp)),
  BizPrcgDt: skipped,
  PssblDplct: maybe(text(z.enum(["true", "false"], "use true or false"))),
  Prty: skipped,
});

/** head.001.001.02. A copy or a duplicate that says so (`CpyDplct`) is refused: it is not the message itself. */
export const header: Codec<Header> = mapped(
  elements,
  ({ Fr, To, BizMsgIdr, MsgDefIdr, CreDt, PssblDplct }) => ({
    from: Fr,
    to: To,
    id: BizMsgIdr,
    definition: MsgDefIdr,
    createdAt: CreDt,
    ...(PssblDplct === "true" ? { possibleDuplicate: true } : {}),
  }),
  (value) => ({
    Fr: value.from,
    To: value.to,
    BizMsgIdr: value.id,
    MsgDefIdr: value.definition,
    CreDt: value.createdAt,
    PssblDplct: value.possibleDuplicate === undefined ? undefined : ("true" as const),
  }),
);
