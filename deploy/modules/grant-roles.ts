import type { Future, IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";
import { id } from "ethers/hash";
import {
  type CoinRole,
  coinPermissions,
  coinRoleId,
  coinRoleNames,
  type ManagedContract,
  permissions,
  type Role,
  roles,
} from "../roles.ts";
import type { Managed } from "./bridge-end.ts";

/** A coin, in its place among all coins. */
interface IssuedCoin {
  currency: string;
  contract: Managed;
}

type Table = Partial<Record<string, readonly string[]>>;

/**
 * Puts the table of roles in force, hands ADMIN to the parameter `admin` and leaves the deployer with nothing. Until
 * then the deployer, as ADMIN, can call every restricted function, which is how the links before this are made.
 */
export function grantRoles(
  m: IgnitionModuleBuilder,
  authority: Managed,
  contracts: Partial<Record<ManagedContract, Managed>>,
  coins: readonly IssuedCoin[],
  after: Future[],
): void {
  const granted: Future[] = [];
  const used = new Set<Role>();
  const permit = (name: string, target: Managed, table: Table, idOf: (role: string) => bigint) => {
    for (const [role, signatures = []] of Object.entries(table)) {
      const selectors = signatures.map((signature) => id(signature).slice(0, 10));
      const call = [target, selectors, idOf(role)];
      granted.push(m.call(authority, "setTargetFunctionRole", call, { id: `${name}_${role}`, after }));
    }
  };
  const grant = (name: string, role: bigint, delay: number | ReturnType<typeof m.getParameter<number>>) => {
    granted.push(m.call(authority, "labelRole", [role, name], { id: `label_${name}`, after }));
    const call = [role, m.getParameter<string>(name), delay];
    granted.push(m.call(authority, "grantRole", call, { id: `grant_${name}`, after }));
  };

  const consortium = (name: string, target: Managed, table: Table) => {
    for (const role of Object.keys(table)) used.add(role as Role);
    permit(name, target, table, (role) => roles[role as Role]);
  };
  for (const [name, target] of Object.entries(contracts) as [ManagedContract, Managed][]) {
    consortium(name, target, permissions[name]);
  }
  for (const [index, { currency, contract }] of coins.entries()) {
    consortium(`Stablecoin_${currency}`, contract, permissions.Stablecoin);
    permit(`Stablecoin_${currency}`, contract, coinPermissions, (role) => coinRoleId(role as CoinRole, index));
    for (const role of coinRoleNames) grant(`${role}_${currency}`, coinRoleId(role, index), 0);
  }
  // ADMIN waits as long as VALIDATOR_ADMIN, or it could give itself that role and not wait at all.
  const governanceDelay = m.getParameter<number>("governanceDelay");
  for (const role of used) grant(role, roles[role], role === "VALIDATOR_ADMIN" ? governanceDelay : 0);

  if (used.has("VALIDATOR_ADMIN") && used.has("GUARDIAN")) {
    granted.push(m.call(authority, "setRoleGuardian", [roles.VALIDATOR_ADMIN, roles.GUARDIAN], { after }));
  }

  const ADMIN = 0n;
  const handOver = m.call(authority, "grantRole", [ADMIN, m.getParameter<string>("admin"), governanceDelay], {
    id: "grant_ADMIN",
    after: granted,
  });
  m.call(authority, "renounceRole", [ADMIN, m.getAccount(0)], { id: "renounce_ADMIN", after: [handOver] });
}
