// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {EvidenceMessages} from "../../../../contracts/trade/documents/EvidenceMessages.sol";
import {ProvenDocument} from "../../../../contracts/trade/documents/ProvenDocument.sol";
import {Test} from "../../../support/Test.sol";

contract EvidenceMessagesTest is Test {
    function testFuzz_evidence_roundTrip_succeeds(ProvenDocument[] calldata documents) public view {
        bytes memory payload = EvidenceMessages.evidence(documents);
        assertEq(this.kindOf(payload), 1);
        assertEq(abi.encode(this.readEvidence(payload)), abi.encode(documents));
        assertEq(payload, abi.encode(uint8(1), documents));
    }

    function testFuzz_withdrawn_roundTrip_succeeds(bytes32 documentHash) public view {
        bytes memory payload = EvidenceMessages.withdrawn(documentHash);
        assertEq(this.kindOf(payload), 2);
        assertEq(this.readWithdrawn(payload), documentHash);
        assertEq(payload, abi.encode(uint8(2), documentHash));
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function kindOf(bytes calldata payload) external pure returns (uint8) {
        return EvidenceMessages.kindOf(payload);
    }

    function readEvidence(bytes calldata payload) external pure returns (ProvenDocument[] memory) {
        return EvidenceMessages.readEvidence(payload);
    }

    function readWithdrawn(bytes calldata payload) external pure returns (bytes32) {
        return EvidenceMessages.readWithdrawn(payload);
    }
}
