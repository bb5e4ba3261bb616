// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ITradeBook} from "../../../../contracts/trade/sales/ITradeBook.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {vm} from "../../../support/Test.sol";
import {TradeWorld} from "../../../support/TradeWorld.sol";

/// @notice {TradeBook-propose} and {TradeBook-withdraw}.
contract TradeBookProposeTest is TradeWorld {
    function test_propose_byParticipant_succeeds() public {
        ITradeBook.Terms memory terms = _terms();
        TradeId expected = tradeBook.tradeIdOf(seller, terms);
        vm.expectEmit(address(tradeBook));
        emit ITradeBook.TradeProposed(expected, seller, buyer, terms);
        TradeId tradeId = _propose(terms);

        assertEq(TradeId.unwrap(tradeId), TradeId.unwrap(expected));
        (address storedSeller, ITradeBook.Terms memory storedTerms) = tradeBook.termsOf(tradeId);
        assertEq(storedSeller, seller);
        assertEq(abi.encode(storedTerms), abi.encode(terms));
        ITradeBook.TradeStatus memory status = tradeBook.statusOf(tradeId);
        _assertState(tradeId, ITradeBook.State.Proposed);
        assertEq(status.expiry, EXPIRY);
        assertEq(status.milestones.length, 2);
        assertFalse(status.funded);
        assertEq(gateway.sent(), 0);
    }

    function testFuzz_tradeIdOf_commitsToEverything(uint128 amount, uint40 expiry, bytes32 purchaseReference) public {
        ITradeBook.Terms memory terms = _terms();
        bytes32 original = TradeId.unwrap(tradeBook.tradeIdOf(seller, terms));
        vm.assume(amount != terms.amount && expiry != terms.expiry && purchaseReference != terms.purchaseReference);

        assertNotEq(TradeId.unwrap(tradeBook.tradeIdOf(buyer, terms)), original);
        terms.amount = amount;
        assertNotEq(TradeId.unwrap(tradeBook.tradeIdOf(seller, terms)), original);
        terms = _terms();
        terms.expiry = expiry;
        assertNotEq(TradeId.unwrap(tradeBook.tradeIdOf(seller, terms)), original);
        terms = _terms();
        terms.purchaseReference = purchaseReference;
        assertNotEq(TradeId.unwrap(tradeBook.tradeIdOf(seller, terms)), original);
        terms = _terms();
        terms.milestones[1].requirements[0].issuer = carrier;
        assertNotEq(TradeId.unwrap(tradeBook.tradeIdOf(seller, terms)), original);
        vm.chainId(TRADE_CHAIN);
        assertNotEq(TradeId.unwrap(tradeBook.tradeIdOf(seller, _terms())), original);
    }

    function test_propose_sameTermsTwice_reverts() public {
        TradeId tradeId = _propose(_terms());
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_AlreadyProposed.selector, tradeId));
        _propose(_terms());
    }

    function test_propose_sameTermsAfterWithdrawal_reverts() public {
        TradeId tradeId = _propose(_terms());
        _withdraw(seller, tradeId);
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_AlreadyProposed.selector, tradeId));
        _propose(_terms());
    }

    function test_propose_sameTermsByAnother_isAnotherTrade() public {
        TradeId tradeId = _propose(_terms());
        vm.prank(broker);
        TradeId other = tradeBook.propose(_terms());
        assertNotEq(TradeId.unwrap(other), TradeId.unwrap(tradeId));
    }

    function testFuzz_propose_stranger_reverts(address caller) public {
        vm.assume(!participants.isActive(caller) && caller != address(vm));
        _expectNotActive(caller);
        vm.prank(caller);
        tradeBook.propose(_terms());
    }

    function test_propose_suspendedSeller_reverts() public {
        _suspend(seller);
        _expectNotActive(seller);
        _propose(_terms());
    }

    function test_propose_suspendedBuyer_reverts() public {
        _suspend(buyer);
        _expectNotActive(buyer);
        _propose(_terms());
    }

    function test_propose_unknownBuyer_reverts() public {
        ITradeBook.Terms memory terms = _terms();
        terms.buyer = stranger;
        _expectNotActive(stranger);
        _propose(terms);
    }

    // ------------------------------------------------------------------------------------------------ withdraw

    function test_withdraw_proposed_succeeds() public {
        TradeId tradeId = _propose(_terms());
        vm.expectEmit(address(tradeBook));
        emit ITradeBook.TradeWithdrawn(tradeId);
        _withdraw(seller, tradeId);
        _assertState(tradeId, ITradeBook.State.Withdrawn);
        assertEq(gateway.sent(), 0);
    }

    function test_withdraw_byBuyer_reverts() public {
        TradeId tradeId = _propose(_terms());
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_NotSeller.selector, tradeId, buyer));
        _withdraw(buyer, tradeId);
    }

    function test_withdraw_stranger_reverts() public {
        TradeId tradeId = _propose(_terms());
        _expectNotActive(stranger);
        _withdraw(stranger, tradeId);
    }

    function test_withdraw_suspendedSeller_reverts() public {
        TradeId tradeId = _propose(_terms());
        _suspend(seller);
        _expectNotActive(seller);
        _withdraw(seller, tradeId);
    }

    function test_withdraw_unknownTrade_reverts() public {
        TradeId unknown = TradeId.wrap("nothing");
        _expectWrongState(unknown, ITradeBook.State.Unknown);
        _withdraw(seller, unknown);
    }

    function test_withdraw_agreed_reverts() public {
        TradeId tradeId = _agree(_terms());
        _expectWrongState(tradeId, ITradeBook.State.Agreed);
        _withdraw(seller, tradeId);
    }

    function test_withdraw_twice_reverts() public {
        TradeId tradeId = _propose(_terms());
        _withdraw(seller, tradeId);
        _expectWrongState(tradeId, ITradeBook.State.Withdrawn);
        _withdraw(seller, tradeId);
    }

    function _withdraw(address by, TradeId tradeId) private {
        vm.prank(by);
        tradeBook.withdraw(tradeId);
    }
}
