// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IRateFeed} from "../../../../contracts/finance/fx/IRateFeed.sol";
import {vm} from "../../../support/Test.sol";
import {RateFeedTest} from "./RateFeedTest.sol";

/// @notice What holds as the rate, and for how long.
contract RateFeedRateTest is RateFeedTest {
    function test_rate_unknownPair_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRateFeed.RateFeed_UnknownPair.selector, bytes32("other")));
        feed.rate("other");
    }

    function test_rate_beforeAnyRound_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRateFeed.RateFeed_Stale.selector, PAIR, uint40(0), NOW - HEARTBEAT));
        feed.rate(PAIR);
    }

    function test_rate_atTheHeartbeat_holds_andASecondLaterNot() public {
        _round(RATE);
        uint256 made = block.timestamp;
        vm.warp(made + HEARTBEAT);
        assertEq(_rate(), uint256(RATE));
        vm.warp(made + HEARTBEAT + 1);
        vm.expectRevert(
            abi.encodeWithSelector(IRateFeed.RateFeed_Stale.selector, PAIR, uint40(made), uint40(made + 1))
        );
        feed.rate(PAIR);
    }

    function test_rate_isStaleWhenFewerThanAQuorumOfItsReportsAreFresh() public {
        _reportAt(0, RATE, NOW - 500);
        _reportAt(1, RATE, NOW - 300);
        _reportAt(2, RATE, NOW);
        assertEq(feed.rate(PAIR).updatedAt, NOW - 500);
        vm.warp(NOW + 100);
        assertEq(_rate(), uint256(RATE));
        vm.warp(NOW + 101);
        _expectNoRate();
    }

    function test_rate_oneOldObservationAmongFreshOnes_doesNotAgeIt() public {
        _round(RATE);
        vm.warp(NOW + 100);
        _reportAt(3, RATE, NOW + 100 - HEARTBEAT);
        _report(0, RATE);
        _report(1, RATE);
        assertEq(feed.rate(PAIR).updatedAt, NOW + 1);
    }

    function test_rate_evenNumberOfReports_isTheMeanOfTheMiddleTwo() public {
        _setPair(HEARTBEAT, BAND, 4, ROUNDS);
        _report(0, 9e18);
        _report(1, 4e18);
        _report(2, 1e18);
        _report(3, 5e18 + 1);
        assertEq(_rate(), 4.5e18);
        assertEq(feed.rate(PAIR).round, 1);
    }

    /// @dev Three of five are honest. The others say what they like, in any order and as often; none of it is believed.
    function testFuzz_rate_twoOfFiveLie_staysAmongTheHonest(uint256 seed) public {
        for (uint256 who = 2; who < 5; ++who) _report(who, RATE + int256(who) * 1e15);
        for (uint256 step = 0; step < 60; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            vm.warp(block.timestamp + 1 + (seed % 9));
            uint256 who = (seed >> 8) % 5;
            if (who < 2) _report(who, int256(1 + ((seed >> 16) % type(uint128).max)));
            else _report(who, RATE + int256(who) * 1e15);
            assertGe(_rate(), uint256(RATE) + 2e15);
            assertLe(_rate(), uint256(RATE) + 4e15);
        }
        assertGt(feed.rate(PAIR).round, 10);
    }

    /// @dev Had they made the very first rate, the others would have it back after the rounds to rebase.
    function test_rate_firstMadeByLiars_isRebased() public {
        _report(0, 1);
        _report(1, 1);
        _report(2, RATE);
        assertEq(_rate(), 1);
        for (uint256 i = 0; i < ROUNDS; ++i) {
            vm.warp(block.timestamp + 1);
            for (uint256 who = 2; who < 5; ++who) _report(who, RATE);
        }
        assertEq(_rate(), uint256(RATE));
    }

    /// @dev Against a sort by counting: exactly half of the others are on either side.
    function testFuzz_rate_isTheMedian(uint64[7] memory values) public {
        _setPair(HEARTBEAT, BAND, 7, ROUNDS);
        for (uint256 i = 5; i < 7; ++i) {
            reporters.push(makeAddr(string.concat("reporter ", vm.toString(i))));
            _setReporter(reporters[i], true);
        }
        for (uint256 i = 0; i < 7; ++i) _report(i, int256(uint256(values[i]) + 1));
        uint256 median = _rate();
        uint256 below = 0;
        uint256 above = 0;
        for (uint256 i = 0; i < 7; ++i) {
            if (uint256(values[i]) + 1 < median) ++below;
            if (uint256(values[i]) + 1 > median) ++above;
        }
        assertLe(below, 3);
        assertLe(above, 3);
    }
}
