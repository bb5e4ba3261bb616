// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice What a light client needs to know of a block: 96 bytes out of a header of some 600.
struct BlockSummary {
    uint256 number;
    bytes32 blockHash;
    bytes32 stateRoot;
}

/// @title Decides whether a quorum of a chain's validators stands behind a block header
/// @notice One implementation per way a chain seals its blocks. {AttestedHeaders} serves chains whose headers carry
/// no seals.
interface IHeaderVerifier {
    /// @notice Reads a header and checks the validators' consent to it.
    /// @param header RLP of the block header, with any number of fields from nine on.
    /// @param seal The consent, in the format of the implementation.
    /// @return summary Number, hash and state root of the block.
    /// @dev Reverts, with an error of the implementation, unless a quorum consents.
    function verify(bytes calldata header, bytes calldata seal) external view returns (BlockSummary memory summary);

    /// @notice EIP-155 id of the chain whose headers are verified.
    function chainId() external view returns (uint256);
}
