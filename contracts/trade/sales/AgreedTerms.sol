// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ITradeBook} from "./ITradeBook.sol";
import {EscrowTerms} from "./TradeMessages.sol";

/// @title What the finance chain hears of terms
library AgreedTerms {
    function forEscrow(ITradeBook.Terms storage terms, address seller) internal view returns (EscrowTerms memory) {
        uint256 count = terms.milestones.length;
        uint16[] memory shares = new uint16[](count);
        for (uint256 i = 0; i < count; ++i) shares[i] = terms.milestones[i].share;
        return
            EscrowTerms({
                buyer: terms.buyer,
                seller: seller,
                currency: terms.currency,
                coin: terms.coin,
                amount: terms.amount,
                shares: shares
            });
    }
}
