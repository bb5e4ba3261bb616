// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title Reference rates that several reporters agree on
/// @notice A pair is `keccak256(abi.encode(base, quote))` of two ISO 4217 codes, or a coin's own market price in its
/// currency (`keccak256(abi.encode(coin))`). A rate is how many units of `quote` one unit of `base` costs, times 10^18.
/// The median of at least k fresh reports is the rate. One that lies outside the band around the last good one is not
/// believed until enough rounds in a row agree on it: so an error passes nothing, and an outage ends.
interface IRateFeed {
    /// @param heartbeat Seconds after which a report, and the median, is stale.
    /// @param band How far a new median may be from the last good one, in basis points.
    /// @param quorum Fresh reports that make a median.
    /// @param rebaseRounds Rounds in a row outside the band, each within it of the one before, after which they are believed.
    struct Settings {
        uint32 heartbeat;
        uint16 band;
        uint8 quorum;
        uint8 rebaseRounds;
    }

    /// @param value Times 10^18.
    /// @param updatedAt Unix seconds: when a quorum of the reports it was made from had been observed.
    /// @param round In which it was made.
    struct Rate {
        uint128 value;
        uint40 updatedAt;
        uint32 round;
    }

    /// @notice The last of a reporter.
    /// @param round In which it was handed in.
    /// @param allowed Whether the account reports at all.
    struct Report {
        uint128 value;
        uint40 observedAt;
        uint32 round;
        bool allowed;
    }

    event PairSet(bytes32 indexed pair, Settings settings);
    event ReporterSet(bytes32 indexed pair, address indexed reporter, bool allowed);
    event Reported(bytes32 indexed pair, address indexed reporter, uint256 value, uint40 observedAt);
    event RateUpdated(bytes32 indexed pair, uint256 value, uint32 round);
    /// @notice A median outside the band, and how many rounds have agreed on it now.
    event RateDoubted(bytes32 indexed pair, uint256 median, uint256 lastGood, uint8 rounds);
    event RateRebased(bytes32 indexed pair, uint256 from, uint256 to);

    error RateFeed_NotReporter(bytes32 pair, address caller);
    error RateFeed_InvalidValue(int256 value);
    /// @dev In the future, or not after the reporter's last observation.
    error RateFeed_InvalidTime(uint40 observedAt, uint40 last);
    error RateFeed_Stale(bytes32 pair, uint40 updatedAt, uint40 earliest);
    error RateFeed_UnknownPair(bytes32 pair);
    error RateFeed_InvalidSettings();
    error RateFeed_TooManyReporters(bytes32 pair);
    error RateFeed_AlreadyInState(bytes32 pair, address reporter, bool allowed);

    /// @notice Hands in an observation. Only a reporter of the pair. A round ends with the report of the last of a quorum of
    /// reporters; a second report of one of them in the same round takes the place of the first.
    /// @param value Times 10^18, above zero.
    /// @param observedAt Unix seconds, not in the future, at most a heartbeat old.
    function report(bytes32 pair, int256 value, uint40 observedAt) external;

    /// @notice Sets up a pair, or changes how it is judged: then rounds that agreed so far on a doubted rate are forgotten. Only
    /// OPERATOR.
    /// @param settings Heartbeat above zero; band 1 to 9,999; quorum 2 to 9, so that no lone report is believed; at least two
    /// rounds to rebase, or the band would bind nothing.
    function setPair(bytes32 pair, Settings calldata settings) external;

    /// @notice Admits a reporter, or removes one with its report. At most nine a pair. Only OPERATOR.
    function setReporter(bytes32 pair, address reporter, bool allowed) external;

    /// @notice The rate that holds now. Reverts with {RateFeed_Stale} or {RateFeed_UnknownPair} when there is none.
    function rate(bytes32 pair) external view returns (Rate memory);
    function settingsOf(bytes32 pair) external view returns (Settings memory);
    function reportersOf(bytes32 pair) external view returns (address[] memory);
    function reportOf(bytes32 pair, address reporter) external view returns (Report memory);
}
