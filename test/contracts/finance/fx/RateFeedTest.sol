// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IRateFeed} from "../../../../contracts/finance/fx/IRateFeed.sol";
import {RateFeed} from "../../../../contracts/finance/fx/RateFeed.sol";
import {ManagedTest} from "../../../support/ManagedTest.sol";
import {vm} from "../../../support/Test.sol";

/// @notice One pair with three of five reporters, a heartbeat of ten minutes, a band of 1 %, and three rounds to rebase.
abstract contract RateFeedTest is ManagedTest {
    bytes32 internal constant PAIR = keccak256("USD/CNY");
    uint32 internal constant HEARTBEAT = 600;
    uint16 internal constant BAND = 100;
    uint8 internal constant QUORUM = 3;
    uint8 internal constant ROUNDS = 3;
    int256 internal constant RATE = 7.1e18;

    RateFeed internal feed;
    address[] internal reporters;

    function setUp() public virtual override {
        super.setUp();
        feed = RateFeed(_deploy("RateFeed.sol:RateFeed", abi.encode(manager)));
        _allow(address(feed), RateFeed.setPair.selector, OPERATOR);
        _allow(address(feed), RateFeed.setReporter.selector, OPERATOR);
        _setPair(HEARTBEAT, BAND, QUORUM, ROUNDS);
        for (uint256 i = 0; i < 5; ++i) {
            reporters.push(makeAddr(string.concat("reporter ", vm.toString(i))));
            _setReporter(reporters[i], true);
        }
    }

    function _setPair(uint32 heartbeat, uint16 band, uint8 quorum, uint8 rounds) internal {
        vm.prank(operator);
        feed.setPair(PAIR, IRateFeed.Settings(heartbeat, band, quorum, rounds));
    }

    function _setReporter(address reporter, bool allowed) internal {
        vm.prank(operator);
        feed.setReporter(PAIR, reporter, allowed);
    }

    function _report(uint256 reporter, int256 value) internal {
        _reportAt(reporter, value, block.timestamp);
    }

    function _reportAt(uint256 reporter, int256 value, uint256 observedAt) internal {
        vm.prank(reporters[reporter]);
        feed.report(PAIR, value, uint40(observedAt));
    }

    /// @dev The first three reporters report one value, a second after whatever was before.
    function _round(int256 value) internal {
        vm.warp(block.timestamp + 1);
        for (uint256 i = 0; i < QUORUM; ++i) _report(i, value);
    }

    function _rate() internal view returns (uint256) {
        return feed.rate(PAIR).value;
    }

    function _expectNoRate() internal {
        vm.expectPartialRevert(IRateFeed.RateFeed_Stale.selector);
        feed.rate(PAIR);
    }
}
