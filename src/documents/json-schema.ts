import { z } from "zod";
import { documentKinds, type KindName } from "./kinds.ts";

/**
 * A kind's schema for others (JSON Schema, draft 2020-12). It says the form of every member; check digits, code lists and sums it
 * cannot say.
 */
export function jsonSchemaOf(kind: KindName): Record<string, unknown> {
  const { schema, title, type } = documentKinds[kind];
  const { $schema, ...rest } = z.toJSONSchema(schema, { target: "draft-2020-12" });
  return { $schema, $id: `urn:huangpu:schema:${kind}:1`, title, description: `UNTDID 1001 code ${type}`, ...rest };
}
