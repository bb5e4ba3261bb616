import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import { z } from "zod";
import { deploy } from "../../deploy/deploy.ts";
import { deployParametersSchema } from "../../deploy/parameters.ts";
import { LOCAL_DIRECTORY } from "../local/state.ts";
import { plainly } from "./plainly.ts";

interface Arguments {
  parameters: string;
  trade: string;
  finance: string;
}

export default plainly(
  async ({ parameters, trade, finance }: Arguments, hre: HardhatRuntimeEnvironment): Promise<void> => {
    const parsed = deployParametersSchema.safeParse(JSON.parse(readFileSync(parameters, "utf8")));
    if (!parsed.success) throw new Error(`${parameters} is not valid:\n${z.prettifyError(parsed.error)}`);

    const target = async (network: string) => ({ connection: await hre.network.create(network) });
    const deployment = await deploy({ trade: await target(trade), finance: await target(finance) }, parsed.data);

    const file = join(LOCAL_DIRECTORY, `deployment-${deployment.trade.chainId}-${deployment.finance.chainId}.json`);
    mkdirSync(LOCAL_DIRECTORY, { recursive: true });
    writeFileSync(file, `${JSON.stringify(deployment, null, 2)}\n`);
    console.log(JSON.stringify(deployment, null, 2));
    console.log(`Written to ${file}`);
  },
);
