import { expect } from "chai";
import { type FunctionFragment, id, type ParamType } from "ethers";
import { contractsOn } from "../../deploy/deployment.ts";
import localParameters from "../../deploy/parameters/local.json" with { type: "json" };
import { roles } from "../../deploy/roles.ts";
import { loadAbi } from "../../src/chains/abis.ts";
import { developmentAccounts, developmentWallet } from "../../src/config/development.ts";
import { accessManagerAbi, contractAt } from "../support/world/bridge.ts";
import type { Side } from "../support/world/stage.ts";
import { everyRole, type Subject, subjects } from "../support/world/subjects.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

const ADMIN = 0n;
const errors = [accessManagerAbi, loadAbi("access/Participants")];
const accounts = developmentAccounts.map((name) => ({ name, address: developmentWallet(name).address }));
const stranger = developmentWallet("stranger").address;

describe("who may do what", () => {
  let world: World;

  before(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld();
  });

  after(async () => await world?.stop());

  const addressOf = ({ name, side }: Subject) =>
    contractsOn(world.deployment, side).find((contract) => contract.name === name)?.address ?? "";
  const authority = (side: Side) =>
    contractAt(world, side, world.deployment[side].authority, accessManagerAbi, "stranger");

  it("names every deployed contract here", () => {
    for (const side of ["trade", "finance"] as const) {
      const listed = subjects.filter((subject) => subject.side === side).map(({ name }) => name);
      const deployed = contractsOn(world.deployment, side).map(({ name }) => name);
      expect(deployed).to.have.members(["authority", ...listed]);
    }
  });

  for (const subject of subjects) {
    const { name, path, side, open, restricted } = subject;
    const abi = loadAbi(path);

    it(`leaves no function of ${name} on the ${side} chain that is neither in the table nor open on purpose`, () => {
      const changing = abi.fragments.filter(
        (fragment): fragment is FunctionFragment =>
          fragment.type === "function" && !(fragment as FunctionFragment).constant,
      );
      const others = changing.filter(
        (fragment) => !restricted.some(({ signature }) => signature === fragment.format()),
      );
      expect(
        new Set(others.map((fragment) => fragment.name).filter((other) => other !== "setAuthority")),
      ).to.deep.equal(new Set(open));
      for (const { signature } of restricted)
        expect(changing.map((fragment) => fragment.format())).to.include(signature);
    });

    for (const { role, roleId, holder, signature } of restricted) {
      it(`lets only ${role} call ${signature} of ${name} on the ${side} chain`, async () => {
        const fragment = abi.getFunction(signature);
        if (fragment === null) throw new Error(`${name} has no ${signature}`);
        const to = addressOf(subject);
        const selector = id(signature).slice(0, 10);
        expect(await authority(side).getFunction("getTargetFunctionRole")(to, selector)).to.equal(roleId);

        const data = abi.encodeFunctionData(fragment, fragment.inputs.map(sample));
        const others = accounts.filter(({ address }) => address !== holder);
        const refused = others.map(async ({ name: account, address: from }) => {
          const error = await refusalOf(side, { from, to, data });
          expect(error, `${account} calling ${signature}`).to.deep.equal(["AccessManagedUnauthorized", from]);
        });
        await Promise.all(refused);
      });
    }

    it(`lets nobody replace the authority of ${name} on the ${side} chain`, async () => {
      if (abi.getFunction("setAuthority") === null) {
        expect(name).to.equal("lightClient");
        return;
      }
      const data = abi.encodeFunctionData("setAuthority", [stranger]);
      for (const { address: from } of accounts) {
        const [error] = await refusalOf(side, { from, to: addressOf(subject), data });
        expect(error).to.equal("AccessManagedUnauthorized");
      }
    });
  }

  for (const side of ["trade", "finance"] as const) {
    it(`gives each role on the ${side} chain to its holder alone, and none to the deployer`, async () => {
      const here = subjects.filter((subject) => subject.side === side).flatMap(({ restricted }) => restricted);
      const inUse = new Set(here.map(({ roleId }) => roleId));
      for (const { role, roleId, holder } of everyRole()) {
        const checks = accounts.map(async ({ name: account, address }) => {
          const [isMember, delay] = await authority(side).getFunction("hasRole")(roleId, address);
          expect(isMember, `${account} as ${role}`).to.equal(inUse.has(roleId) && address === holder);
          if (isMember)
            expect(delay).to.equal(role === "VALIDATOR_ADMIN" ? BigInt(localParameters.governanceDelay) : 0n);
        });
        await Promise.all(checks);
      }
      for (const { name: account, address } of accounts) {
        const [isAdmin, delay] = await authority(side).getFunction("hasRole")(ADMIN, address);
        expect(isAdmin, `${account} as ADMIN`).to.equal(address === localParameters.admin);
        if (isAdmin) expect(delay).to.equal(BigInt(localParameters.governanceDelay));
      }
    });

    it(`lets no stranger grant, label, schedule or execute on the ${side} chain`, async () => {
      const target = world.deployment[side].headers;
      const data = loadAbi("bridge/AttestedHeaders").encodeFunctionData("setValidators", [[stranger]]);
      const calls = [
        accessManagerAbi.encodeFunctionData("grantRole", [roles.OPERATOR, stranger, 0]),
        accessManagerAbi.encodeFunctionData("labelRole", [roles.OPERATOR, "mine"]),
        accessManagerAbi.encodeFunctionData("setTargetFunctionRole", [target, [data.slice(0, 10)], roles.OPERATOR]),
        accessManagerAbi.encodeFunctionData("setTargetClosed", [target, true]),
        accessManagerAbi.encodeFunctionData("updateAuthority", [target, stranger]),
        accessManagerAbi.encodeFunctionData("schedule", [target, data, 0]),
        accessManagerAbi.encodeFunctionData("execute", [target, data]),
      ];
      for (const call of calls) {
        const [error] = await refusalOf(side, { from: stranger, to: world.deployment[side].authority, data: call });
        expect(error).to.match(/^AccessManagerUnauthorized/);
      }
    });
  }

  /** Name and arguments of the error that a call ends with. */
  async function refusalOf(side: Side, call: { from: string; to: string; data: string }): Promise<unknown[]> {
    try {
      await world[side].provider.call(call);
    } catch (caught) {
      const data = (caught as { data?: string }).data ?? "0x";
      const error = errors.map((abi) => abi.parseError(data)).find((parsed) => parsed !== null);
      return error === undefined || error === null ? [String(caught)] : [error.name, ...error.args];
    }
    return ["nothing"];
  }
});

/** Some value of a type, only to get past decoding. */
function sample({ baseType, type, arrayChildren, arrayLength, components }: ParamType): unknown {
  if (baseType === "array") {
    const length = arrayLength === null || arrayLength < 0 ? 1 : arrayLength;
    return arrayChildren === null ? [] : Array.from({ length }, () => sample(arrayChildren));
  }
  if (baseType === "tuple") return components?.map(sample) ?? [];
  if (type === "address") return stranger;
  if (type === "bool") return true;
  if (type.startsWith("bytes")) return `0x${"41".repeat(Number(type.slice(5)))}`;
  return 1n;
}
