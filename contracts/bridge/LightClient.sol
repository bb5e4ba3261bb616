// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {BlockSummary, IHeaderVerifier} from "./IHeaderVerifier.sol";
import {ILightClient} from "./ILightClient.sol";

/// @title LightClient
/// @notice Guarantees that it never holds two hashes for one height, and that it accepts nothing once two sealed
/// headers for one height were shown to it. Trusts its verifier for what is sealed. Nobody has a role here.
contract LightClient is ILightClient {
    /// @inheritdoc ILightClient
    IHeaderVerifier public immutable verifier;

    /// @inheritdoc ILightClient
    bool public frozen;
    /// @inheritdoc ILightClient
    mapping(uint256 number => bytes32) public blockHashAt;

    constructor(IHeaderVerifier headerVerifier) {
        verifier = headerVerifier;
    }

    /// @inheritdoc ILightClient
    function update(bytes calldata header, bytes calldata seal) external returns (BlockSummary memory summary) {
        require(!frozen, LightClient_Frozen());
        summary = verifier.verify(header, seal);

        bytes32 held = blockHashAt[summary.number];
        if (held == summary.blockHash) return summary;
        require(held == 0, LightClient_ConflictingHeader(summary.number, held, summary.blockHash));

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
}
