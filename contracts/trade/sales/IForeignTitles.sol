// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {TradeId} from "./TradeId.sol";

/// @title Titles of other registries that trades wait for
/// @notice A title registry (TradeTrust v5) counts once ACCREDITOR has looked at it. Whoever has a title there and sells it by a
/// trade keeps it for that trade until the trade ends, and with it the content that it commits to: one sale of one title at a
/// time, and no other title over the same content. A title that is delivered while its trade does not keep it is not paid for.
interface IForeignTitles {
    event TitleRegistryRecognised(address indexed titleRegistry, bool recognised);
    event TitleKept(TradeId indexed tradeId, address indexed titleRegistry, uint256 indexed tokenId);
    event TitleLetGo(TradeId indexed tradeId, address indexed titleRegistry, uint256 indexed tokenId);

    error ForeignTitles_NotRecognised(address titleRegistry);
    /// @dev Another trade, which has not ended, sells it.
    error ForeignTitles_InAnotherTrade(address titleRegistry, uint256 tokenId, TradeId tradeId);
    /// @dev It does not exist, was surrendered, or the seller neither holds nor owns it.
    error ForeignTitles_NotTheSellers(address titleRegistry, uint256 tokenId, address seller);

    /// @notice Says whether new trades may wait for titles of a registry; agreed ones stay as they are. Only ACCREDITOR.
    /// @param titleRegistry A TradeTrust v5 token registry of this chain whose code and escrow factory are the published ones: its
    /// storage is read on the other chain, and it is called here.
    function recogniseTitleRegistry(address titleRegistry, bool recognised) external;

    function isRecognised(address titleRegistry) external view returns (bool);

    /// @notice The trade that a title is kept for; zero when there is none.
    function tradeOfTitle(address titleRegistry, uint256 tokenId) external view returns (TradeId);
}

/// @notice What is asked of a TradeTrust token registry.
interface ITitleTokens {
    /// @dev Reverts for a token that was never minted.
    function ownerOf(uint256 tokenId) external view returns (address);
}

/// @notice What is asked of a TradeTrust title escrow.
interface ITitleEscrow {
    function beneficiary() external view returns (address);

    function holder() external view returns (address);
}
