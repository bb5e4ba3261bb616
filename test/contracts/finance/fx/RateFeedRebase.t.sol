// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IRateFeed} from "../../../../contracts/finance/fx/IRateFeed.sol";
import {vm} from "../../../support/Test.sol";
import {RateFeedTest} from "./RateFeedTest.sol";

/// @notice Jumps beyond the band, and the way back.
contract RateFeedRebaseTest is RateFeedTest {
    int256 internal constant EDGE = 7.171e18; // one per cent above
    int256 internal constant FAR = 8e18;

    function setUp() public override {
        super.setUp();
        _round(RATE);
    }

    function test_report_atTheEdgeOfTheBand_passes() public {
        _round(EDGE);
        assertEq(_rate(), uint256(EDGE));
    }

    function test_report_oneUnitBeyondTheBand_isDoubted() public {
        vm.warp(block.timestamp + 1);
        _report(0, EDGE + 1);
        _report(1, EDGE + 1);
        vm.expectEmit();
        emit IRateFeed.RateDoubted(PAIR, uint256(EDGE) + 1, uint256(RATE), 1);
        _report(2, EDGE + 1);
        assertEq(_rate(), uint256(RATE));
    }

    function test_report_fewerRoundsThanNeeded_keepTheLastGood_untilItIsStale() public {
        _round(FAR);
        _round(FAR);
        assertEq(_rate(), uint256(RATE));
        vm.warp(NOW + 1 + HEARTBEAT + 1);
        _expectNoRate();
    }

    function test_report_enoughRoundsInARow_rebase() public {
        _round(FAR);
        _round(FAR);
        vm.warp(block.timestamp + 1);
        _report(0, FAR);
        _report(1, FAR);
        vm.expectEmit();
        emit IRateFeed.RateRebased(PAIR, uint256(RATE), uint256(FAR));
        vm.expectEmit();
        emit IRateFeed.RateUpdated(PAIR, uint256(FAR), 4);
        _report(2, FAR);
        assertEq(_rate(), uint256(FAR));
    }

    function test_report_aRoundThatDisagrees_beginsTheCountAnew() public {
        _round(FAR);
        _round(FAR);
        _round(2 * FAR);
        _round(FAR);
        _round(FAR);
        assertEq(_rate(), uint256(RATE));
        _round(FAR);
        assertEq(_rate(), uint256(FAR));
    }

    function test_report_aRoundInTheBand_endsTheDoubt() public {
        _round(FAR);
        _round(FAR);
        _round(RATE);
        _round(FAR);
        _round(FAR);
        assertEq(_rate(), uint256(RATE));
    }

    function test_report_roundsThatDriftWithinTheBand_rebaseToTheLast() public {
        _round(FAR);
        _round((FAR * 1009) / 1000);
        _round((FAR * 1018) / 1000);
        assertEq(_rate(), uint256((FAR * 1018) / 1000));
    }

    function test_report_afterAnOutage_farFromTheLastGood_passesAfterTheRounds() public {
        vm.warp(block.timestamp + 30 days);
        _round(FAR);
        _round(FAR);
        _expectNoRate();
        _round(FAR);
        assertEq(_rate(), uint256(FAR));
    }

    function test_report_roundsFartherApartThanAHeartbeat_rebase() public {
        for (uint256 i = 0; i < ROUNDS; ++i) {
            vm.warp(block.timestamp + 2 * HEARTBEAT);
            _round(FAR);
        }
        assertEq(_rate(), uint256(FAR));
    }

    function test_report_byOneReporterOverAndOver_neverRebases() public {
        for (uint256 i = 0; i < 20; ++i) {
            vm.warp(block.timestamp + 1);
            _report(4, FAR);
        }
        assertEq(_rate(), uint256(RATE));
        assertEq(feed.rate(PAIR).round, 1);
    }

    function test_setPair_forgetsTheDoubts() public {
        _round(FAR);
        _round(FAR);
        _setPair(HEARTBEAT, BAND, QUORUM, ROUNDS);
        _round(FAR);
        assertEq(_rate(), uint256(RATE));
        _round(FAR);
        _round(FAR);
        assertEq(_rate(), uint256(FAR));
    }

    /// @dev From whatever reporters and operator have left behind: when a quorum agrees, there is a rate after N rounds.
    function testFuzz_report_fromAnyState_concordantRoundsLeadToARate(uint256 seed, uint128 value) public {
        for (uint256 step = 0; step < 60; ++step) {
            seed = uint256(keccak256(abi.encode(seed)));
            _disturb(seed);
        }
        IRateFeed.Settings memory settings = feed.settingsOf(PAIR);
        for (uint256 i = 0; i < 5; ++i) {
            if (!feed.reportOf(PAIR, reporters[i]).allowed) _setReporter(reporters[i], true);
        }
        vm.warp(block.timestamp + settings.heartbeat + 1);
        int256 agreed = int256(bound(value, 1, type(uint128).max));
        for (uint256 round = 0; round < settings.rebaseRounds; ++round) {
            vm.warp(block.timestamp + 1);
            for (uint256 i = 0; i < settings.quorum; ++i) _report((i + seed) % 5, agreed);
        }
        uint256 rate = _rate();
        uint256 distance = rate > uint256(agreed) ? rate - uint256(agreed) : uint256(agreed) - rate;
        assertEq(distance, 0);
    }

    function _disturb(uint256 seed) private {
        uint256 who = (seed >> 8) % 5;
        uint256 choice = seed % 16;
        if (choice < 11) {
            if (!feed.reportOf(PAIR, reporters[who]).allowed) return;
            int256 value =
                choice < 6 ? RATE + int256((seed >> 16) % 1e17) : int256(1 + ((seed >> 16) % type(uint128).max));
            vm.warp(block.timestamp + 1);
            _report(who, value);
        } else if (choice < 13) {
            _setReporter(reporters[who], !feed.reportOf(PAIR, reporters[who]).allowed);
        } else if (choice < 15) {
            vm.warp(block.timestamp + ((seed >> 16) % (2 * HEARTBEAT)));
        } else {
            _setPair(
                uint32(60 + ((seed >> 16) % 1_000)),
                uint16(1 + ((seed >> 48) % 9_999)),
                uint8(2 + ((seed >> 64) % 4)),
                uint8(2 + ((seed >> 80) % 5))
            );
        }
    }
}
