// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Lei} from "../../access/IParticipants.sol";

/// @notice A document with an amount, as the trade chain proves it to the finance chain.
/// @param documentType UNTDID 1001 code.
/// @param currency ISO 4217.
/// @param amount In millionths of the currency unit.
/// @param debtor Who owes by it (importer), `creditor` whom (exporter).
struct ProvenDocument {
    bytes32 documentHash;
    uint16 documentType;
    bytes3 currency;
    uint96 amount;
    Lei debtor;
    Lei creditor;
}
