import { expect } from "chai";
import { Wallet } from "ethers";
import { assertDeployable } from "../../../deploy/assert-deployable.ts";
import localParameters from "../../../deploy/parameters/local.json" with { type: "json" };
import { type DeployParameters, deployParametersSchema } from "../../../deploy/parameters.ts";
import { coinRoleNames, roleNames } from "../../../deploy/roles.ts";
import { developmentWallet, LOCAL_CHAIN_IDS } from "../../../src/config/development.ts";

const local = deployParametersSchema.parse(localParameters);
const someone = () => Wallet.createRandom().address;
const deployer = developmentWallet("deployer").address;
const published = developmentWallet("stranger").address;

const TIMELY = { headers: "attested", trustingPeriod: 30 * 86_400, maxClockDrift: 60 } as const;

/** What a consortium might decide, with accounts that nobody else has. */
function consortium(changes: Partial<DeployParameters> = {}): DeployParameters {
  const chain = (chainId: number) => ({ ...TIMELY, chainId, validators: [someone(), someone()] });
  const own = Object.fromEntries(roleNames.map((role) => [role, someone()])) as DeployParameters["roles"];
  const coins = local.coins.map((coin) => ({ ...coin, roles: { ISSUER: someone(), RESERVE_ATTESTOR: someone() } }));
  return { ...local, trade: chain(1337), finance: chain(1338), admin: someone(), roles: own, coins, ...changes };
}

const deploying = (parameters: DeployParameters, chainIds = { trade: 1337, finance: 1338 }, by = someone()) => {
  const found = (chainId: number) => ({ chainId, deployer: by });
  return () => assertDeployable(parameters, { trade: found(chainIds.trade), finance: found(chainIds.finance) });
};

describe("assertDeployable", () => {
  it("takes published accounts on the local chains", () => {
    expect(deploying(local, LOCAL_CHAIN_IDS, deployer)).not.to.throw();
  });

  it("takes a consortium's own accounts on its chains", () => {
    expect(deploying(consortium())).not.to.throw();
  });

  it("refuses to go without a delay beyond the local chains", () => {
    expect(deploying(consortium({ governanceDelay: 0 }))).to.throw("governanceDelay is 0");
    expect(deploying({ ...local, governanceDelay: 0 }, LOCAL_CHAIN_IDS, deployer)).not.to.throw();
  });

  it("refuses a chain that the parameters are not for", () => {
    expect(deploying(local, { trade: 7101, finance: 1 })).to.throw("finance network is chain 1,");
    expect(deploying(consortium(), { trade: 1338, finance: 1337 })).to.throw("trade network is chain 1338,");
  });

  it("refuses a published account in any role beyond the local chains", () => {
    expect(deploying(consortium({ admin: published }))).to.throw(published);
    for (const role of roleNames) {
      const { roles } = consortium();
      expect(deploying(consortium({ roles: { ...roles, [role]: published } })), role).to.throw(published);
    }
    for (const role of coinRoleNames) {
      const coins = consortium().coins.map((coin) => ({ ...coin, roles: { ...coin.roles, [role]: published } }));
      expect(deploying(consortium({ coins })), role).to.throw(published);
    }
  });

  it("refuses a published account among the validators of either chain beyond the local ones", () => {
    const validators = [someone(), published.toLowerCase()];
    expect(deploying(consortium({ trade: { ...TIMELY, chainId: 1337, validators } }))).to.throw(
      "public development mnemonic",
    );
    expect(deploying(consortium({ finance: { ...TIMELY, chainId: 1338, validators } }))).to.throw(
      "public development mnemonic",
    );
  });

  it("refuses to believe headers for long, or clocks far apart, beyond the local chains", () => {
    const { trade } = consortium();
    for (const [changes, text] of [
      [{ trustingPeriod: 90 * 86_400 + 1 }, "trade.trustingPeriod is 7776001 s"],
      [{ maxClockDrift: 301 }, "trade.maxClockDrift is 301 s"],
    ] as const) {
      expect(deploying(consortium({ trade: { ...trade, ...changes } }))).to.throw(text);
    }
    const atMost = { trustingPeriod: 90 * 86_400, maxClockDrift: 300 };
    expect(deploying(consortium({ trade: { ...trade, ...atMost } }))).not.to.throw();
  });

  it("refuses the deployer as admin, whatever the case of its letters", () => {
    const admin = someone();
    expect(deploying(consortium({ admin: admin.toLowerCase() }), undefined, admin)).to.throw("cannot be the admin");
  });
});
