// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ProvenDocument} from "../documents/ProvenDocument.sol";
import {TitleCondition} from "./TitleCondition.sol";
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

/// @notice What the finance chain must know besides of a trade some of whose milestones wait for titles.
/// @param agreedAt When the parties agreed, in Unix seconds: what was so before does not count.
/// @param expiry Until when a title may get to where it should, in Unix seconds.
/// @param conditions One a milestone, empty for those that wait for documents.
struct TitleTerms {
    uint40 agreedAt;
    uint40 expiry;
    TitleCondition[] conditions;
}

/// @title What the two chains say to each other about a trade
/// @notice Every payload is `abi.encode(uint8 kind, bytes32 tradeId, …)`. From the trade book to the settlement:
/// agreed (terms), agreed on titles (terms, title terms), milestone reached (index, documents with an amount that it was reached
/// on), terminated (the milestones reached before by documents); and, of trades with titles alone, disputed (turn) and resumed
/// (turn, expiry from then on). Turns count from 1: a dispute has an odd one, and its end the next. From the settlement to the trade
/// book: funded, milestone paid (index, amount, whether it waits in suspense), refunded (amount).
library TradeMessages {
    uint8 internal constant AGREED = 1;
    uint8 internal constant MILESTONE_REACHED = 2;
    uint8 internal constant TERMINATED = 3;
    uint8 internal constant FUNDED = 4;
    uint8 internal constant MILESTONE_PAID = 5;
    uint8 internal constant REFUNDED = 6;
    uint8 internal constant AGREED_ON_TITLES = 7;
    uint8 internal constant DISPUTED = 8;
    uint8 internal constant RESUMED = 9;

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

    function agreedOnTitles(
        TradeId tradeId,
        EscrowTerms memory terms,
        TitleTerms memory titles
    ) internal pure returns (bytes memory) {
        return abi.encode(AGREED_ON_TITLES, tradeId, terms, titles);
    }

    function readAgreedOnTitles(
        bytes calldata payload
    ) internal pure returns (EscrowTerms memory terms, TitleTerms memory titles) {
        (, , terms, titles) = abi.decode(payload, (uint8, TradeId, EscrowTerms, TitleTerms));
    }

    function disputed(TradeId tradeId, uint32 turn) internal pure returns (bytes memory) {
        return abi.encode(DISPUTED, tradeId, turn);
    }

    function readDisputed(bytes calldata payload) internal pure returns (uint32 turn) {
        (, , turn) = abi.decode(payload, (uint8, TradeId, uint32));
    }

    function resumed(TradeId tradeId, uint32 turn, uint40 expiry) internal pure returns (bytes memory) {
        return abi.encode(RESUMED, tradeId, turn, expiry);
    }

    function readResumed(bytes calldata payload) internal pure returns (uint32 turn, uint40 expiry) {
        (, , turn, expiry) = abi.decode(payload, (uint8, TradeId, uint32, uint40));
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

    /// @param reached One bit for each milestone that was reached by documents, the first one lowest.
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
