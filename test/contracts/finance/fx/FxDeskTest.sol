// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Products} from "../../../../contracts/access/Products.sol";
import {SubAccounts} from "../../../../contracts/finance/clearing/SubAccounts.sol";
import {IStablecoin} from "../../../../contracts/finance/coin/IStablecoin.sol";
import {FxDesk} from "../../../../contracts/finance/fx/FxDesk.sol";
import {IFxDesk} from "../../../../contracts/finance/fx/IFxDesk.sol";
import {IRateFeed} from "../../../../contracts/finance/fx/IRateFeed.sol";
import {RateFeed} from "../../../../contracts/finance/fx/RateFeed.sol";
import {ManagedCoinTest} from "../../../support/ManagedCoinTest.sol";
import {vm} from "../../../support/Test.sol";

/// @notice Three coins, two of them in dollars, at one dollar for 7.1 yuan; a provider, and a product that the tests act for.
abstract contract FxDeskTest is ManagedCoinTest {
    bytes32 internal constant USD_CNY = keccak256(abi.encode(bytes3("USD"), bytes3("CNY")));
    uint256 internal constant RATE = 7.1e18;
    uint16 internal constant TOLERANCE = 50;
    uint16 internal constant THRESHOLD = 100;
    uint32 internal constant HEARTBEAT = 600;

    SubAccounts internal accounts;
    RateFeed internal feed;
    FxDesk internal desk;
    IStablecoin internal yuan;
    IStablecoin internal dollar;
    IStablecoin internal otherDollar;

    address internal product;
    address internal taker;
    address internal provider;
    uint256 internal providerKey;
    uint16 internal providerMember;
    address[2] internal reporters;

    function setUp() public virtual override {
        super.setUp();
        product = makeAddr("product");
        taker = makeAddr("taker");
        (provider, providerKey) = makeAddrAndKey("provider");
        accounts = SubAccounts(_deploy("SubAccounts.sol:SubAccounts", abi.encode(manager, participants)));
        feed = RateFeed(_deploy("RateFeed.sol:RateFeed", abi.encode(manager)));
        desk = FxDesk(_deploy("FxDesk.sol:FxDesk", abi.encode(manager, feed, accounts)));
        _allowAll();
        vm.prank(validatorAdmin);
        desk.setProduct(product, true);
        _admitMember(makeAddr("some bank"));
        providerMember = _admitMember(provider);

        yuan = _newCoin("Huangpu Yuan", "HPCNH", "CNY");
        dollar = _newCoin("Huangpu Dollar", "HPUSD", "USD");
        otherDollar = _newCoin("Another Dollar", "XUSD", "USD");
        reporters = [makeAddr("first reporter"), makeAddr("second reporter")];
        _openPair(USD_CNY, RATE);
        _openPair(_pricePair(yuan), 1e18);
        _openPair(_pricePair(dollar), 1e18);
        _openPair(_pricePair(otherDollar), 1e18);
        vm.startPrank(operator);
        desk.setCoin(yuan, THRESHOLD);
        desk.setCoin(dollar, THRESHOLD);
        desk.setCoin(otherDollar, THRESHOLD);
        desk.setTolerance("USD", "CNY", TOLERANCE);
        desk.setTolerance("USD", "USD", 10);
        desk.setProvider(provider, true);
        vm.stopPrank();
    }

    function _allowAll() private {
        _allow(address(accounts), SubAccounts.admitMember.selector, REGISTRAR);
        _allow(address(accounts), SubAccounts.suspendMember.selector, REGISTRAR);
        _allow(address(feed), RateFeed.setPair.selector, OPERATOR);
        _allow(address(feed), RateFeed.setReporter.selector, OPERATOR);
        _allow(address(desk), FxDesk.setProvider.selector, OPERATOR);
        _allow(address(desk), FxDesk.setCoin.selector, OPERATOR);
        _allow(address(desk), FxDesk.setTolerance.selector, OPERATOR);
        _allow(address(desk), FxDesk.resetBreaker.selector, OPERATOR);
        _allow(address(desk), Products.setProduct.selector, VALIDATOR_ADMIN);
    }

    function _admitMember(address owner) internal returns (uint16 member) {
        _admit(owner);
        vm.prank(registrar);
        member = accounts.admitMember(owner);
    }

    function _pricePair(IStablecoin coin) internal pure returns (bytes32) {
        return keccak256(abi.encode(coin));
    }

    /// @dev A band wide enough for any move of these tests: bands have their own.
    function _openPair(bytes32 pair, uint256 value) internal {
        vm.startPrank(operator);
        feed.setPair(pair, IRateFeed.Settings(HEARTBEAT, 9_999, 2, 2));
        feed.setReporter(pair, reporters[0], true);
        feed.setReporter(pair, reporters[1], true);
        vm.stopPrank();
        _setRate(pair, value);
    }

    function _setRate(bytes32 pair, uint256 value) internal {
        vm.warp(block.timestamp + 1);
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(reporters[i]);
            feed.report(pair, int256(value), uint40(block.timestamp));
        }
    }

    /// @dev A thousand dollars at the reference rate.
    function _quote() internal view returns (IFxDesk.Quote memory) {
        return
            IFxDesk.Quote({
                provider: provider,
                taker: taker,
                sellCoin: dollar,
                sellAmount: 1_000e6,
                buyCoin: yuan,
                buyAmount: 7_100e6,
                nonce: bytes32(uint256(7)),
                expiry: uint40(block.timestamp + 60)
            });
    }

    function _sign(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function _signed(IFxDesk.Quote memory quote) internal view returns (bytes memory) {
        return _sign(providerKey, desk.quoteDigest(quote));
    }

    /// @dev Signed by the provider, for its taker, at whatever it gives.
    function _use(IFxDesk.Quote memory quote) internal returns (uint16) {
        bytes memory signature = _signed(quote);
        vm.prank(product);
        return desk.useQuote(quote, signature, quote.taker, 0);
    }

    /// @dev The same, expecting a refusal.
    function _expectRefusal(IFxDesk.Quote memory quote, bytes memory refusal) internal {
        bytes memory signature = _signed(quote);
        vm.expectRevert(refusal);
        vm.prank(product);
        desk.useQuote(quote, signature, quote.taker, 0);
    }
}
