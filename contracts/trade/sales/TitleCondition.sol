// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice A title in an ERC-721 title registry of the trade chain (TradeTrust v5), and where it must have gone.
/// @param registry The title registry; zero for no condition.
/// @param tokenId What the registry calls the title.
/// @param holder Who must have it (possession).
/// @param beneficiary Who must own it.
struct TitleCondition {
    address registry;
    uint256 tokenId;
    address holder;
    address beneficiary;
}
