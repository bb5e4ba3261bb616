// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ProvenDocument} from "../../../../contracts/trade/documents/ProvenDocument.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {EscrowTerms, TradeMessages} from "../../../../contracts/trade/sales/TradeMessages.sol";
import {Test} from "../../../support/Test.sol";

contract TradeMessagesTest is Test {
    function testFuzz_agreed_roundTrip_succeeds(TradeId tradeId, EscrowTerms calldata terms) public view {
        bytes memory payload = TradeMessages.agreed(tradeId, terms);
        _assertHeader(payload, 1, tradeId);
        assertEq(abi.encode(this.readAgreed(payload)), abi.encode(terms));
        assertEq(payload, abi.encode(uint8(1), tradeId, terms));
    }

    function testFuzz_milestoneReached_roundTrip_succeeds(
        TradeId tradeId,
        uint256 milestone,
        ProvenDocument[] calldata documents
    ) public view {
        bytes memory payload = TradeMessages.milestoneReached(tradeId, milestone, documents);
        _assertHeader(payload, 2, tradeId);
        (uint256 readMilestone, ProvenDocument[] memory readDocuments) = this.readMilestoneReached(payload);
        assertEq(readMilestone, milestone);
        assertEq(abi.encode(readDocuments), abi.encode(documents));
        assertEq(payload, abi.encode(uint8(2), tradeId, milestone, documents));
    }

    /// @dev The longest one still fits into a message.
    function test_milestoneReached_eightDocuments_isShortEnough() public pure {
        bytes memory payload = TradeMessages.milestoneReached(TradeId.wrap(0), 7, new ProvenDocument[](8));
        assertEq(payload.length, 160 + 8 * 192);
        assertLt(payload.length, 1 << 14);
    }

    function testFuzz_terminated_roundTrip_succeeds(TradeId tradeId, uint8 reached) public view {
        bytes memory payload = TradeMessages.terminated(tradeId, reached);
        _assertHeader(payload, 3, tradeId);
        assertEq(this.readTerminated(payload), reached);
    }

    function testFuzz_funded_roundTrip_succeeds(TradeId tradeId) public view {
        _assertHeader(TradeMessages.funded(tradeId), 4, tradeId);
    }

    function testFuzz_milestonePaid_roundTrip_succeeds(
        TradeId tradeId,
        uint256 milestone,
        uint256 amount,
        bool inSuspense
    ) public view {
        bytes memory payload = TradeMessages.milestonePaid(tradeId, milestone, amount, inSuspense);
        _assertHeader(payload, 5, tradeId);
        (uint256 readMilestone, uint256 readAmount, bool readInSuspense) = this.readMilestonePaid(payload);
        assertEq(readMilestone, milestone);
        assertEq(readAmount, amount);
        assertEq(readInSuspense, inSuspense);
    }

    function testFuzz_refunded_roundTrip_succeeds(TradeId tradeId, uint256 amount) public view {
        bytes memory payload = TradeMessages.refunded(tradeId, amount);
        _assertHeader(payload, 6, tradeId);
        assertEq(this.readRefunded(payload), amount);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function header(bytes calldata payload) external pure returns (uint8, TradeId) {
        return TradeMessages.header(payload);
    }

    function readAgreed(bytes calldata payload) external pure returns (EscrowTerms memory) {
        return TradeMessages.readAgreed(payload);
    }

    function readTerminated(bytes calldata payload) external pure returns (uint8) {
        return TradeMessages.readTerminated(payload);
    }

    function readMilestoneReached(bytes calldata payload) external pure returns (uint256, ProvenDocument[] memory) {
        return TradeMessages.readMilestoneReached(payload);
    }

    function readMilestonePaid(bytes calldata payload) external pure returns (uint256, uint256, bool) {
        return TradeMessages.readMilestonePaid(payload);
    }

    function readRefunded(bytes calldata payload) external pure returns (uint256) {
        return TradeMessages.readRefunded(payload);
    }

    function _assertHeader(bytes memory payload, uint8 kind, TradeId tradeId) private view {
        (uint8 readKind, TradeId readTradeId) = this.header(payload);
        assertEq(readKind, kind);
        assertEq(TradeId.unwrap(readTradeId), TradeId.unwrap(tradeId));
    }
}
