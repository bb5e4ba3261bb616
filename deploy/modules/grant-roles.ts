import type { CallableContractFuture, Future, IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";
import { id } from "ethers/hash";
import { type ManagedContract, permissions, type Role, roles } from "../roles.ts";

type Contract = CallableContractFuture<string>;

/**
 * Puts the table of roles in force, hands ADMIN to the parameter `admin` and leaves the deployer with nothing. Until
 * then the deployer, as ADMIN, can call every restricted function, which is how the links before this are made.
 */
export function grantRoles(
  m: IgnitionModuleBuilder,
  authority: Contract,
  contracts: Partial<Record<ManagedContract, Contract>>,
  after: Future[],
): void {
  const granted: Future[] = [];
  const used = new Set<Role>();

  for (const [contract, target] of Object.entries(contracts) as [ManagedContract, Contract][]) {
    for (const [role, signatures] of Object.entries(permissions[contract]) as [Role, readonly string[]][]) {
      used.add(role);
      const selectors = signatures.map((signature) => id(signature).slice(0, 10));
      granted.push(
        m.call(authority, "setTargetFunctionRole", [target, selectors, roles[role]], {
          id: `${contract}_${role}`,
          after,
        }),
      );
    }
  }
  // ADMIN waits as long as VALIDATOR_ADMIN, or it could give itself that role and not wait at all.
  const governanceDelay = m.getParameter<number>("governanceDelay");
  for (const role of used) {
    const delay = role === "VALIDATOR_ADMIN" ? governanceDelay : 0;
    granted.push(m.call(authority, "labelRole", [roles[role], role], { id: `label_${role}`, after }));
    granted.push(
      m.call(authority, "grantRole", [roles[role], m.getParameter<string>(role), delay], {
        id: `grant_${role}`,
        after,
      }),
    );
  }

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
