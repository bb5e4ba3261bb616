// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {BlockSummary, IHeaderVerifier} from "./IHeaderVerifier.sol";
import {ILightClient} from "./ILightClient.sol";

/// @title LightClient
/// @notice Guarantees that it never holds two hashes for one height, that every header it holds was sealed and fresh when
/// it came, and that it accepts nothing once two sealed headers for one height were shown to it. Trusts its verifier for
/// what is sealed and for which bytes a block hash stands. Nobody has a role here.
contract LightClient is ILightClient {
    /// @inheritdoc ILightClient
    IHeaderVerifier public immutable verifier;
    /// @inheritdoc ILightClient
    uint256 public immutable trustingPeriod;
    /// @inheritdoc ILightClient
    uint256 public immutable maxClockDrift;

    /// @inheritdoc ILightClient
    bool public frozen;
    /// @inheritdoc ILightClient
    mapping(uint256 number => bytes32) public blockHashAt;

    /// @param period Trusting period in seconds, longer than `drift`.
    /// @param drift Largest difference between the two chains' clocks in seconds.
    constructor(IHeaderVerifier headerVerifier, uint256 period, uint256 drift) {
        require(drift < period && period <= type(uint64).max, LightClient_InvalidPeriod(period, drift));
        verifier = headerVerifier;
        trustingPeriod = period;
        maxClockDrift = drift;
    }

    /// @inheritdoc ILightClient
    function update(bytes calldata header, bytes calldata seal) external returns (BlockSummary memory summary) {
        require(!frozen, LightClient_Frozen());
        if (seal.length == 0) {
            summary = verifier.summarize(header);
            _checkHeld(summary);
            return summary;
        }
        summary = verifier.verify(header, seal);

        bytes32 held = blockHashAt[summary.number];
        if (held == summary.blockHash) return summary;
        require(held == 0, LightClient_ConflictingHeader(summary.number, held, summary.blockHash));
        _checkTime(summary.timestamp);

        blockHashAt[summary.number] = summary.blockHash;
        emit HeaderAccepted(summary.number, summary.blockHash, summary.stateRoot);
    }

    /// @inheritdoc ILightClient
    function reportEquivocation(bytes calldata header, bytes calldata seal) external {
        require(!frozen, LightClient_Frozen());
        BlockSummary memory summary = verifier.verify(header, seal);

        bytes32 held = blockHashAt[summary.number];
        require(
            held != 0 && held != summary.blockHash,
            LightClient_NoConflict(summary.number, held, summary.blockHash)
        );

        frozen = true;
        emit Frozen(summary.number, held, summary.blockHash);
    }

    function _checkHeld(BlockSummary memory summary) private view {
        bytes32 held = blockHashAt[summary.number];
        require(held == summary.blockHash, LightClient_HeaderNotHeld(summary.number, held, summary.blockHash));
    }

    function _checkTime(uint256 timestamp) private view {
        uint256 latest = block.timestamp + maxClockDrift;
        require(timestamp <= latest, LightClient_HeaderFromTheFuture(timestamp, latest));
        uint256 earliest = block.timestamp < trustingPeriod ? 0 : block.timestamp - trustingPeriod;
        require(timestamp >= earliest, LightClient_HeaderTooOld(timestamp, earliest));
    }
}
