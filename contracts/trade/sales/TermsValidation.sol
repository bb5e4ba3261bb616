// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IsoCodes} from "../../access/IsoCodes.sol";
import {ITradeBook} from "./ITradeBook.sol";
import {TitleCondition} from "./TitleCondition.sol";

/// @title Whether terms can be a trade at all
library TermsValidation {
    uint256 private constant MAX_MILESTONES = 8;
    uint256 private constant MAX_REQUIREMENTS = 8;
    uint256 private constant WHOLE = 10_000;

    /// @return titled The milestones that wait for a title, one bit each, the first one lowest.
    function validate(ITradeBook.Terms calldata terms, address seller) internal view returns (uint8 titled) {
        require(terms.buyer != address(0) && terms.buyer != seller, ITradeBook.TradeBook_InvalidBuyer(terms.buyer));
        require(IsoCodes.isCurrency(terms.currency), ITradeBook.TradeBook_InvalidCurrency(terms.currency));
        require(terms.coin != address(0), ITradeBook.TradeBook_InvalidCoin(terms.coin));
        require(terms.amount > 0, ITradeBook.TradeBook_InvalidAmount(terms.amount));
        require(terms.expiry > block.timestamp, ITradeBook.TradeBook_InvalidExpiry(terms.expiry));
        titled = _validateTitles(terms.titles, terms.milestones.length, seller);
        _validateMilestones(terms.milestones, titled);
    }

    function _validateMilestones(ITradeBook.MilestoneTerms[] calldata milestones, uint8 titled) private pure {
        uint256 count = milestones.length;
        require(count > 0 && count <= MAX_MILESTONES, ITradeBook.TradeBook_InvalidMilestoneCount(count));

        uint256 sum = 0;
        for (uint256 i = 0; i < count; ++i) {
            require(milestones[i].share > 0, ITradeBook.TradeBook_InvalidShares(sum));
            sum += milestones[i].share;

            ITradeBook.Requirement[] calldata requirements = milestones[i].requirements;
            require(
                (requirements.length > 0) == (titled & (1 << i) == 0) && requirements.length <= MAX_REQUIREMENTS,
                ITradeBook.TradeBook_InvalidRequirements(i)
            );
            for (uint256 j = 0; j < requirements.length; ++j) {
                require(requirements[j].issuer != address(0), ITradeBook.TradeBook_InvalidRequirements(i));
            }
        }
        require(sum == WHOLE, ITradeBook.TradeBook_InvalidShares(sum));
    }

    /// @dev A title that stays the seller's in part could be where the next trade wants it before that is agreed.
    function _validateTitles(
        TitleCondition[] calldata titles,
        uint256 count,
        address seller
    ) private pure returns (uint8 titled) {
        require(titles.length == 0 || titles.length == count, ITradeBook.TradeBook_InvalidTitleCount(titles.length));
        for (uint256 i = 0; i < titles.length && i < MAX_MILESTONES; ++i) {
            TitleCondition calldata title = titles[i];
            bool named = title.registry != address(0);
            require(
                (title.tokenId != 0) == named &&
                    (title.holder != address(0)) == named &&
                    (title.beneficiary != address(0)) == named &&
                    title.holder != seller &&
                    title.beneficiary != seller,
                ITradeBook.TradeBook_InvalidTitle(i)
            );
            if (named) titled |= uint8(1 << i); // at most 8 milestones
        }
        require(titles.length == 0 || titled != 0, ITradeBook.TradeBook_InvalidTitleCount(titles.length));
    }
}
