// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IRateFeed} from "./IRateFeed.sol";

/// @title RateFeed
/// @notice Guarantees that a rate is the median of at least a quorum of reports, none of a reporter that was removed and none
/// older than the heartbeat; that fewer than half of those it is made from cannot move it beyond the others' values; that a
/// jump beyond the band passes only when that many rounds in a row agree on it; and that such rounds always end an outage.
/// Trusts OPERATOR for who reports and for the settings.
contract RateFeed is IRateFeed, AccessManaged {
    uint256 private constant MAX_REPORTERS = 9;
    uint256 private constant WHOLE = 10_000;

    /// @dev One slot holds all that {rate} reads.
    struct Good {
        uint128 value;
        uint40 updatedAt;
        uint32 round;
        uint32 heartbeat;
        uint16 band;
        uint8 quorum;
    }

    /// @param round The one that is open; the first is 1.
    /// @param doubted Median of the last round if that was outside the band.
    /// @param doubts Rounds in a row that agreed on it.
    struct Open {
        uint128 doubted;
        uint32 round;
        uint8 doubts;
        uint8 rebaseRounds;
    }

    mapping(bytes32 pair => Good) private _good;
    mapping(bytes32 pair => Open) private _open;
    mapping(bytes32 pair => address[]) private _reporters;
    mapping(bytes32 pair => mapping(address reporter => Report)) private _reports;

    constructor(address initialAuthority) AccessManaged(initialAuthority) {}

    // ----------------------------------------------------------------------------------------------- reporting

    /// @inheritdoc IRateFeed
    function report(bytes32 pair, int256 value, uint40 observedAt) external {
        Report storage own = _reports[pair][msg.sender];
        require(own.allowed, RateFeed_NotReporter(pair, msg.sender));
        require(value > 0 && value <= int256(uint256(type(uint128).max)), RateFeed_InvalidValue(value));
        require(
            observedAt <= block.timestamp && observedAt > own.observedAt,
            RateFeed_InvalidTime(observedAt, own.observedAt)
        );
        uint256 earliest = _earliest(_good[pair].heartbeat);
        require(observedAt >= earliest, RateFeed_Stale(pair, observedAt, uint40(earliest)));

        own.value = uint128(uint256(value)); // checked above
        own.observedAt = observedAt;
        own.round = _open[pair].round;
        emit Reported(pair, msg.sender, uint256(value), observedAt);
        _tryClose(pair, earliest);
    }

    // ------------------------------------------------------------------------------------------- administering

    /// @inheritdoc IRateFeed
    function setPair(bytes32 pair, Settings calldata settings) external restricted {
        require(
            settings.heartbeat > 0 &&
                settings.band > 0 &&
                settings.band < WHOLE &&
                settings.quorum > 1 &&
                settings.quorum <= MAX_REPORTERS &&
                settings.rebaseRounds > 1,
            RateFeed_InvalidSettings()
        );
        Good storage good = _good[pair];
        good.heartbeat = settings.heartbeat;
        good.band = settings.band;
        good.quorum = settings.quorum;
        Open storage open = _open[pair];
        if (open.round == 0) open.round = 1;
        open.rebaseRounds = settings.rebaseRounds;
        open.doubts = 0;
        emit PairSet(pair, settings);
    }

    /// @inheritdoc IRateFeed
    function setReporter(bytes32 pair, address reporter, bool allowed) external restricted {
        require(_good[pair].heartbeat != 0, RateFeed_UnknownPair(pair));
        require(_reports[pair][reporter].allowed != allowed, RateFeed_AlreadyInState(pair, reporter, allowed));
        address[] storage list = _reporters[pair];
        if (allowed) {
            require(list.length < MAX_REPORTERS, RateFeed_TooManyReporters(pair));
            list.push(reporter);
            _reports[pair][reporter].allowed = true;
        } else {
            uint256 last = list.length - 1;
            for (uint256 i = 0; i < last; ++i) {
                if (list[i] == reporter) list[i] = list[last];
            }
            list.pop();
            delete _reports[pair][reporter];
        }
        emit ReporterSet(pair, reporter, allowed);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc IRateFeed
    function rate(bytes32 pair) external view returns (Rate memory) {
        Good memory good = _good[pair];
        require(good.heartbeat != 0, RateFeed_UnknownPair(pair));
        uint256 earliest = _earliest(good.heartbeat);
        require(good.value != 0 && good.updatedAt >= earliest, RateFeed_Stale(pair, good.updatedAt, uint40(earliest)));
        return Rate({value: good.value, updatedAt: good.updatedAt, round: good.round});
    }

    /// @inheritdoc IRateFeed
    function settingsOf(bytes32 pair) external view returns (Settings memory) {
        Good memory good = _good[pair];
        return Settings(good.heartbeat, good.band, good.quorum, _open[pair].rebaseRounds);
    }

    /// @inheritdoc IRateFeed
    function reportersOf(bytes32 pair) external view returns (address[] memory) {
        return _reporters[pair];
    }

    /// @inheritdoc IRateFeed
    function reportOf(bytes32 pair, address reporter) external view returns (Report memory) {
        return _reports[pair][reporter];
    }

    // ------------------------------------------------------------------------------------------------ internal

    /// @dev A round ends when a quorum of reporters has reported in it and none of these reports is stale; its median is over
    /// all fresh reports. Its time is the latest at which a quorum of them had been observed: once it is stale, fewer are fresh.
    function _tryClose(bytes32 pair, uint256 earliest) private {
        (uint256[] memory values, uint256[] memory times, uint256 inRound) = _fresh(pair, earliest);
        uint256 quorum = _good[pair].quorum;
        if (inRound < quorum) return;
        uint256 middle = values.length / 2;
        uint256 median = values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
        _judge(pair, uint128(median), uint40(times[times.length - quorum])); // both lie among the reports
    }

    /// @dev The values and the times of the fresh reports, each in ascending order.
    function _fresh(
        bytes32 pair,
        uint256 earliest
    ) private view returns (uint256[] memory values, uint256[] memory times, uint256 inRound) {
        address[] memory list = _reporters[pair];
        uint256 round = _open[pair].round;
        values = new uint256[](list.length);
        times = new uint256[](list.length);
        uint256 count = 0;
        for (uint256 i = 0; i < list.length; ++i) {
            Report memory one = _reports[pair][list[i]];
            if (one.value == 0 || one.observedAt < earliest) continue;
            if (one.round == round) ++inRound;
            _insert(values, count, one.value);
            _insert(times, count, one.observedAt);
            ++count;
        }
        assembly ("memory-safe") {
            mstore(values, count) // at most their length
            mstore(times, count)
        }
    }

    function _judge(bytes32 pair, uint128 median, uint40 observedAt) private {
        Good storage good = _good[pair];
        Open storage open = _open[pair];
        uint32 round = open.round++;
        uint256 lastGood = good.value;
        uint256 band = good.band;
        if (lastGood != 0 && !_isWithin(median, lastGood, band)) {
            uint8 doubts = open.doubts > 0 && _isWithin(median, open.doubted, band) ? open.doubts + 1 : 1;
            open.doubted = median;
            open.doubts = doubts;
            emit RateDoubted(pair, median, lastGood, doubts);
            if (doubts < open.rebaseRounds) return;
            emit RateRebased(pair, lastGood, median);
        }
        open.doubts = 0;
        good.value = median;
        good.updatedAt = observedAt;
        good.round = round;
        emit RateUpdated(pair, median, round);
    }

    function _insert(uint256[] memory sorted, uint256 count, uint256 value) private pure {
        uint256 i = count;
        for (; i > 0 && sorted[i - 1] > value; --i) sorted[i] = sorted[i - 1];
        sorted[i] = value;
    }

    function _isWithin(uint256 value, uint256 center, uint256 band) private pure returns (bool) {
        uint256 distance = value > center ? value - center : center - value;
        return distance * WHOLE <= center * band; // both sides are below 2^142
    }

    function _earliest(uint256 heartbeat) private view returns (uint256) {
        return block.timestamp > heartbeat ? block.timestamp - heartbeat : 0;
    }
}
