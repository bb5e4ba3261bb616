// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

import {ISettlement} from "../../../../contracts/finance/payments/ISettlement.sol";
import {ISuspense} from "../../../../contracts/finance/payments/ISuspense.sol";
import {ICompliance} from "../../../../contracts/finance/coin/ICompliance.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {EscrowTerms, TradeMessages} from "../../../../contracts/trade/sales/TradeMessages.sol";
import {vm} from "../../../support/Test.sol";
import {TradeWorld} from "../../../support/TradeWorld.sol";

/// @notice Payments that the coin refuses, and {Settlement-claim}.
contract SettlementSuspenseTest is TradeWorld {
    TradeId internal constant TRADE = TradeId.wrap("a trade");
    uint256 internal constant HALF = AMOUNT / 2;

    function setUp() public override {
        super.setUp();
        _open(TRADE, AMOUNT, _shares(5_000, 5_000));
        _fund(TRADE, AMOUNT);
    }

    function test_reached_frozenSeller_waits() public moneyIsConserved {
        _freeze(dollar, seller);
        vm.expectEmit(address(settlement));
        emit ISuspense.HeldInSuspense(dollar, seller, HALF);
        vm.expectEmit(address(settlement));
        emit ISettlement.MilestonePaid(TRADE, 0, seller, HALF, true);
        _reach(TRADE, 0);
        assertEq(settlement.suspense(dollar, seller), HALF);
        assertEq(gateway.message(1).payload, TradeMessages.milestonePaid(TRADE, 0, HALF, true));
    }

    function test_reached_pausedCoin_waits() public moneyIsConserved {
        _pause(dollar);
        _reach(TRADE, 0);
        assertEq(settlement.suspense(dollar, seller), HALF);
    }

    function test_freeze_settlement_reverts() public moneyIsConserved {
        vm.expectRevert(abi.encodeWithSelector(ICompliance.Stablecoin_SystemAccount.selector, address(settlement)));
        _freeze(dollar, address(settlement));
    }

    function test_reached_bothFrozen_addsUp() public moneyIsConserved {
        _freeze(dollar, seller);
        _reach(TRADE, 0);
        _reach(TRADE, 1);
        _assertEscrow(TRADE, ISettlement.State.Closed);
        assertEq(settlement.suspense(dollar, seller), AMOUNT);
        _unfreeze(dollar, seller);
        _claim(seller);
        assertEq(dollar.balanceOf(seller), AMOUNT);
    }

    function test_terminated_frozenBuyer_waits() public moneyIsConserved {
        _freeze(dollar, buyer);
        _reach(TRADE, 0);
        vm.expectEmit(address(settlement));
        emit ISettlement.EscrowRefunded(TRADE, buyer, HALF, true);
        _terminate(TRADE);
        assertEq(dollar.balanceOf(seller), HALF);
        assertEq(settlement.suspense(dollar, buyer), HALF);
        _unfreeze(dollar, buyer);
        _claim(buyer);
        assertEq(dollar.balanceOf(buyer), HALF);
    }

    function test_fund_frozenSeller_dueWaits() public moneyIsConserved {
        TradeId other = TradeId.wrap("another trade");
        _open(other, AMOUNT, _shares(5_000, 5_000));
        _reach(other, 0);
        _freeze(dollar, seller);
        _fund(other, AMOUNT);
        assertEq(settlement.suspense(dollar, seller), HALF);
        _assertEscrow(other, ISettlement.State.Funded);
    }

    function test_reached_othersAreNotBlocked() public moneyIsConserved {
        EscrowTerms memory terms = EscrowTerms(buyer, broker, "EUR", address(euro), AMOUNT, _shares(10_000));
        TradeId other = TradeId.wrap("another trade");
        trades.push(other);
        _say(TradeMessages.agreed(other, terms));
        _mint(euro, buyer, AMOUNT);
        vm.startPrank(buyer);
        euro.approve(address(settlement), AMOUNT);
        settlement.fund(other, AMOUNT);
        vm.stopPrank();

        _pause(dollar);
        _freeze(euro, seller);
        _reach(TRADE, 0);
        _reach(other, 0, _support("EUR", buyer, broker));
        assertEq(euro.balanceOf(broker), AMOUNT);
        assertEq(settlement.suspense(dollar, seller), HALF);
        assertEq(settlement.suspense(euro, seller), 0);
    }

    // --------------------------------------------------------------------------------------------------- claim

    function test_claim_later_succeeds() public moneyIsConserved {
        test_reached_frozenSeller_waits();
        _unfreeze(dollar, seller);
        vm.expectEmit(address(settlement));
        emit ISuspense.ReleasedFromSuspense(dollar, seller, HALF);
        _claim(seller);
        assertEq(dollar.balanceOf(seller), HALF);
        assertEq(settlement.suspense(dollar, seller), 0);
    }

    function test_claim_twice_reverts() public moneyIsConserved {
        test_claim_later_succeeds();
        _expectNothing(seller);
        _claim(seller);
    }

    function test_claim_stillFrozen_reverts() public moneyIsConserved {
        test_reached_frozenSeller_waits();
        vm.expectRevert(abi.encodeWithSelector(ICompliance.Stablecoin_Frozen.selector, seller));
        _claim(seller);
        assertEq(settlement.suspense(dollar, seller), HALF);
    }

    function test_claim_stillSuspended_reverts() public moneyIsConserved {
        test_reached_frozenSeller_waits();
        _unfreeze(dollar, seller);
        _suspend(seller);
        _expectNotActive(seller);
        _claim(seller);
        assertEq(settlement.suspense(dollar, seller), HALF);
    }

    function test_claim_stillPaused_reverts() public moneyIsConserved {
        test_reached_pausedCoin_waits();
        vm.expectRevert(Pausable.EnforcedPause.selector);
        _claim(seller);
        assertEq(settlement.suspense(dollar, seller), HALF);
    }

    function testFuzz_claim_stranger_reverts(address caller) public moneyIsConserved {
        vm.assume(caller != seller && caller != address(vm));
        test_reached_frozenSeller_waits();
        _expectNothing(caller);
        _claim(caller);
    }

    function test_claim_anotherCoin_reverts() public moneyIsConserved {
        test_reached_frozenSeller_waits();
        vm.expectRevert(abi.encodeWithSelector(ISuspense.Suspense_NothingWaits.selector, euro, seller));
        vm.prank(seller);
        settlement.claim(euro);
    }

    function test_claim_delistedCoin_succeeds() public moneyIsConserved {
        test_reached_frozenSeller_waits();
        _list(dollar, false);
        _unfreeze(dollar, seller);
        _claim(seller);
        assertEq(dollar.balanceOf(seller), HALF);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _claim(address by) private {
        vm.prank(by);
        settlement.claim(dollar);
    }

    function _expectNothing(address account) private {
        vm.expectRevert(abi.encodeWithSelector(ISuspense.Suspense_NothingWaits.selector, dollar, account));
    }
}
