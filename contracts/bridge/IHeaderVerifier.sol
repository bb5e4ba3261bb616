// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice What a light client needs to know of a block: 128 bytes out of a header of some 600.
/// @param number Below 2^64.
/// @param blockHash The hash by which the chain itself names the block.
/// @param timestamp Seconds since 1970 by that chain's clock, below 2^64.
struct BlockSummary {
    uint256 number;
    bytes32 blockHash;
    bytes32 stateRoot;
    uint256 timestamp;
}

/// @title Decides whether a quorum of a chain's validators stands behind a block header
/// @notice One implementation per way a chain seals its blocks: {AttestedHeaders} where headers carry no seals,
/// {QbftHeaders} for Hyperledger Besu.
interface IHeaderVerifier {
    /// @notice Reads a header and asks for nobody's consent.
    /// @param header RLP of the block header, with any number of fields from 15 on, in the form that is signed.
    /// @dev Two headers with one hash have one state root, whatever else in them differs. Reverts with an error of the
    /// implementation, of `BlockHeaders` or of `CalldataRlp` when `header` is no header.
    function summarize(bytes calldata header) external view returns (BlockSummary memory summary);

    /// @notice Reads a header and checks the validators' consent to it.
    /// @param seal The consent, in the format of the implementation.
    /// @dev As {summarize}; and reverts, with an error of the implementation or of `Seals`, unless a quorum consents.
    function verify(bytes calldata header, bytes calldata seal) external view returns (BlockSummary memory summary);

    /// @notice EIP-155 id of the chain whose headers are verified.
    function chainId() external view returns (uint256);
}
