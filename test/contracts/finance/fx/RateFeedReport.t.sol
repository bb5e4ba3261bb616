// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IRateFeed} from "../../../../contracts/finance/fx/IRateFeed.sol";
import {vm} from "../../../support/Test.sol";
import {RateFeedTest} from "./RateFeedTest.sol";

/// @notice What a reporter, or somebody who is none, can hand in.
contract RateFeedReportTest is RateFeedTest {
    function test_report_byStranger_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRateFeed.RateFeed_NotReporter.selector, PAIR, stranger));
        vm.prank(stranger);
        feed.report(PAIR, RATE, NOW);
    }

    function test_report_ofAnotherPair_reverts() public {
        bytes32 other = keccak256("EUR/CNY");
        vm.expectRevert(abi.encodeWithSelector(IRateFeed.RateFeed_NotReporter.selector, other, reporters[0]));
        vm.prank(reporters[0]);
        feed.report(other, RATE, NOW);
    }

    function test_report_zeroOrNegative_reverts() public {
        int256[3] memory values = [int256(0), -1, type(int256).min];
        for (uint256 i = 0; i < values.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IRateFeed.RateFeed_InvalidValue.selector, values[i]));
            _report(0, values[i]);
        }
    }

    function test_report_above128Bits_reverts() public {
        int256 value = int256(uint256(type(uint128).max)) + 1;
        vm.expectRevert(abi.encodeWithSelector(IRateFeed.RateFeed_InvalidValue.selector, value));
        _report(0, value);
        _report(0, value - 1);
    }

    function test_report_aSecondInTheFuture_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRateFeed.RateFeed_InvalidTime.selector, NOW + 1, 0));
        _reportAt(0, RATE, NOW + 1);
        _reportAt(0, RATE, NOW);
    }

    function test_report_aSecondOlderThanTheHeartbeat_reverts() public {
        uint40 earliest = NOW - HEARTBEAT;
        vm.expectRevert(abi.encodeWithSelector(IRateFeed.RateFeed_Stale.selector, PAIR, earliest - 1, earliest));
        _reportAt(0, RATE, earliest - 1);
        _reportAt(0, RATE, earliest);
    }

    function test_report_noNewerThanTheLast_reverts() public {
        _reportAt(0, RATE, NOW - 5);
        vm.expectRevert(abi.encodeWithSelector(IRateFeed.RateFeed_InvalidTime.selector, NOW - 5, NOW - 5));
        _reportAt(0, RATE, NOW - 5);
        vm.expectRevert(abi.encodeWithSelector(IRateFeed.RateFeed_InvalidTime.selector, NOW - 6, NOW - 5));
        _reportAt(0, RATE, NOW - 6);
    }

    function test_report_byOneManyTimes_makesNoRate() public {
        for (uint256 i = 0; i < 10; ++i) {
            vm.warp(block.timestamp + 1);
            _report(0, RATE);
        }
        _expectNoRate();
    }

    function test_report_twiceByOneOfTwo_makesNoRate() public {
        _report(0, RATE);
        _report(1, RATE);
        vm.warp(NOW + 1);
        _report(1, RATE);
        _expectNoRate();
        _report(2, RATE);
        assertEq(_rate(), uint256(RATE));
    }

    function test_report_twiceInARound_countsTheLast() public {
        _report(0, 1e18);
        _report(1, 7e18);
        vm.warp(NOW + 1);
        _report(0, 8e18);
        _report(2, 9e18);
        assertEq(_rate(), 8e18);
    }

    function test_report_staleOnesOfTheRound_doNotCount() public {
        _report(0, RATE);
        _report(1, RATE);
        vm.warp(NOW + HEARTBEAT + 1);
        _report(2, RATE);
        _expectNoRate();
        _report(3, RATE);
        _report(4, RATE);
        assertEq(_rate(), uint256(RATE));
    }

    function test_report_emitsReportedAndUpdated() public {
        _report(0, RATE);
        _report(1, RATE + 2);
        vm.expectEmit();
        emit IRateFeed.Reported(PAIR, reporters[2], uint256(RATE) + 1, NOW);
        vm.expectEmit();
        emit IRateFeed.RateUpdated(PAIR, uint256(RATE) + 1, 1);
        _report(2, RATE + 1);
    }

    function test_setReporter_removed_reportsNoMoreAndDoesNotCount() public {
        _report(0, RATE);
        _report(1, RATE);
        _setReporter(reporters[1], false);
        vm.expectRevert(abi.encodeWithSelector(IRateFeed.RateFeed_NotReporter.selector, PAIR, reporters[1]));
        _reportAt(1, RATE, NOW);
        _report(2, RATE);
        _expectNoRate();
        _report(3, RATE);
        assertEq(_rate(), uint256(RATE));
    }

    function test_setReporter_removedAndAdmittedAgain_oldReportDoesNotCount() public {
        _report(0, RATE);
        _report(1, RATE);
        _setReporter(reporters[1], false);
        _setReporter(reporters[1], true);
        assertEq(feed.reportOf(PAIR, reporters[1]).value, 0);
        _report(2, RATE);
        _expectNoRate();
    }

    function test_setReporter_removed_isOutOfTheMedian() public {
        _report(0, 1e18);
        _report(1, 2e18);
        _report(2, 3e18);
        assertEq(_rate(), 2e18);
        _setReporter(reporters[0], false);
        _setReporter(reporters[1], false);
        vm.warp(NOW + 1);
        _setPair(HEARTBEAT, 9_999, QUORUM, ROUNDS);
        for (uint256 i = 2; i < 5; ++i) _report(i, 3e18);
        assertEq(_rate(), 3e18);
    }

    function test_setReporter_aTenth_reverts() public {
        for (uint256 i = 5; i < 9; ++i) _setReporter(address(uint160(i)), true);
        vm.expectRevert(abi.encodeWithSelector(IRateFeed.RateFeed_TooManyReporters.selector, PAIR));
        _setReporter(address(10), true);
        _setReporter(reporters[0], false);
        _setReporter(address(10), true);
        assertEq(feed.reportersOf(PAIR).length, 9);
    }

    function test_setReporter_removedAtAnyPlace_leavesTheOthers() public {
        for (uint256 i = 0; i < 5; ++i) {
            _setReporter(reporters[i], false);
            address[] memory left = feed.reportersOf(PAIR);
            assertEq(left.length, 4);
            for (uint256 j = 0; j < 4; ++j) assertTrue(left[j] != reporters[i] && feed.reportOf(PAIR, left[j]).allowed);
            _setReporter(reporters[i], true);
        }
        address[] memory all = feed.reportersOf(PAIR);
        for (uint256 i = 4; i > 0; --i) {
            _setReporter(all[i], false);
            assertEq(feed.reportersOf(PAIR).length, i);
        }
    }

    function test_setPair_heartbeatLongerThanTheClock_isNeverStale() public {
        _setPair(type(uint32).max, BAND, QUORUM, ROUNDS);
        for (uint256 i = 0; i < QUORUM; ++i) _reportAt(i, RATE, 1);
        assertEq(_rate(), uint256(RATE));
    }

    function test_setReporter_twice_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRateFeed.RateFeed_AlreadyInState.selector, PAIR, reporters[0], true));
        _setReporter(reporters[0], true);
        vm.expectRevert(abi.encodeWithSelector(IRateFeed.RateFeed_AlreadyInState.selector, PAIR, stranger, false));
        _setReporter(stranger, false);
    }

    function test_setReporter_ofUnknownPair_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IRateFeed.RateFeed_UnknownPair.selector, bytes32("other")));
        vm.prank(operator);
        feed.setReporter("other", stranger, true);
    }

    function test_setPair_settingsInWhichALoneReportCouldCount_reverts() public {
        IRateFeed.Settings[7] memory bad = [
            IRateFeed.Settings(0, BAND, QUORUM, ROUNDS),
            IRateFeed.Settings(HEARTBEAT, 0, QUORUM, ROUNDS),
            IRateFeed.Settings(HEARTBEAT, 10_000, QUORUM, ROUNDS),
            IRateFeed.Settings(HEARTBEAT, BAND, 1, ROUNDS),
            IRateFeed.Settings(HEARTBEAT, BAND, 10, ROUNDS),
            IRateFeed.Settings(HEARTBEAT, BAND, QUORUM, 1),
            IRateFeed.Settings(HEARTBEAT, BAND, QUORUM, 0)
        ];
        for (uint256 i = 0; i < bad.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IRateFeed.RateFeed_InvalidSettings.selector));
            vm.prank(operator);
            feed.setPair(PAIR, bad[i]);
        }
    }

    function test_setPair_settingsOf_tellsThem() public {
        _setPair(60, 50, 2, 4);
        IRateFeed.Settings memory settings = feed.settingsOf(PAIR);
        assertEq(settings.heartbeat, 60);
        assertEq(settings.band, 50);
        assertEq(settings.quorum, 2);
        assertEq(settings.rebaseRounds, 4);
    }

    function test_administering_byStranger_reverts() public {
        vm.startPrank(stranger);
        vm.expectPartialRevert(bytes4(keccak256("AccessManagedUnauthorized(address)")));
        feed.setPair(PAIR, IRateFeed.Settings(HEARTBEAT, BAND, QUORUM, ROUNDS));
        vm.expectPartialRevert(bytes4(keccak256("AccessManagedUnauthorized(address)")));
        feed.setReporter(PAIR, stranger, true);
        vm.stopPrank();
    }
}
