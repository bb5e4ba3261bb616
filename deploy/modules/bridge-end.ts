import type { IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";

/** What both chains have alike: the authority, the participants, and this chain's end of the bridge. */
export function bridgeEnd(m: IgnitionModuleBuilder) {
  const remoteChainId = m.getParameter<number>("remoteChainId");
  const authority = m.contract("AccessManager", [m.getAccount(0)]);
  const participants = m.contract("Participants", [authority]);
  const gateway = m.contract("Gateway", [authority, remoteChainId, m.getParameter<number>("messageGasLimit")]);
  const headers = m.contract("AttestedHeaders", [
    authority,
    remoteChainId,
    m.getParameter<string[]>("remoteValidators"),
  ]);
  const lightClient = m.contract("LightClient", [headers]);
  return { remoteChainId, authority, participants, gateway, headers, lightClient };
}
