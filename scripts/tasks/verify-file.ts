import { readFileSync } from "node:fs";
import { documentHash } from "../../src/core/document-hash.ts";
import { onBothChains } from "./local.ts";
import { plainly } from "./plainly.ts";
import { documentStatus } from "./status.ts";

export default plainly(async ({ file }: { file: string }): Promise<void> => {
  const hash = documentHash(readFileSync(file, "utf8"));
  await onBothChains(async (chains) => {
    const { state, lines } = await documentStatus(chains, hash);
    console.log(lines.join("\n"));
    process.exitCode = state === "active" ? 0 : 1;
  });
});
