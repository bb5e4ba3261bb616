// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ProvenDocument} from "./ProvenDocument.sol";

/// @title What the trade chain says to the finance chain about documents
/// @notice Every payload is `abi.encode(uint8 kind, …)`, from the evidence notary to the evidence ledger: evidence (documents
/// with an amount that stand), withdrawn (a document that was revoked or superseded).
library EvidenceMessages {
    uint8 internal constant EVIDENCE = 1;
    uint8 internal constant WITHDRAWN = 2;

    /// @dev The payload begins with a kind that its recipient does not know.
    error EvidenceMessages_UnknownKind(uint8 kind);

    /// @notice The first word of every payload.
    function kindOf(bytes calldata payload) internal pure returns (uint8) {
        return abi.decode(payload, (uint8));
    }

    /// @param documents At most sixteen.
    function evidence(ProvenDocument[] memory documents) internal pure returns (bytes memory) {
        return abi.encode(EVIDENCE, documents);
    }

    function readEvidence(bytes calldata payload) internal pure returns (ProvenDocument[] memory documents) {
        (, documents) = abi.decode(payload, (uint8, ProvenDocument[]));
    }

    function withdrawn(bytes32 documentHash) internal pure returns (bytes memory) {
        return abi.encode(WITHDRAWN, documentHash);
    }

    function readWithdrawn(bytes calldata payload) internal pure returns (bytes32 documentHash) {
        (, documentHash) = abi.decode(payload, (uint8, bytes32));
    }
}
