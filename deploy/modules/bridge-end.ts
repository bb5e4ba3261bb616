import type {
  Future,
  IgnitionModuleBuilder,
  NamedArtifactContractDeploymentFuture,
} from "@nomicfoundation/ignition-core";
import type { HeaderKind } from "../parameters.ts";
import type { ManagedContract } from "../roles.ts";

/** The contract that verifies the other chain's headers, by the way in which that chain seals them. */
export const headerVerifiers = {
  attested: "AttestedHeaders",
  qbft: "QbftHeaders",
} as const satisfies Record<HeaderKind, ManagedContract>;

/** A contract of a module, whatever it is called. */
export type Managed = NamedArtifactContractDeploymentFuture<string>;

/** What both chains have alike: the authority, the participants, and this chain's end of the bridge. */
export function bridgeEnd(m: IgnitionModuleBuilder, kind: HeaderKind) {
  const remoteChainId = m.getParameter<number>("remoteChainId");
  const trustingPeriod = m.getParameter<number>("trustingPeriod");
  const authority = m.contract("AccessManager", [m.getAccount(0)]);
  const participants = m.contract("Participants", [authority]);
  const gateway = m.contract("Gateway", [authority, remoteChainId, m.getParameter<number>("messageGasLimit")]);
  const validators = m.getParameter<string[]>("remoteValidators");
  const headers = m.contract(headerVerifiers[kind], [
    authority,
    remoteChainId,
    validators,
    ...(kind === "qbft" ? [trustingPeriod] : []),
  ]);
  const lightClient = m.contract("LightClient", [headers, trustingPeriod, m.getParameter<number>("maxClockDrift")]);
  return { remoteChainId, authority, participants, gateway, headers, lightClient };
}

/** Lets products act on a ledger. */
export function admitProducts(m: IgnitionModuleBuilder, ledger: Managed, products: Record<string, Managed>): Future[] {
  return Object.entries(products).map(([name, product]) =>
    m.call(ledger, "setProduct", [product, true], { id: `${ledger.contractName}_for_${name}` }),
  );
}
