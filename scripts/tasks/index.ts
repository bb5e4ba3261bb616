import { overrideTask, task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";

/** Tasks for daily use: `npx hardhat <task> --help`. */
export const tasks = [
  task("deploy", "Deploys both chains and links them; run again, it goes on or changes nothing")
    .addOption({
      name: "parameters",
      description: "What the consortium decided",
      defaultValue: "deploy/parameters/local.json",
    })
    .addOption({ name: "trade", description: "Network of the trade chain", defaultValue: "trade" })
    .addOption({ name: "finance", description: "Network of the finance chain", defaultValue: "finance" })
    .setAction(() => import("./deploy.ts"))
    .build(),
  task("anchor", "Registers the hash of a JSON document for a trade")
    .addPositionalArgument({ name: "file", description: "The document" })
    .addPositionalArgument({ name: "trade", description: "Trade id, 32 bytes in hexadecimal" })
    .addOption({ name: "type", description: "Document type, UNTDID 1001", type: ArgumentType.INT, defaultValue: 380 })
    .addOption({ name: "as", description: "Account that issues it", defaultValue: "seller" })
    .setAction(() => import("./anchor.ts"))
    .build(),
  task("document", "Shows a document's status on the trade chain and what its trade is paid on the finance chain")
    .addPositionalArgument({ name: "document", description: "A JSON file or a hash" })
    .setAction(() => import("./document.ts"))
    .build(),
  task("trade", "Shows a trade on both chains")
    .addPositionalArgument({ name: "id", description: "Trade id, 32 bytes in hexadecimal" })
    .setAction(() => import("./trade.ts"))
    .build(),
  task("verify-file", "Says whether a document is active, superseded, revoked or unknown; exit code 0 only if active")
    .addPositionalArgument({ name: "file", description: "The document" })
    .setAction(() => import("./verify-file.ts"))
    .build(),
  overrideTask("console")
    .setAction(() => import("./console.ts"))
    .build(),
];
