// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IFxDesk} from "../../../../contracts/finance/fx/IFxDesk.sol";
import {IRateFeed} from "../../../../contracts/finance/fx/IRateFeed.sol";
import {vm} from "../../../support/Test.sol";
import {FxDeskTest} from "./FxDeskTest.sol";

/// @notice A coin that loses its peg stops its own conversions, and no other's.
contract FxDeskPegTest is FxDeskTest {
    uint256 internal constant LOWEST = 0.99e18;
    uint256 internal constant HIGHEST = 1.01e18;

    function test_useQuote_priceAtTheThreshold_succeeds() public {
        _setRate(_pricePair(yuan), LOWEST);
        _setRate(_pricePair(dollar), HIGHEST);
        _use(_quote());
    }

    function test_useQuote_priceOneUnitBeyond_reverts_untilItIsBack() public {
        _setRate(_pricePair(yuan), LOWEST - 1);
        _expectBroken(LOWEST - 1);
        _setRate(_pricePair(yuan), HIGHEST + 1);
        _expectBroken(HIGHEST + 1);
        _setRate(_pricePair(yuan), HIGHEST);
        _use(_quote());
    }

    function test_useQuote_eitherSideBroken_reverts() public {
        _setRate(_pricePair(dollar), LOWEST - 1);
        _expectRefusal(_quote(), abi.encodeWithSelector(IFxDesk.FxDesk_PegBroken.selector, dollar, LOWEST - 1));
    }

    function test_useQuote_anotherCoinBroken_succeeds() public {
        _setRate(_pricePair(yuan), LOWEST - 1);
        desk.tripBreaker(yuan);
        IFxDesk.Quote memory quote = _quote();
        (quote.buyCoin, quote.buyAmount) = (otherDollar, 1_000e6);
        _use(quote);
    }

    function test_useQuote_stalePrice_reverts_ofThatCoinAlone() public {
        vm.warp(block.timestamp + HEARTBEAT - 10);
        _setRate(_pricePair(dollar), 1e18);
        _setRate(_pricePair(otherDollar), 1e18);
        vm.warp(block.timestamp + 20);
        bytes memory signature = _signed(_quote());
        vm.expectPartialRevert(IRateFeed.RateFeed_Stale.selector);
        vm.prank(product);
        desk.useQuote(_quote(), signature, taker, 0);
        IFxDesk.Quote memory quote = _quote();
        (quote.buyCoin, quote.buyAmount) = (otherDollar, 1_000e6);
        _use(quote);
    }

    function test_tripBreaker_byAnyone_staysWhenThePriceIsBack() public {
        _setRate(_pricePair(yuan), 0.9e18);
        vm.expectEmit();
        emit IFxDesk.PegBroken(yuan, 0.9e18);
        vm.prank(stranger);
        desk.tripBreaker(yuan);
        assertTrue(desk.isTripped(yuan));
        _setRate(_pricePair(yuan), 1e18);
        _expectBroken(1e18);

        vm.expectEmit();
        emit IFxDesk.PegRestored(yuan, 1e18);
        vm.prank(operator);
        desk.resetBreaker(yuan);
        assertFalse(desk.isTripped(yuan));
        _use(_quote());
    }

    function test_tripBreaker_priceHolds_reverts() public {
        _setRate(_pricePair(yuan), LOWEST);
        vm.expectRevert(abi.encodeWithSelector(IFxDesk.FxDesk_PegHolds.selector, yuan, LOWEST));
        desk.tripBreaker(yuan);
    }

    function test_tripBreaker_twice_reverts() public {
        _setRate(_pricePair(yuan), 0.9e18);
        desk.tripBreaker(yuan);
        vm.expectRevert(abi.encodeWithSelector(IFxDesk.FxDesk_PegBroken.selector, yuan, 0.9e18));
        desk.tripBreaker(yuan);
    }

    function test_tripBreaker_stalePriceOrUnlistedCoin_reverts() public {
        _setRate(_pricePair(yuan), 0.9e18);
        vm.warp(block.timestamp + HEARTBEAT + 1);
        vm.expectPartialRevert(IRateFeed.RateFeed_Stale.selector);
        desk.tripBreaker(yuan);
        vm.prank(operator);
        desk.setCoin(yuan, 0);
        vm.expectRevert(abi.encodeWithSelector(IFxDesk.FxDesk_CoinNotListed.selector, yuan));
        desk.tripBreaker(yuan);
    }

    function test_resetBreaker_priceStillBroken_reverts() public {
        _setRate(_pricePair(yuan), 0.9e18);
        desk.tripBreaker(yuan);
        vm.expectRevert(abi.encodeWithSelector(IFxDesk.FxDesk_PegBroken.selector, yuan, 0.9e18));
        vm.prank(operator);
        desk.resetBreaker(yuan);
    }

    function test_resetBreaker_notTripped_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IFxDesk.FxDesk_PegHolds.selector, yuan, 1e18));
        vm.prank(operator);
        desk.resetBreaker(yuan);
    }

    function test_setCoin_ofATrippedOne_staysTripped() public {
        _setRate(_pricePair(yuan), 0.9e18);
        desk.tripBreaker(yuan);
        vm.startPrank(operator);
        desk.setCoin(yuan, 0);
        desk.setCoin(yuan, 2_000);
        vm.stopPrank();
        assertTrue(desk.isTripped(yuan));
        _expectBroken(0.9e18);
    }

    function _expectBroken(uint256 price) private {
        _expectRefusal(_quote(), abi.encodeWithSelector(IFxDesk.FxDesk_PegBroken.selector, yuan, price));
    }
}
