// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ITradeBook} from "../../../../contracts/trade/sales/ITradeBook.sol";
import {ProvenDocument} from "../../../../contracts/trade/documents/ProvenDocument.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {TradeMessages} from "../../../../contracts/trade/sales/TradeMessages.sol";
import {vm} from "../../../support/Test.sol";
import {TradeWorld} from "../../../support/TradeWorld.sol";

/// @notice {TradeBook-expire}, {TradeBook-cancel}, {TradeBook-dispute} and {TradeBook-resolve}.
contract TradeBookEndingTest is TradeWorld {
    TradeId internal tradeId;

    function setUp() public override {
        super.setUp();
        tradeId = _agree(_terms());
    }

    // -------------------------------------------------------------------------------------------------- expire

    function testFuzz_expire_afterExpiry_succeeds(uint40 time, bool bySeller) public {
        vm.warp(bound(time, EXPIRY + 1, type(uint40).max));
        vm.expectEmit(address(tradeBook));
        emit ITradeBook.TradeExpired(tradeId);
        _expire(bySeller ? seller : buyer);
        _assertEnded(ITradeBook.State.Expired);
    }

    function testFuzz_expire_beforeExpiry_reverts(uint40 time) public {
        vm.warp(bound(time, NOW, EXPIRY));
        _expectNotExpired(EXPIRY);
        _expire(seller);
    }

    function test_expire_atExpiry_reverts() public {
        vm.warp(EXPIRY);
        _expectNotExpired(EXPIRY);
        _expire(buyer);
    }

    function test_expire_somethingReached_saysWhat() public {
        _anchor(broker, EXPORT_DECLARATION, tradeId);
        _anchor(seller, INVOICE, tradeId);
        vm.warp(EXPIRY + 1);
        _expire(buyer);
        assertEq(gateway.message(2).payload, TradeMessages.terminated(tradeId, 2));
        gateway.deliverAll();
        assertEq(gateway.delivered(), 3);
    }

    function test_expire_twice_reverts() public {
        vm.warp(EXPIRY + 1);
        _expire(buyer);
        _expectWrongState(tradeId, ITradeBook.State.Expired);
        _expire(seller);
    }

    function test_expire_completed_reverts() public {
        _complete();
        vm.warp(EXPIRY + 1);
        _expectWrongState(tradeId, ITradeBook.State.Completed);
        _expire(buyer);
    }

    function test_expire_byThirdParty_reverts() public {
        vm.warp(EXPIRY + 1);
        _expectNotParty(broker);
        _expire(broker);
    }

    function test_expire_stranger_reverts() public {
        vm.warp(EXPIRY + 1);
        _expectNotActive(stranger);
        _expire(stranger);
    }

    function test_expire_suspendedParty_reverts() public {
        vm.warp(EXPIRY + 1);
        _suspend(buyer);
        _expectNotActive(buyer);
        _expire(buyer);
        _expire(seller);
        _assertEnded(ITradeBook.State.Expired);
    }

    // -------------------------------------------------------------------------------------------------- cancel

    function test_cancel_byBoth_succeeds() public {
        vm.expectEmit(address(tradeBook));
        emit ITradeBook.CancellationRequested(tradeId, seller);
        _cancel(seller);
        _assertState(tradeId, ITradeBook.State.Agreed);
        assertEq(gateway.sent(), 1);
        vm.expectEmit(address(tradeBook));
        emit ITradeBook.TradeCancelled(tradeId);
        _cancel(buyer);
        _assertEnded(ITradeBook.State.Cancelled);
    }

    function test_cancel_twiceByOne_reverts() public {
        _cancel(buyer);
        vm.expectRevert(
            abi.encodeWithSelector(ITradeBook.TradeBook_CancellationAlreadyRequested.selector, tradeId, buyer)
        );
        _cancel(buyer);
        _assertState(tradeId, ITradeBook.State.Agreed);
    }

    function test_cancel_completed_reverts() public {
        _cancel(buyer);
        _complete();
        _expectWrongState(tradeId, ITradeBook.State.Completed);
        _cancel(seller);
    }

    function test_cancel_byThirdParty_reverts() public {
        _cancel(buyer);
        _expectNotParty(carrier);
        _cancel(carrier);
    }

    function test_cancel_stranger_reverts() public {
        _expectNotActive(stranger);
        _cancel(stranger);
    }

    function test_cancel_suspendedParty_reverts() public {
        _cancel(buyer);
        _suspend(seller);
        _expectNotActive(seller);
        _cancel(seller);
    }

    // ------------------------------------------------------------------------------------------------- dispute

    function test_dispute_byEither_succeeds() public {
        vm.expectEmit(address(tradeBook));
        emit ITradeBook.TradeDisputed(tradeId, seller);
        _dispute(seller);
        _assertState(tradeId, ITradeBook.State.Disputed);
        _resolve(true);
        _dispute(buyer);
        _assertState(tradeId, ITradeBook.State.Disputed);
    }

    function test_dispute_holdsEverything() public {
        _dispute(buyer);
        _anchor(carrier, BILL_OF_LADING, tradeId);
        _assertMilestone(tradeId, 0, ITradeBook.MilestoneState.Pending);
        vm.warp(EXPIRY + 1);
        _expectDisputed();
        _expire(seller);
        _expectDisputed();
        _cancel(seller);
        _expectDisputed();
        _dispute(seller);
        _expectDisputed();
        vm.prank(buyer);
        tradeBook.release(tradeId, 0);
        assertEq(gateway.sent(), 1);
    }

    function test_dispute_byThirdParty_reverts() public {
        _expectNotActive(arbiter);
        _dispute(arbiter);
        _expectNotParty(carrier);
        _dispute(carrier);
    }

    function test_dispute_stranger_reverts() public {
        _expectNotActive(stranger);
        _dispute(stranger);
    }

    function test_dispute_suspendedParty_reverts() public {
        _suspend(seller);
        _expectNotActive(seller);
        _dispute(seller);
    }

    function test_dispute_atExpiry_succeeds() public {
        vm.warp(EXPIRY);
        _dispute(seller);
        _assertState(tradeId, ITradeBook.State.Disputed);
    }

    /// @dev Else the seller keeps the buyer's refund waiting, again after every decision.
    function testFuzz_dispute_afterExpiry_reverts(uint40 time, bool bySeller) public {
        vm.warp(bound(time, EXPIRY + 1, type(uint40).max));
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_Expired.selector, tradeId, EXPIRY));
        _dispute(bySeller ? seller : buyer);
        _expire(buyer);
    }

    function test_dispute_completed_reverts() public {
        _complete();
        _expectWrongState(tradeId, ITradeBook.State.Completed);
        _dispute(buyer);
    }

    // ------------------------------------------------------------------------------------------------- resolve

    function testFuzz_resolve_proceed_putsExpiryOff(uint40 disputedAt, uint40 held) public {
        disputedAt = uint40(bound(disputedAt, NOW, EXPIRY));
        held = uint40(bound(held, 0, 3650 days));
        vm.warp(disputedAt);
        _dispute(buyer);
        vm.warp(uint256(disputedAt) + held);
        vm.expectEmit(address(tradeBook));
        emit ITradeBook.DisputeResolved(tradeId, true);
        _resolve(true);

        _assertState(tradeId, ITradeBook.State.Agreed);
        assertEq(tradeBook.statusOf(tradeId).expiry, EXPIRY + held);
        vm.warp(uint256(EXPIRY) + held);
        _expectNotExpired(EXPIRY + held);
        _expire(buyer);
        _anchor(carrier, BILL_OF_LADING, tradeId);
        _assertMilestone(tradeId, 0, ITradeBook.MilestoneState.Reached);
    }

    function test_resolve_proceed_releasesWhatIsReady() public {
        _dispute(buyer);
        ProvenDocument[] memory documents = new ProvenDocument[](1);
        documents[0] = _proven(_anchor(carrier, BILL_OF_LADING, tradeId), BILL_OF_LADING);
        vm.warp(EXPIRY + 90 days);
        vm.expectEmit(address(tradeBook));
        emit ITradeBook.MilestoneReached(tradeId, 0);
        _resolve(true);
        _assertMilestone(tradeId, 0, ITradeBook.MilestoneState.Reached);
        assertEq(gateway.message(1).payload, TradeMessages.milestoneReached(tradeId, 0, documents));
    }

    function test_resolve_proceed_forgetsTheRequestToCancel() public {
        _cancel(seller);
        _dispute(seller);
        _resolve(true);
        vm.expectEmit(address(tradeBook));
        emit ITradeBook.CancellationRequested(tradeId, buyer);
        _cancel(buyer);
        _assertState(tradeId, ITradeBook.State.Agreed);
        _cancel(seller);
        _assertEnded(ITradeBook.State.Cancelled);
    }

    function test_resolve_proceed_canComplete() public {
        _dispute(buyer);
        _complete();
        _resolve(true);
        _assertState(tradeId, ITradeBook.State.Completed);
    }

    function testFuzz_resolve_proceedAtEndOfTime_succeeds(uint40 expiry, uint40 held) public {
        ITradeBook.Terms memory terms = _terms();
        terms.expiry = uint40(bound(expiry, type(uint40).max - 10 days, type(uint40).max));
        TradeId endless = _agree(terms);
        vm.prank(buyer);
        tradeBook.dispute(endless);
        held = uint40(bound(held, 0, 100 days));
        vm.warp(uint256(NOW) + held);
        vm.prank(arbiter);
        tradeBook.resolve(endless, true);
        _assertState(endless, ITradeBook.State.Agreed);
        uint256 putOff = uint256(terms.expiry) + held;
        assertEq(tradeBook.statusOf(endless).expiry, putOff > type(uint40).max ? type(uint40).max : putOff);
    }

    function test_resolve_end_terminates() public {
        _dispute(seller);
        vm.expectEmit(address(tradeBook));
        emit ITradeBook.DisputeResolved(tradeId, false);
        vm.expectEmit(address(tradeBook));
        emit ITradeBook.TradeCancelled(tradeId);
        _resolve(false);
        _assertEnded(ITradeBook.State.Cancelled);
    }

    function test_resolve_undisputed_reverts() public {
        _expectWrongState(tradeId, ITradeBook.State.Agreed);
        _resolve(false);
    }

    function testFuzz_resolve_anybodyElse_reverts(address caller, bool proceed) public {
        vm.assume(caller != arbiter && caller != address(vm));
        _dispute(buyer);
        _expectUnauthorized(caller);
        vm.prank(caller);
        tradeBook.resolve(tradeId, proceed);
    }

    function test_resolve_party_reverts() public {
        _dispute(buyer);
        _expectUnauthorized(buyer);
        vm.prank(buyer);
        tradeBook.resolve(tradeId, false);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _expire(address by) private {
        vm.prank(by);
        tradeBook.expire(tradeId);
    }

    function _cancel(address by) private {
        vm.prank(by);
        tradeBook.cancel(tradeId);
    }

    function _dispute(address by) private {
        vm.prank(by);
        tradeBook.dispute(tradeId);
    }

    function _resolve(bool proceed) private {
        vm.prank(arbiter);
        tradeBook.resolve(tradeId, proceed);
    }

    function _complete() private {
        _anchor(carrier, BILL_OF_LADING, tradeId);
        _anchor(broker, EXPORT_DECLARATION, tradeId);
        _anchor(seller, INVOICE, tradeId);
    }

    function _assertEnded(ITradeBook.State state) private view {
        _assertState(tradeId, state);
        assertEq(gateway.sent(), 2);
        assertEq(gateway.message(1).payload, TradeMessages.terminated(tradeId, 0));
    }

    function _expectDisputed() private {
        _expectWrongState(tradeId, ITradeBook.State.Disputed);
    }

    function _expectNotExpired(uint40 expiry) private {
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_NotExpired.selector, tradeId, expiry));
    }

    function _expectNotParty(address caller) private {
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_NotParty.selector, tradeId, caller));
    }
}
