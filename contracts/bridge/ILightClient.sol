// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {BlockSummary, IHeaderVerifier} from "./IHeaderVerifier.sol";

/// @title The other chain as this chain knows it
interface ILightClient {
    event HeaderAccepted(uint256 indexed number, bytes32 indexed blockHash, bytes32 stateRoot);
    event Frozen(uint256 indexed number, bytes32 held, bytes32 conflicting);

    /// @dev The trusting period must be longer than the clocks may differ, and below 2^64 seconds.
    error LightClient_InvalidPeriod(uint256 trustingPeriod, uint256 maxClockDrift);
    /// @dev Two blocks at one height were sealed; nothing passes any more.
    error LightClient_Frozen();
    /// @dev A quorum sealed another block at this height: hand the same header to {reportEquivocation}.
    error LightClient_ConflictingHeader(uint256 number, bytes32 held, bytes32 given);
    /// @dev What was reported conflicts with nothing that is held.
    error LightClient_NoConflict(uint256 number, bytes32 held, bytes32 given);
    /// @dev A header without a seal that is not the one held at its height.
    error LightClient_HeaderNotHeld(uint256 number, bytes32 held, bytes32 given);
    /// @dev A header whose time is further ahead of this chain's than clocks may differ.
    error LightClient_HeaderFromTheFuture(uint256 timestamp, uint256 latest);
    /// @dev A header that was not accepted while it was fresh. A newer one shows the same heads and later ones.
    error LightClient_HeaderTooOld(uint256 timestamp, uint256 earliest);

    /// @notice Accepts a header that a quorum of the other chain's validators sealed. Open to anyone: the seal is the
    /// permission. A header that is held is accepted again, at any age. Leave its seal out then: it is not needed, costs
    /// as much as the first time, and may not hold any more because the validators have changed.
    /// @param header RLP of the block header, in the form that {verifier} takes.
    /// @param seal The validators' consent in the format of {verifier}; empty for a header that is held.
    /// @return summary Of the accepted block.
    function update(bytes calldata header, bytes calldata seal) external returns (BlockSummary memory summary);

    /// @notice Freezes this client for good when `header` is sealed and another one is held at its height. Open to
    /// anyone, at any age of the header. Of two conflicting headers of which none is held yet, give the first one to
    /// {update}.
    function reportEquivocation(bytes calldata header, bytes calldata seal) external;

    /// @notice Hash of the accepted block at a height, or zero.
    function blockHashAt(uint256 number) external view returns (bytes32);

    /// @notice Whether an equivocation was proven. There is no way back: the Gateway gets a new client instead.
    function frozen() external view returns (bool);

    /// @notice Who decides that a header is sealed.
    function verifier() external view returns (IHeaderVerifier);

    /// @notice Seconds for which a header can be accepted after the time it bears.
    function trustingPeriod() external view returns (uint256);

    /// @notice Seconds by which a header's time may be ahead of this chain's.
    function maxClockDrift() external view returns (uint256);
}
