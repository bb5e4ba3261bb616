// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IClaimRegistry} from "../claims/IClaimRegistry.sol";
import {IForeignTitles, ITitleEscrow, ITitleTokens} from "./IForeignTitles.sol";
import {TitleCondition} from "./TitleCondition.sol";
import {TradeId} from "./TradeId.sol";

/// @title ForeignTitles
/// @notice Guarantees that a title is kept for at most one trade, and only for one whose seller had it. Trusts ACCREDITOR for which
/// registries are what they say. Money depends on it: the other chain pays for a title that is proven to be where it should, by a block
/// at whose end `tradeOfTitle` was the trade that is paid.
///
/// `TitleFacts` on the other chain reads `tradeOfTitle` where it is in `TradeBook`, which no change may move:
/// `keccak256(tokenId ‖ keccak256(registry ‖ 3))`, each of 32 bytes; zero while no trade keeps the title.
abstract contract ForeignTitles is IForeignTitles, AccessManaged {
    IClaimRegistry public immutable claimRegistry;

    /// @inheritdoc IForeignTitles
    mapping(address titleRegistry => bool) public isRecognised;
    /// @inheritdoc IForeignTitles
    mapping(address titleRegistry => mapping(uint256 tokenId => TradeId)) public tradeOfTitle;

    constructor(IClaimRegistry claims) {
        claimRegistry = claims;
    }

    /// @inheritdoc IForeignTitles
    function recogniseTitleRegistry(address titleRegistry, bool recognised) external restricted {
        isRecognised[titleRegistry] = recognised;
        emit TitleRegistryRecognised(titleRegistry, recognised);
    }

    /// @dev Keeps those that the seller has already; what is issued later can be kept later.
    function _keepThoseThere(TradeId tradeId, address seller, TitleCondition[] memory titles) internal {
        for (uint256 i = 0; i < titles.length; ++i) {
            TitleCondition memory title = titles[i];
            if (title.registry == address(0)) continue;
            require(isRecognised[title.registry], ForeignTitles_NotRecognised(title.registry));
            if (_has(seller, title)) _keep(tradeId, title);
        }
    }

    function _keepTitle(TradeId tradeId, address seller, TitleCondition memory title) internal {
        require(_has(seller, title), ForeignTitles_NotTheSellers(title.registry, title.tokenId, seller));
        _keep(tradeId, title);
    }

    /// @dev A claim that cannot be given up must not keep a trade from ending. Whoever leaves too little gas for it leaves too
    /// little for what comes after it.
    function _letGo(TradeId tradeId, TitleCondition[] memory titles) internal {
        for (uint256 i = 0; i < titles.length; ++i) {
            TitleCondition memory title = titles[i];
            TradeId kept = tradeOfTitle[title.registry][title.tokenId];
            if (TradeId.unwrap(kept) != TradeId.unwrap(tradeId)) continue;
            tradeOfTitle[title.registry][title.tokenId] = TradeId.wrap(0);
            emit TitleLetGo(tradeId, title.registry, title.tokenId);
            try claimRegistry.releaseTitle(bytes32(title.tokenId)) {} catch {}
        }
    }

    function _keep(TradeId tradeId, TitleCondition memory title) private {
        TradeId kept = tradeOfTitle[title.registry][title.tokenId];
        if (TradeId.unwrap(kept) == TradeId.unwrap(tradeId)) return;
        require(TradeId.unwrap(kept) == 0, ForeignTitles_InAnotherTrade(title.registry, title.tokenId, kept));
        tradeOfTitle[title.registry][title.tokenId] = tradeId;
        emit TitleKept(tradeId, title.registry, title.tokenId);
        claimRegistry.claimTitle(bytes32(title.tokenId), title.registry);
    }

    /// @dev A title that is surrendered belongs to its registry, one that was accepted to an account without code.
    function _has(address account, TitleCondition memory title) private view returns (bool) {
        try ITitleTokens(title.registry).ownerOf(title.tokenId) returns (address owner) {
            if (owner == title.registry || owner.code.length == 0) return false;
            return ITitleEscrow(owner).holder() == account || ITitleEscrow(owner).beneficiary() == account;
        } catch {
            return false;
        }
    }
}
