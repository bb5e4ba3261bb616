// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {TitleCondition} from "../../trade/sales/TitleCondition.sol";

/// @title What is true of titles on the trade chain
/// @notice Shown by storage proofs under one header that the gateway's light client accepts. What is shown was so at the end of that
/// block; how old a block may be is for the caller to say.
interface ITitleFacts {
    /// @notice Shows who has a title of a TradeTrust v5 registry.
    /// @dev The first two as in a {HeadProof}; proofs are those of `eth_getProof` at that block.
    /// @param registryProof Account proof of the title registry.
    /// @param ownerProof Storage proof of the token's owner in it.
    /// @param escrowProof Account proof of that owner, the title escrow.
    /// @param slotProofs Storage proofs of the title escrow's slots 0 to 6, in that order.
    struct TitleProof {
        bytes header;
        bytes seal;
        bytes[] registryProof;
        bytes[] ownerProof;
        bytes[] escrowProof;
        bytes[][] slotProofs;
    }

    /// @dev The registry has it itself (surrendered), or nobody will again (accepted and burnt).
    error TitleFacts_NotInEscrow(address registry, uint256 tokenId, address owner);
    /// @dev The owner says that it keeps another title.
    error TitleFacts_NotItsEscrow(address escrow, address registry, uint256 tokenId);
    error TitleFacts_WrongBeneficiary(address expected, address beneficiary);
    error TitleFacts_WrongHolder(address expected, address holder);
    /// @dev Whoever has the title now has not acted on it, and can still send it back to these.
    error TitleFacts_StillRejectable(address previousBeneficiary, address previousHolder);
    error TitleFacts_Inactive(address escrow);
    error TitleFacts_WrongProofCount(uint256 count);

    /// @notice Returns when an active title was where the condition says, so that no transfer of it could be rejected any more.
    /// @return shownAt Time of the block that shows it, by the trade chain's clock, in Unix seconds.
    /// @dev Reverts with an error from above, of `StateProof`, of the light client, or, when the lane is paused or not linked, of the
    /// gateway. Open to anyone.
    function requireDelivered(
        TitleCondition calldata condition,
        TitleProof calldata proof
    ) external returns (uint256 shownAt);
}
