// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";

import {IBusinessCalendar} from "../../../../contracts/finance/coin/IBusinessCalendar.sol";
import {IERC7943Fungible} from "../../../../contracts/finance/coin/IERC7943.sol";
import {IRedemptions} from "../../../../contracts/finance/coin/IRedemptions.sol";
import {CoinTest} from "../../../support/CoinTest.sol";
import {vm} from "../../../support/Test.sol";

contract RedemptionsTest is CoinTest {
    bytes32 internal constant PAID = keccak256("the bank's payment");
    /// @dev Midnight in UTC+8 at which Monday 6 July 2026 begins.
    uint256 internal constant DAWN = MONDAY - 10 hours;

    // ----------------------------------------------------------------------------------------------- the clock

    function test_isOverdue_endOfTheNextBusinessDay_toTheSecond() public moneyIsConserved {
        uint256 id = _request(alice, COINS);
        assertEq(coin.redemption(id).deadline, DAWN + 2 days);
        vm.warp(DAWN + 2 days - 1);
        assertFalse(coin.isOverdue(id));
        vm.warp(DAWN + 2 days);
        assertTrue(coin.isOverdue(id));
    }

    function test_requestRedemption_fridayEvening_isDueOnMonday() public moneyIsConserved {
        vm.warp(DAWN + 4 days + 23 hours + 59 minutes + 59);
        uint256 friday = _request(alice, 1);
        vm.warp(DAWN + 5 days);
        uint256 saturday = _request(alice, 1);
        assertEq(coin.redemption(friday).deadline, DAWN + 8 days);
        assertEq(coin.redemption(saturday).deadline, DAWN + 8 days);
        vm.warp(DAWN + 8 days - 1);
        assertFalse(coin.isOverdue(friday) || coin.isOverdue(saturday));
        vm.warp(DAWN + 8 days);
        assertTrue(coin.isOverdue(friday) && coin.isOverdue(saturday));
    }

    function test_requestRedemption_holidaySetLater_movesNoDeadline() public moneyIsConserved {
        uint256 id = _request(alice, 1);
        uint256[] memory tuesday = new uint256[](1);
        tuesday[0] = calendar.dayOf(MONDAY) + 1;
        vm.startPrank(operator);
        calendar.setDays(tuesday, IBusinessCalendar.Day.Holiday);
        calendar.setTimeZone(-12 hours);
        vm.stopPrank();
        vm.warp(DAWN + 2 days);
        assertTrue(coin.isOverdue(id));
    }

    function test_isOverdue_pausedCoin_clockGoesOn() public {
        uint256 id = _request(alice, 1);
        _pause();
        vm.warp(DAWN + 2 days);
        assertTrue(coin.isOverdue(id));
    }

    function test_isOverdue_ended_isNot() public moneyIsConserved {
        uint256 first = _request(alice, 1);
        uint256 second = _request(alice, 1);
        _fulfil(first, 1, PAID);
        vm.prank(alice);
        coin.cancelRedemption(second);
        vm.warp(DAWN + 2 days);
        assertFalse(coin.isOverdue(first) || coin.isOverdue(second) || coin.isOverdue(0) || coin.isOverdue(3));
    }

    function test_overdueRedemptions_inPages() public moneyIsConserved {
        for (uint256 i = 0; i < 7; ++i) _request(alice, 1);
        _fulfil(2, 1, PAID);
        vm.warp(DAWN + 2 days);
        _request(alice, 1);
        (uint256[] memory ids, uint256 next) = coin.overdueRedemptions(1, 3);
        assertEq(ids.length, 2);
        assertTrue(ids[0] == 1 && ids[1] == 3 && next == 4);
        (ids, next) = coin.overdueRedemptions(next, 100);
        assertEq(ids.length, 4);
        assertTrue(ids[0] == 4 && ids[3] == 7 && next == 9);
        (ids, next) = coin.overdueRedemptions(next, 100);
        assertTrue(ids.length == 0 && next == 9);
        (ids, next) = coin.overdueRedemptions(type(uint256).max, type(uint256).max);
        assertTrue(ids.length == 0 && next == type(uint256).max);
        (ids, next) = coin.overdueRedemptions(0, type(uint256).max);
        assertTrue(ids.length == 6 && next == 9);
    }

    // ---------------------------------------------------------------------------------------------- requesting

    function testFuzz_requestRedemption_holdsTheCoins(uint256 amount) public moneyIsConserved {
        amount = bound(amount, 1, COINS);
        vm.expectEmit(address(coin));
        emit IRedemptions.RedemptionRequested(1, alice, amount, uint40(DAWN + 2 days));
        uint256 id = _request(alice, amount);
        IRedemptions.Redemption memory request = coin.redemption(id);
        assertEq(id, 1);
        assertEq(request.holder, alice);
        assertEq(request.amount, amount);
        assertEq(request.requestedAt, MONDAY);
        assertEq(coin.balanceOf(address(coin)), amount);
        assertEq(coin.escrowedOf(alice), amount);
    }

    function test_requestRedemption_nothing_reverts() public moneyIsConserved {
        vm.expectRevert(IRedemptions.Stablecoin_NothingToRedeem.selector);
        _request(alice, 0);
    }

    function test_requestRedemption_moreThanHeld_reverts() public moneyIsConserved {
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, alice, COINS, COINS + 1)
        );
        _request(alice, COINS + 1);
    }

    function test_requestRedemption_frozen_reverts() public moneyIsConserved {
        _setFrozenTokens(alice, COINS - 10);
        _expectUnfrozen(11, 10);
        _request(alice, 11);
        _freeze(alice);
        _expectFrozen(alice);
        _request(alice, 1);
    }

    function test_transfer_toTheCoin_reverts() public moneyIsConserved {
        _request(alice, 1);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, coin));
        _transfer(alice, address(coin), 1);
        vm.prank(alice);
        coin.approve(address(custody), 1);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, coin));
        custody.collect(coin, alice, address(coin), 1);
    }

    // ---------------------------------------------------------------------------------------------- fulfilling

    function test_fulfilRedemption_destroysTheCoins() public moneyIsConserved {
        uint256 id = _request(alice, COINS);
        vm.warp(DAWN + 2 days - 1);
        vm.expectEmit(address(coin));
        emit IRedemptions.RedemptionFulfilled(id, alice, COINS, PAID, false);
        _fulfil(id, COINS, PAID);
        assertEq(coin.totalSupply(), 0);
        assertEq(uint256(coin.redemption(id).state), uint256(IRedemptions.RedemptionState.Fulfilled));
    }

    function test_fulfilRedemption_late_saysSo() public moneyIsConserved {
        uint256 id = _request(alice, COINS);
        vm.warp(DAWN + 2 days);
        vm.expectEmit(address(coin));
        emit IRedemptions.RedemptionFulfilled(id, alice, COINS, PAID, true);
        _fulfil(id, COINS, PAID);
    }

    function test_fulfilRedemption_twice_reverts() public moneyIsConserved {
        uint256 id = _request(alice, COINS);
        _fulfil(id, COINS, PAID);
        _expectState(id, IRedemptions.RedemptionState.Fulfilled);
        _tryFulfil(id, "another payment");
        _expectState(2, IRedemptions.RedemptionState.Unknown);
        _tryFulfil(2, "another payment");
    }

    function test_fulfilRedemption_onePaymentForTwo_reverts() public moneyIsConserved {
        _request(alice, 1);
        _request(alice, 1);
        _fulfil(1, 1, PAID);
        vm.expectRevert(abi.encodeWithSelector(IRedemptions.Stablecoin_InvalidBankReference.selector, PAID));
        _tryFulfil(2, PAID);
        vm.expectRevert(abi.encodeWithSelector(IRedemptions.Stablecoin_InvalidBankReference.selector, bytes32(0)));
        _tryFulfil(2, 0);
    }

    function test_fulfilRedemption_frozenHolder_waitsAndBlocksNobody() public moneyIsConserved {
        _transfer(alice, address(custody), 10);
        custody.pay(coin, bob, 10);
        uint256 alices = _request(alice, 10);
        uint256 bobs = _request(bob, 10);
        _freeze(alice);
        _expectFrozen(alice);
        _tryFulfil(alices, PAID);
        _fulfil(bobs, 10, PAID);
        vm.warp(DAWN + 2 days);
        assertTrue(coin.isOverdue(alices));
        _unfreeze(alice);
        _suspend(alice);
        _expectNotActive(alice);
        _tryFulfil(alices, "second payment");
    }

    /// @dev A freeze of an amount reaches coins that went into redemption before it.
    function test_fulfilRedemption_frozenAmount_waits() public moneyIsConserved {
        uint256 id = _request(alice, COINS - 100);
        _setFrozenTokens(alice, 101);
        _expectUnfrozen(COINS - 100, COINS - 101);
        _tryFulfil(id, PAID);
        _setFrozenTokens(alice, 100);
        _fulfil(id, COINS - 100, PAID);
        assertEq(coin.balanceOf(alice), 100);
    }

    function test_fulfilRedemption_paused_reverts() public moneyIsConserved {
        uint256 id = _request(alice, 1);
        _pause();
        _expectPaused();
        _tryFulfil(id, PAID);
    }

    function test_fulfilRedemption_anybodyElse_reverts() public moneyIsConserved {
        uint256 id = _request(alice, 1);
        _expectUnauthorized(alice);
        vm.prank(alice);
        coin.fulfilRedemption(id, PAID);
        _expectUnauthorized(minter);
        vm.prank(minter);
        coin.fulfilRedemption(id, PAID);
    }

    function test_fulfilRedemption_frozenIssuer_reverts() public moneyIsConserved {
        uint256 id = _request(alice, 1);
        _freeze(issuer);
        _expectFrozen(issuer);
        _tryFulfil(id, PAID);
    }

    // ------------------------------------------------------------------------------------ cancelling, returning

    function test_cancelRedemption_givesBack() public moneyIsConserved {
        uint256 id = _request(alice, COINS);
        vm.expectEmit(address(coin));
        emit IRedemptions.RedemptionCancelled(id, alice, COINS, alice);
        vm.prank(alice);
        coin.cancelRedemption(id);
        assertEq(coin.balanceOf(alice), COINS);
        _expectState(id, IRedemptions.RedemptionState.Cancelled);
        vm.prank(alice);
        coin.cancelRedemption(id);
        _expectState(id, IRedemptions.RedemptionState.Cancelled);
        _tryFulfil(id, PAID);
    }

    function testFuzz_cancelRedemption_anybodyElse_reverts(address caller) public moneyIsConserved {
        vm.assume(caller != alice && caller != address(vm));
        uint256 id = _request(alice, COINS);
        vm.expectRevert(abi.encodeWithSelector(IRedemptions.Stablecoin_NotHolder.selector, id, caller));
        vm.prank(caller);
        coin.cancelRedemption(id);
    }

    function test_cancelRedemption_frozen_reverts() public moneyIsConserved {
        uint256 id = _request(alice, COINS);
        _freeze(alice);
        _expectFrozen(alice);
        vm.prank(alice);
        coin.cancelRedemption(id);
    }

    function test_returnRedemption_restrainedHolder_anOrderReachesTheCoins() public moneyIsConserved {
        uint256 id = _request(alice, COINS);
        _freeze(alice);
        vm.expectEmit(address(coin));
        emit IRedemptions.RedemptionCancelled(id, alice, COINS, compliance);
        vm.startPrank(compliance);
        coin.returnRedemption(id);
        coin.forcedTransfer(alice, bob, COINS, ORDER);
        vm.stopPrank();
        assertEq(coin.balanceOf(bob), COINS);
    }

    function test_returnRedemption_suspendedOrPartlyFrozen_succeeds() public moneyIsConserved {
        uint256 first = _request(alice, 1);
        uint256 second = _request(alice, 1);
        _setFrozenTokens(alice, 1);
        vm.prank(compliance);
        coin.returnRedemption(first);
        _setFrozenTokens(alice, 0);
        _suspend(alice);
        vm.prank(compliance);
        coin.returnRedemption(second);
        assertEq(coin.balanceOf(alice), COINS);
    }

    function test_returnRedemption_freeHolder_reverts() public moneyIsConserved {
        uint256 id = _request(alice, COINS);
        vm.expectRevert(abi.encodeWithSelector(IRedemptions.Stablecoin_NotRestrained.selector, alice));
        vm.prank(compliance);
        coin.returnRedemption(id);
        _expectUnauthorized(issuer);
        vm.prank(issuer);
        coin.returnRedemption(id);
    }

    function test_returnRedemption_paused_reverts() public moneyIsConserved {
        uint256 id = _request(alice, COINS);
        _freeze(alice);
        _pause();
        _expectPaused();
        vm.prank(compliance);
        coin.returnRedemption(id);
    }

    // ---------------------------------------------------------------------------------------------- shorthands

    function _fulfil(uint256 id, uint256 amount, bytes32 bankReference) private {
        burned += amount;
        _tryFulfil(id, bankReference);
    }

    function _tryFulfil(uint256 id, bytes32 bankReference) private {
        vm.prank(issuer);
        coin.fulfilRedemption(id, bankReference);
    }

    function _expectState(uint256 id, IRedemptions.RedemptionState state) private {
        vm.expectRevert(abi.encodeWithSelector(IRedemptions.Stablecoin_WrongRedemptionState.selector, id, state));
    }

    function _expectUnfrozen(uint256 amount, uint256 unfrozen) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                IERC7943Fungible.ERC7943InsufficientUnfrozenBalance.selector,
                alice,
                amount,
                unfrozen
            )
        );
    }
}
