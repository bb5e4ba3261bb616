// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ProvenDocument} from "../documents/ProvenDocument.sol";
import {TradeId} from "./TradeId.sol";

/// @notice What the finance chain must know of a trade to hold and pay its money.
/// @param amount In the coin's smallest unit.
/// @param shares Of each milestone, in basis points of the amount; they sum to 10,000.
struct EscrowTerms {
    address buyer;
    address seller;
    bytes3 currency;
    address coin;
    uint256 amount;
    uint16[] shares;
}

/// @title What the two chains say to each other about a trade
/// @notice Every payload is `abi.encode(uint8 kind, bytes32 tradeId, …)`. From the trade book to the settlement:
/// agreed (terms), milestone reached (index, documents with an amount that it was reached on), terminated (the milestones
/// reached before). From the settlement to the trade book: funded, milestone paid (index, amount, whether it waits in
/// suspense), refunded (amount).
library TradeMessages {
    uint8 internal constant AGREED = 1;
    uint8 internal constant MILESTONE_REACHED = 2;
    uint8 internal constant TERMINATED = 3;
    uint8 internal constant FUNDED = 4;
    uint8 internal constant MILESTONE_PAID = 5;
    uint8 internal constant REFUNDED = 6;

    /// @dev The payload begins with a kind that its recipient does not know.
    error TradeMessages_UnknownKind(uint8 kind);

    /// @notice Kind and trade: the first two words of every payload.
    function header(bytes calldata payload) internal pure returns (uint8 kind, TradeId tradeId) {
        return abi.decode(payload, (uint8, TradeId));
    }

    function agreed(TradeId tradeId, EscrowTerms memory terms) internal pure returns (bytes memory) {
        return abi.encode(AGREED, tradeId, terms);
    }

    function readAgreed(bytes calldata payload) internal pure returns (EscrowTerms memory terms) {
        (, , terms) = abi.decode(payload, (uint8, TradeId, EscrowTerms));
    }

    /// @param documents Each at most once; at most eight.
    function milestoneReached(
        TradeId tradeId,
        uint256 milestone,
        ProvenDocument[] memory documents
    ) internal pure returns (bytes memory) {
        return abi.encode(MILESTONE_REACHED, tradeId, milestone, documents);
    }

    function readMilestoneReached(
        bytes calldata payload
    ) internal pure returns (uint256 milestone, ProvenDocument[] memory documents) {
        (, , milestone, documents) = abi.decode(payload, (uint8, TradeId, uint256, ProvenDocument[]));
    }

    /// @param reached One bit for each milestone that was reached, the first one lowest.
    function terminated(TradeId tradeId, uint8 reached) internal pure returns (bytes memory) {
        return abi.encode(TERMINATED, tradeId, reached);
    }

    function readTerminated(bytes calldata payload) internal pure returns (uint8 reached) {
        (, , reached) = abi.decode(payload, (uint8, TradeId, uint8));
    }

    function funded(TradeId tradeId) internal pure returns (bytes memory) {
        return abi.encode(FUNDED, tradeId);
    }

    function milestonePaid(
        TradeId tradeId,
        uint256 milestone,
        uint256 amount,
        bool inSuspense
    ) internal pure returns (bytes memory) {
        return abi.encode(MILESTONE_PAID, tradeId, milestone, amount, inSuspense);
    }

    function readMilestonePaid(
        bytes calldata payload
    ) internal pure returns (uint256 milestone, uint256 amount, bool inSuspense) {
        (, , milestone, amount, inSuspense) = abi.decode(payload, (uint8, TradeId, uint256, uint256, bool));
    }

    function refunded(TradeId tradeId, uint256 amount) internal pure returns (bytes memory) {
        return abi.encode(REFUNDED, tradeId, amount);
    }

    function readRefunded(bytes calldata payload) internal pure returns (uint256 amount) {
        (, , amount) = abi.decode(payload, (uint8, TradeId, uint256));
    }
}
