// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {TitleCondition} from "../../trade/sales/TitleCondition.sol";
import {TradeId} from "../../trade/sales/TradeId.sol";
import {TitleTerms} from "../../trade/sales/TradeMessages.sol";
import {ITitleFacts} from "../titles/ITitleFacts.sol";
import {ISettlement} from "./ISettlement.sol";

/// @title Milestones that wait for a title
/// @notice Guarantees that a title counts only as it stood between agreement and expiry, not while the trade is disputed as far as
/// this chain has heard, and while the trade kept it: so that one delivery of a title releases the money of one trade.
abstract contract TitleMilestones is ISettlement {
    /// @param turn Of the last message about a dispute; odd while there is one.
    struct Titles {
        uint40 agreedAt;
        uint40 expiry;
        uint32 turn;
        TitleCondition[] conditions;
    }

    ITitleFacts public immutable titleFacts;

    mapping(TradeId tradeId => Titles) private _titles;

    constructor(ITitleFacts titleFacts_) {
        titleFacts = titleFacts_;
    }

    /// @inheritdoc ISettlement
    function titlesOf(TradeId tradeId) external view returns (TitleTerms memory titles, bool disputed) {
        Titles storage found = _titles[tradeId];
        titles = TitleTerms({agreedAt: found.agreedAt, expiry: found.expiry, conditions: found.conditions});
        disputed = _isDisputed(found);
    }

    /// @return titled The milestones that wait for a title, one bit each.
    function _keepTitles(TradeId tradeId, TitleTerms memory terms) internal returns (uint8 titled) {
        Titles storage kept = _titles[tradeId];
        kept.agreedAt = terms.agreedAt;
        kept.expiry = terms.expiry;
        for (uint256 i = 0; i < terms.conditions.length; ++i) {
            kept.conditions.push(terms.conditions[i]);
            if (terms.conditions[i].registry != address(0)) titled |= uint8(1 << i); // at most 8 milestones
        }
    }

    /// @dev Messages that failed can be retried in any order, so each dispute and each end of one has its turn.
    function _dispute(TradeId tradeId, uint32 turn) internal {
        _takeTurn(tradeId, turn);
        emit TitlesDisputed(tradeId);
    }

    function _resume(TradeId tradeId, uint32 turn, uint40 expiry) internal {
        _takeTurn(tradeId, turn).expiry = expiry;
        emit TitlesResumed(tradeId, expiry);
    }

    /// @dev Reverts unless the title of a milestone was delivered, for this trade and in time.
    function _showTitle(TradeId tradeId, uint256 milestone, ITitleFacts.TitleProof calldata proof) internal {
        Titles storage titles = _titles[tradeId];
        require(milestone < titles.conditions.length, Settlement_NoTitle(tradeId, milestone));
        TitleCondition memory condition = titles.conditions[milestone];
        require(condition.registry != address(0), Settlement_NoTitle(tradeId, milestone));
        require(!_isDisputed(titles), Settlement_Disputed(tradeId));

        uint256 shownAt = titleFacts.requireDelivered(condition, tradeId, proof);
        // Strictly after: blocks of one chain may have one time.
        require(
            shownAt > titles.agreedAt && shownAt <= titles.expiry,
            Settlement_ShownOutOfTime(shownAt, titles.agreedAt, titles.expiry)
        );
        emit TitleShown(tradeId, milestone, shownAt);
    }

    function _takeTurn(TradeId tradeId, uint32 turn) private returns (Titles storage titles) {
        titles = _titles[tradeId];
        require(titles.agreedAt != 0 && turn == titles.turn + 1, Settlement_OutOfTurn(tradeId, titles.turn, turn));
        titles.turn = turn;
    }

    function _isDisputed(Titles storage titles) private view returns (bool) {
        return titles.turn % 2 == 1;
    }
}
