import { overrideTask, task } from "hardhat/config";

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
  task("trade", "Shows a trade on both chains")
    .addPositionalArgument({ name: "trade", description: "Trade id, or hash or wrapped file of one of its documents" })
    .setAction(() => import("./trade.ts"))
    .build(),
  overrideTask("console")
    .setAction(() => import("./console.ts"))
    .build(),
];
