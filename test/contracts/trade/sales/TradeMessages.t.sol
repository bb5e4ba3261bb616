// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ProvenDocument} from "../../../../contracts/trade/documents/ProvenDocument.sol";
import {TitleCondition} from "../../../../contracts/trade/sales/TitleCondition.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {EscrowTerms, TitleTerms, TradeMessages} from "../../../../contracts/trade/sales/TradeMessages.sol";
import {Test} from "../../../support/Test.sol";

contract TradeMessagesTest is Test {
    function testFuzz_agreed_roundTrip_succeeds(TradeId tradeId, EscrowTerms calldata terms) public view {
        bytes memory payload = TradeMessages.agreed(tradeId, terms);
        _assertHeader(payload, 1, tradeId);
        assertEq(abi.encode(this.readAgreed(payload)), abi.encode(terms));
        assertEq(payload, abi.encode(uint8(1), tradeId, terms));
    }

    function testFuzz_agreedOnTitles_roundTrip_succeeds(
        TradeId tradeId,
        EscrowTerms calldata terms,
        TitleTerms calldata titles
    ) public view {
        bytes memory payload = TradeMessages.agreedOnTitles(tradeId, terms, titles);
        _assertHeader(payload, 7, tradeId);
        (EscrowTerms memory readTerms, TitleTerms memory readTitles) = this.readAgreedOnTitles(payload);
        assertEq(abi.encode(readTerms, readTitles), abi.encode(terms, titles));
        assertEq(payload, abi.encode(uint8(7), tradeId, terms, titles));
    }

    /// @dev The longest one still fits into a message.
    function test_agreedOnTitles_eightTitles_isShortEnough() public pure {
        EscrowTerms memory terms;
        terms.shares = new uint16[](8);
        TitleTerms memory titles = TitleTerms(0, 0, new TitleCondition[](8));
        assertLt(TradeMessages.agreedOnTitles(TradeId.wrap(0), terms, titles).length, 1 << 14);
    }

    function testFuzz_disputed_roundTrip_succeeds(TradeId tradeId, uint32 turn) public view {
        bytes memory payload = TradeMessages.disputed(tradeId, turn);
        _assertHeader(payload, 8, tradeId);
        assertEq(this.readDisputed(payload), turn);
    }

    function testFuzz_resumed_roundTrip_succeeds(TradeId tradeId, uint32 turn, uint40 expiry) public view {
        bytes memory payload = TradeMessages.resumed(tradeId, turn, expiry);
        _assertHeader(payload, 9, tradeId);
        (uint32 readTurn, uint40 readExpiry) = this.readResumed(payload);
        assertEq(readTurn, turn);
        assertEq(readExpiry, expiry);
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

    function readAgreedOnTitles(bytes calldata payload) external pure returns (EscrowTerms memory, TitleTerms memory) {
        return TradeMessages.readAgreedOnTitles(payload);
    }

    function readDisputed(bytes calldata payload) external pure returns (uint32) {
        return TradeMessages.readDisputed(payload);
    }

    function readResumed(bytes calldata payload) external pure returns (uint32, uint40) {
        return TradeMessages.readResumed(payload);
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
