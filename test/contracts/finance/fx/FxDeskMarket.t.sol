// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {IStablecoin} from "../../../../contracts/finance/coin/IStablecoin.sol";
import {IFxDesk} from "../../../../contracts/finance/fx/IFxDesk.sol";
import {IRateFeed} from "../../../../contracts/finance/fx/IRateFeed.sol";
import {vm} from "../../../support/Test.sol";
import {FxDeskTest} from "./FxDeskTest.sol";

contract EighteenDecimals is ERC20("Eighteen", "E") {
    bytes3 public constant currency = "USD";
}

/// @notice At which price a quote is good.
contract FxDeskMarketTest is FxDeskTest {
    // 7,100 yuan for a thousand dollars, half a per cent up or down.
    uint128 internal constant HIGHEST = 7_135.5e6;
    uint128 internal constant LOWEST = 7_064.5e6;

    function test_useQuote_atTheTolerance_succeeds() public {
        _use(_dollars(1_000e6, HIGHEST, 1));
        _use(_dollars(1_000e6, LOWEST, 2));
    }

    function test_useQuote_oneUnitBeyondTheTolerance_reverts() public {
        _expectOffMarket(_dollars(1_000e6, HIGHEST + 1, 1), uint256(HIGHEST + 1) * 1e9);
        _expectOffMarket(_dollars(1_000e6, LOWEST - 1, 1), uint256(LOWEST - 1) * 1e9);
    }

    function test_useQuote_theOtherWayRound_sameTolerance() public {
        _use(_yuan(HIGHEST, 1_000e6, 1));
        _use(_yuan(LOWEST, 1_000e6, 2));
        _expectOffMarket(_yuan(HIGHEST + 1, 1_000e6, 3), uint256(HIGHEST + 1) * 1e9);
        _expectOffMarket(_yuan(LOWEST - 1, 1_000e6, 3), uint256(LOWEST - 1) * 1e9);
    }

    function test_useQuote_directionsSwapped_reverts() public {
        IFxDesk.Quote memory quote = _yuan(1_000e6, 7_100e6, 1);
        _expectOffMarket(quote, (uint256(1_000e6) * 1e18) / 7_100e6);
    }

    function test_useQuote_bothDirectionsSet_takesTheOneOfTheSale() public {
        bytes32 pair = keccak256(abi.encode(bytes3("CNY"), bytes3("USD")));
        _openPair(pair, 0.2e18);
        vm.prank(operator);
        desk.setTolerance("CNY", "USD", TOLERANCE);
        _use(_yuan(5_000e6, 1_000e6, 1));
        _use(_dollars(1_000e6, 7_100e6, 2));
    }

    function test_useQuote_followsTheFeed() public {
        _setRate(USD_CNY, 7.2e18);
        IFxDesk.Quote memory quote = _dollars(1_000e6, 7_100e6, 1);
        _expectRefusal(
            quote,
            abi.encodeWithSelector(IFxDesk.FxDesk_OffMarket.selector, RATE, 7.2e18, uint256(0.036e18))
        );
        _use(_dollars(1_000e6, 7_200e6, 1));
    }

    function test_useQuote_staleRate_reverts() public {
        vm.warp(block.timestamp + HEARTBEAT - 10);
        _setRate(_pricePair(dollar), 1e18);
        _setRate(_pricePair(yuan), 1e18);
        uint40 updatedAt = feed.rate(USD_CNY).updatedAt;
        vm.warp(updatedAt + HEARTBEAT + 1);
        _expectRefusal(
            _quote(),
            abi.encodeWithSelector(IRateFeed.RateFeed_Stale.selector, USD_CNY, updatedAt, updatedAt + 1)
        );
        vm.warp(updatedAt + HEARTBEAT);
        _use(_quote());
    }

    function test_useQuote_sameCurrencyOfAnotherIssuer_isAtOne() public {
        _use(_sameCurrency(1_000e6, 1_000e6, 1));
        _use(_sameCurrency(1_000e6, 1_001e6, 2));
        _use(_sameCurrency(1_000e6, 999e6, 3));
        _expectRefusal(
            _sameCurrency(1_000e6, 1_001e6 + 1, 4),
            abi.encodeWithSelector(IFxDesk.FxDesk_OffMarket.selector, uint256(1.001e18 + 1e9), 1e18, 0.001e18)
        );
    }

    function test_useQuote_sameCoin_reverts() public {
        IFxDesk.Quote memory quote = _sameCurrency(1_000e6, 1_000e6, 1);
        quote.buyCoin = dollar;
        _expectRefusal(quote, abi.encodeWithSelector(IFxDesk.FxDesk_SameCoin.selector, dollar));
    }

    function test_useQuote_pairWithoutTolerance_reverts() public {
        vm.prank(operator);
        desk.setTolerance("USD", "CNY", 0);
        bytes3 usd = "USD";
        bytes3 cny = "CNY";
        _expectRefusal(_quote(), abi.encodeWithSelector(IFxDesk.FxDesk_PairNotListed.selector, usd, cny));
        _use(_sameCurrency(1_000e6, 1_000e6, 1));
    }

    function test_useQuote_coinNotListed_reverts() public {
        vm.prank(operator);
        desk.setCoin(yuan, 0);
        _expectRefusal(_quote(), abi.encodeWithSelector(IFxDesk.FxDesk_CoinNotListed.selector, yuan));
        _use(_sameCurrency(1_000e6, 1_000e6, 1));
    }

    function test_setCoin_otherDecimals_reverts() public {
        IStablecoin odd = IStablecoin(address(new EighteenDecimals()));
        vm.expectRevert(abi.encodeWithSelector(IFxDesk.FxDesk_WrongDecimals.selector, odd, 18));
        vm.prank(operator);
        desk.setCoin(odd, THRESHOLD);
    }

    function test_administering_wholeOrMore_reverts() public {
        vm.startPrank(operator);
        vm.expectRevert(abi.encodeWithSelector(IFxDesk.FxDesk_InvalidBasisPoints.selector, 10_000));
        desk.setCoin(yuan, 10_000);
        vm.expectRevert(abi.encodeWithSelector(IFxDesk.FxDesk_InvalidBasisPoints.selector, 10_000));
        desk.setTolerance("USD", "CNY", 10_000);
        desk.setTolerance("USD", "CNY", 9_999);
        vm.stopPrank();
        assertEq(desk.toleranceOf("USD", "CNY"), 9_999);
        assertEq(desk.thresholdOf(yuan), THRESHOLD);
    }

    /// @dev A few units around either edge, at any amount and rate: good exactly within the tolerance, unrounded.
    function testFuzz_useQuote_passesExactlyWithinTheTolerance(uint96 sold, uint96 rate, uint8 seed) public {
        uint256 market = bound(rate, 1e9, 1e27);
        _setRate(USD_CNY, market);
        _setRate(USD_CNY, market); // a jump takes two rounds
        uint256 due = bound(sold, 1e12, type(uint96).max) * market;
        uint256 edge = (due * (seed % 2 == 0 ? 10_000 + TOLERANCE : 10_000 - TOLERANCE)) / (10_000 * 1e18);
        uint256 bought = edge + (seed % 5) - (edge < 2 ? edge : 2);
        vm.assume(bought > 0);
        IFxDesk.Quote memory quote = _dollars(uint128(due / market), uint128(bought), 1);
        uint256 given = bought * 1e18;
        bool good = given * 10_000 <= due * (10_000 + TOLERANCE) && given * 10_000 >= due * (10_000 - TOLERANCE);
        bytes memory signature = _signed(quote);
        vm.prank(product);
        (bool success, ) = address(desk).call(abi.encodeCall(IFxDesk.useQuote, (quote, signature, taker, 0)));
        assertEq(success, good);
    }

    /// @dev The largest numbers there can be overflow nothing: they are judged.
    function test_useQuote_largestAmountsAndRate_areJudged() public {
        uint128 most = type(uint128).max;
        _setRate(USD_CNY, most);
        _setRate(USD_CNY, most);
        IFxDesk.Quote memory quote = _dollars(most, most, 1);
        _expectRefusal(
            quote,
            abi.encodeWithSelector(IFxDesk.FxDesk_OffMarket.selector, 1e18, most, (uint256(most) * TOLERANCE) / 10_000)
        );
    }

    function _dollars(uint128 sold, uint128 bought, uint256 nonce) private view returns (IFxDesk.Quote memory quote) {
        quote = _quote();
        (quote.sellAmount, quote.buyAmount, quote.nonce) = (sold, bought, bytes32(nonce));
    }

    function _yuan(uint128 sold, uint128 bought, uint256 nonce) private view returns (IFxDesk.Quote memory quote) {
        quote = _dollars(sold, bought, nonce);
        (quote.sellCoin, quote.buyCoin) = (yuan, dollar);
    }

    function _sameCurrency(
        uint128 sold,
        uint128 bought,
        uint256 nonce
    ) private view returns (IFxDesk.Quote memory quote) {
        quote = _dollars(sold, bought, nonce);
        quote.buyCoin = otherDollar;
    }

    function _expectOffMarket(IFxDesk.Quote memory quote, uint256 quoted) private {
        _expectRefusal(
            quote,
            abi.encodeWithSelector(IFxDesk.FxDesk_OffMarket.selector, quoted, RATE, uint256(0.0355e18))
        );
    }
}
