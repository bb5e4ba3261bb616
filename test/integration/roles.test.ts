import { expect } from "chai";
import { type FunctionFragment, id, type ParamType } from "ethers";
import localParameters from "../../deploy/parameters/local.json" with { type: "json" };
import { permissions, type Role, roleNames, roles } from "../../deploy/roles.ts";
import { loadAbi } from "../../src/chains/abis.ts";
import { developmentAccounts, developmentWallet } from "../../src/config/development.ts";
import { accessManagerAbi, contractAt } from "../support/world/bridge.ts";
import type { Side } from "../support/world/stage.ts";
import { START_TIMEOUT, startWorld, type World } from "../support/world/world.ts";

const ADMIN = 0n;
const accounts = developmentAccounts.map((name) => ({ name, address: developmentWallet(name).address }));
const stranger = developmentWallet("stranger").address;

/** Every contract that is deployed, where, and what of it anybody may send a transaction to, because it checks for itself. */
const surface = {
  Participants: { path: "access/Participants", key: "participants", sides: ["trade", "finance"], open: [] },
  Gateway: {
    path: "bridge/Gateway",
    key: "gateway",
    sides: ["trade", "finance"],
    open: ["deliver", "deliverProven", "proveEarlierHead", "proveHead", "retry", "sendMessage"],
  },
  AttestedHeaders: { path: "bridge/AttestedHeaders", key: "headers", sides: ["trade", "finance"], open: [] },
  LightClient: {
    path: "bridge/LightClient",
    key: "lightClient",
    sides: ["trade", "finance"],
    open: ["reportEquivocation", "update"],
  },
  DocumentRegistry: {
    path: "trade/DocumentRegistry",
    key: "documentRegistry",
    sides: ["trade"],
    open: ["anchor", "revoke", "supersede"],
  },
  TradeBook: {
    path: "trade/TradeBook",
    key: "tradeBook",
    sides: ["trade"],
    open: [
      "accept",
      "acceptWithSignature",
      "cancel",
      "dispute",
      "documentAnchored",
      "expire",
      "propose",
      "receiveMessage",
      "release",
      "withdraw",
    ],
  },
  Settlement: {
    path: "finance/payments/Settlement",
    key: "settlement",
    sides: ["finance"],
    open: ["claim", "fund", "fundWithPermit", "receiveMessage"],
  },
  Stablecoin: {
    path: "finance/coin/Stablecoin",
    key: "stablecoin",
    sides: ["finance"],
    open: ["approve", "permit", "transfer", "transferFrom"],
  },
} as const;

type Name = keyof typeof surface;

const names = Object.keys(surface) as Name[];
const table = (name: Name) =>
  Object.entries((permissions as Partial<Record<Name, Partial<Record<Role, readonly string[]>>>>)[name] ?? {}) as [
    Role,
    readonly string[],
  ][];
describe("who may do what", () => {
  let world: World;

  before(async function () {
    this.timeout(START_TIMEOUT);
    world = await startWorld();
  });

  after(async () => await world?.stop());

  const addressOf = (side: Side, key: string) =>
    (world.deployment[side] as unknown as Record<string, string>)[key] ?? "";
  const authority = (side: Side) =>
    contractAt(world, side, world.deployment[side].authority, accessManagerAbi, "stranger");

  it("names every deployed contract here", () => {
    for (const side of ["trade", "finance"] as const) {
      const listed = names
        .filter((name) => (surface[name].sides as readonly Side[]).includes(side))
        .map((name) => surface[name].key);
      expect(Object.keys(world.deployment[side])).to.have.members(["chainId", "authority", ...listed]);
    }
  });

  for (const name of names) {
    const { path, key, sides, open } = surface[name];
    const abi = loadAbi(path);
    const restricted = table(name).flatMap(([role, signatures]) =>
      signatures.map((signature) => ({ role, signature })),
    );

    it(`leaves no function of ${name} that is neither in the table nor open on purpose`, () => {
      const changing = abi.fragments.filter(
        (fragment): fragment is FunctionFragment =>
          fragment.type === "function" && !(fragment as FunctionFragment).constant,
      );
      const others = changing.filter(
        (fragment) => !restricted.some(({ signature }) => signature === fragment.format()),
      );
      expect(
        others
          .map((fragment) => fragment.name)
          .filter((other) => other !== "setAuthority")
          .sort(),
      ).to.deep.equal([...open]);
      for (const { signature } of restricted)
        expect(changing.map((fragment) => fragment.format())).to.include(signature);
    });

    for (const side of sides) {
      for (const { role, signature } of restricted) {
        it(`lets only ${role} call ${name}.${signature} on the ${side} chain`, async () => {
          const fragment = abi.getFunction(signature);
          if (fragment === null) throw new Error(`${name} has no ${signature}`);
          const target = addressOf(side, key);
          const selector = id(signature).slice(0, 10);
          expect(await authority(side).getFunction("getTargetFunctionRole")(target, selector)).to.equal(roles[role]);

          const data = abi.encodeFunctionData(fragment, fragment.inputs.map(sample));
          for (const { name: account, address: from } of accounts) {
            if (from === localParameters.roles[role]) continue;
            expect(await refusalOf(side, { from, to: target, data }), `${account} calling ${signature}`).to.deep.equal([
              "AccessManagedUnauthorized",
              from,
            ]);
          }
        });
      }

      it(`lets nobody replace the authority of ${name} on the ${side} chain`, async () => {
        if (abi.getFunction("setAuthority") === null) {
          expect(name).to.equal("LightClient");
          return;
        }
        const data = abi.encodeFunctionData("setAuthority", [stranger]);
        for (const { address: from } of accounts) {
          const [error] = await refusalOf(side, { from, to: addressOf(side, key), data });
          expect(error).to.equal("AccessManagedUnauthorized");
        }
      });
    }
  }

  for (const side of ["trade", "finance"] as const) {
    it(`gives each role on the ${side} chain to its holder alone, and none to the deployer`, async () => {
      const manager = authority(side);
      const inUse = new Set(
        names
          .filter((name) => (surface[name].sides as readonly Side[]).includes(side))
          .flatMap((name) => table(name).map(([role]) => role)),
      );
      for (const role of roleNames) {
        for (const { name: account, address } of accounts) {
          const [isMember, delay] = await manager.getFunction("hasRole")(roles[role], address);
          expect(isMember, `${account} as ${role}`).to.equal(
            inUse.has(role) && address === localParameters.roles[role],
          );
          if (isMember)
            expect(delay).to.equal(role === "VALIDATOR_ADMIN" ? BigInt(localParameters.governanceDelay) : 0n);
        }
      }
      for (const { name: account, address } of accounts) {
        const [isAdmin, delay] = await manager.getFunction("hasRole")(ADMIN, address);
        expect(isAdmin, `${account} as ADMIN`).to.equal(address === localParameters.admin);
        if (isAdmin) expect(delay).to.equal(BigInt(localParameters.governanceDelay));
      }
    });

    it(`lets no stranger grant, label, schedule or execute on the ${side} chain`, async () => {
      const target = addressOf(side, "headers");
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
    const errors = [accessManagerAbi, ...names.map((name) => loadAbi(surface[name].path))];
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
function sample({ baseType, type, arrayChildren }: ParamType): unknown {
  if (baseType === "array") return arrayChildren === null ? [] : [sample(arrayChildren)];
  if (type === "address") return stranger;
  if (type === "bool") return true;
  if (type.startsWith("bytes")) return `0x${"41".repeat(Number(type.slice(5)))}`;
  return 1n;
}
