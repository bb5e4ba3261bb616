// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {BlockSummary, IHeaderVerifier} from "./IHeaderVerifier.sol";

/// @title The other chain as this chain knows it
interface ILightClient {
    event HeaderAccepted(uint256 indexed number, bytes32 indexed blockHash, bytes32 stateRoot);
    event Frozen(uint256 indexed number, bytes32 held, bytes32 conflicting);

    /// @dev Two blocks at one height were sealed; nothing passes any more.
    error LightClient_Frozen();
    /// @dev A quorum sealed another block at this height: hand the same header to {reportEquivocation}.
    error LightClient_ConflictingHeader(uint256 number, bytes32 held, bytes32 given);
    /// @dev What was reported conflicts with nothing that is held.
    error LightClient_NoConflict(uint256 number, bytes32 held, bytes32 given);

    /// @notice Accepts a header that a quorum of the other chain's validators sealed. Open to anyone: the seal is the
    /// permission. A header held already is accepted again, so an older one stays of use.
    /// @param header RLP of the block header.
    /// @param seal The validators' consent in the format of {verifier}.
    /// @return summary Number, hash and state root of the accepted block.
    function update(bytes calldata header, bytes calldata seal) external returns (BlockSummary memory summary);

    /// @notice Freezes this client for good when `header` is sealed and another one is held at its height. Open to
    /// anyone. Of two conflicting headers of which none is held yet, give the first one to {update}.
    function reportEquivocation(bytes calldata header, bytes calldata seal) external;

    /// @notice Hash of the accepted block at a height, or zero.
    function blockHashAt(uint256 number) external view returns (bytes32);

    /// @notice Whether an equivocation was proven. There is no way back: the Gateway gets a new client instead.
    function frozen() external view returns (bool);

    /// @notice Who decides that a header is sealed.
    function verifier() external view returns (IHeaderVerifier);
}
