// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {TradeId} from "../../trade/sales/TradeId.sol";
import {TitleTerms} from "../../trade/sales/TradeMessages.sol";
import {IStablecoin} from "../coin/IStablecoin.sol";
import {IFxDesk} from "../fx/IFxDesk.sol";
import {ITitleFacts} from "../titles/ITitleFacts.sol";
import {ISuspense} from "./ISuspense.sol";

/// @title The money of every trade
/// @notice One escrow a trade, opened, paid out and closed by proven messages of the trade book alone.
///
///     Open ── fund ──> Funded ── last milestone, or terminated: the rest is refunded ──> Closed
///      │                                                                                   ↑
///      ├── terminated, nothing due ───────────────────────────────────────────────────────-┤
///      └── terminated, something due ──> Owing ── fund, with what is due ──────────────────┘
///
/// A milestone that was reached is paid when the evidence ledger lets the payment pass. If not, its money is *held* here, for
/// the seller, whatever becomes of the escrow: it is paid as soon as the documents do, and returns to the buyer only when the
/// seller says so.
///
/// A milestone that waits for a title is reached by whoever proves that the title got to where it should between the agreement and
/// the expiry. That is not said by the trade book but shown from the title registry's own storage.
///
/// Between the banks the escrows stand with the settlement agent: funding is owed by the buyer's bank to the agent, a payout by
/// the agent to the seller's bank, a refund by the agent to the buyer's. A seller or buyer who has no bank by then is paid all the
/// same; what the agent has for them is owed to nobody.
interface ISettlement is ISuspense {
    enum State {
        Unknown,
        Open,
        Funded,
        Owing,
        Closed
    }

    /// @param reached One bit for each milestone that was reached, the first one lowest.
    /// @param held The same for those of them whose money is held, because the evidence does not let it pass.
    /// @param titled The same for those that wait for a title.
    /// @param amount What was agreed, in the coin's smallest unit.
    /// @param released The part of it that reached milestones entitle the seller to: paid when the escrow is funded.
    /// @param cumulativeShares Of the milestones up to each, in basis points.
    struct Escrow {
        address buyer;
        State state;
        uint8 reached;
        uint8 held;
        uint8 titled;
        address seller;
        IStablecoin coin;
        uint128 amount;
        uint128 released;
        uint16[] cumulativeShares;
    }

    event CoinListed(IStablecoin indexed coin, bool listed);
    event EscrowOpened(
        TradeId indexed tradeId,
        address indexed buyer,
        address indexed seller,
        IStablecoin coin,
        uint256 amount
    );
    event EscrowFunded(TradeId indexed tradeId, uint256 amount);
    /// @notice A milestone was reached before the money was there; it is paid with the funding.
    event MilestoneDue(TradeId indexed tradeId, uint256 indexed milestone, uint256 amount);
    event MilestonePaid(
        TradeId indexed tradeId,
        uint256 indexed milestone,
        address indexed seller,
        uint256 amount,
        bool inSuspense
    );
    /// @notice A milestone was reached, and its money is held for the seller.
    /// @param reasons Bits of `ForexReasons`.
    event MilestoneHeld(TradeId indexed tradeId, uint256 indexed milestone, uint256 amount, uint256 reasons);
    /// @notice The seller gave up what was held, or a part of it; the refund follows.
    event MilestoneWaived(TradeId indexed tradeId, uint256 indexed milestone, uint256 amount);
    /// @notice What the agent owes a bank for a payment could not be booked; see {ISettlement-bookLater}.
    event LegUnbooked(uint16 indexed member, bytes3 indexed currency, uint256 amount);
    event LegBooked(uint16 indexed member, bytes3 indexed currency, uint256 amount);
    event EscrowRefunded(TradeId indexed tradeId, address indexed buyer, uint256 amount, bool inSuspense);
    event EscrowOwing(TradeId indexed tradeId, uint256 amount);
    event EscrowClosed(TradeId indexed tradeId);
    /// @param shownAt Time of the trade chain's block that shows where the title was, in Unix seconds.
    event TitleShown(TradeId indexed tradeId, uint256 indexed milestone, uint256 shownAt);
    event TitlesDisputed(TradeId indexed tradeId);
    event TitlesResumed(TradeId indexed tradeId, uint40 expiry);

    error Settlement_WrongState(TradeId tradeId, State state);
    error Settlement_CoinNotListed(IStablecoin coin);
    /// @dev The coin stands for another currency than the terms name.
    error Settlement_WrongCurrency(bytes3 agreed, bytes3 coin);
    /// @dev The amount is zero or not below 2^96; or, of a part, not below the whole.
    error Settlement_InvalidAmount(uint256 amount);
    /// @dev Not one to eight, or they do not sum to 10,000.
    error Settlement_InvalidShares(uint256 sum);
    error Settlement_NotBuyer(TradeId tradeId, address caller);
    /// @dev An escrow is funded with exactly its amount, neither less nor more.
    error Settlement_WrongFunding(TradeId tradeId, uint256 expected, uint256 given);
    error Settlement_UnknownMilestone(TradeId tradeId, uint256 milestone);
    error Settlement_MilestoneAlreadyReached(TradeId tradeId, uint256 milestone);
    /// @dev The trade ended with other milestones reached than were heard of here: their messages come first.
    error Settlement_MilestonesMissing(TradeId tradeId, uint8 heard, uint8 reached);

    /// @dev The milestone waits for documents, or the trade is unknown.
    error Settlement_NoTitle(TradeId tradeId, uint256 milestone);
    /// @dev Titles count again when the arbiter lets the trade go on.
    error Settlement_Disputed(TradeId tradeId);
    /// @dev Not after the parties agreed, or after the trade's expiry.
    error Settlement_ShownOutOfTime(uint256 shownAt, uint40 agreedAt, uint40 expiry);
    /// @dev As many as a milestone that waits for documents can have: eight.
    error Settlement_TooManyDocuments(uint256 count);
    /// @dev What comes before this message has not arrived.
    error Settlement_OutOfTurn(TradeId tradeId, uint32 last, uint32 turn);

    error Settlement_NotHeld(TradeId tradeId, uint256 milestone);
    error Settlement_NotSeller(TradeId tradeId, address caller);
    /// @dev Only buyer and seller choose on which documents a milestone is drawn.
    error Settlement_NotParty(TradeId tradeId, address caller);
    /// @dev Whoever pays into an escrow is served by a bank, which owes the money to the agent.
    error Settlement_NoBank(address account);
    /// @dev No member stands for the escrows.
    error Settlement_NoAgent();
    /// @dev The quote is for another coin than the escrow's.
    error Settlement_WrongQuoteCoin(IStablecoin expected, IStablecoin given);
    /// @dev The provider's coins did not come in.
    error Settlement_NotDelivered(IStablecoin coin);
    error Settlement_NothingUnbooked(uint16 member, bytes3 currency);

    /// @notice Pays the whole amount into the escrow from an allowance given before. Only the buyer.
    /// @param amount Must equal what is needed: the agreed amount, or, in an owing escrow, what was released. Given so
    /// that the buyer pays what they saw.
    function fund(TradeId tradeId, uint256 amount) external;

    /// @notice The same with an ERC-2612 permit, in one transaction. A permit that somebody else has submitted already
    /// does no harm.
    function fundWithPermit(TradeId tradeId, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice The same out of another coin, which a provider converts: both coins move and the escrow is funded, or nothing
    /// happens. Only the buyer, who has read the quote; `quote.buyAmount` must equal what is needed.
    function fundByConversion(TradeId tradeId, IFxDesk.Quote calldata quote, bytes calldata signature) external;

    /// @notice Reaches a milestone that waits for a title, by proof that it got there while the trade kept it. Open to anyone.
    /// @param documents On which it is drawn, at most eight; only buyer and seller choose them. None: if that is not enough, the money is held
    /// until the parties name some in {settleHeld}.
    function reachByTitle(
        TradeId tradeId,
        uint256 milestone,
        ITitleFacts.TitleProof calldata proof,
        bytes32[] calldata documents
    ) external;

    /// @notice Pays a milestone whose money is held, or reverts with what stands against it.
    /// @param documents On which it is drawn instead of the milestone's own; only buyer and seller choose them. None: its own
    /// ones are tried again, by anyone.
    function settleHeld(TradeId tradeId, uint256 milestone, bytes32[] calldata documents) external;

    /// @notice Pays the seller as much of a held milestone as documents carry, and gives the rest back to the buyer. Only the
    /// seller. Otherwise a buyer who has used up one unit of them elsewhere would keep all of it from being paid.
    /// @param part What the seller takes, in the coin's smallest unit; above zero and below what is held.
    function settleHeldInPart(TradeId tradeId, uint256 milestone, uint256 part, bytes32[] calldata documents) external;

    /// @notice Gives the buyer what is held for a milestone that cannot be paid. Only the seller.
    function releaseHeldToBuyer(TradeId tradeId, uint256 milestone) external;

    /// @notice Books what the clearing house refused when it was paid, say because the bank was suspended. Open to anyone.
    function bookLater(uint16 member, bytes3 currency) external;

    /// @notice Says whether new trades may be settled in a coin; open ones stay as they are. Only OPERATOR.
    function listCoin(IStablecoin coin, bool listed) external;

    function escrow(TradeId tradeId) external view returns (Escrow memory);

    /// @notice What a milestone is worth, in the coin's smallest unit. All milestones sum to the agreed amount exactly.
    function milestoneAmount(TradeId tradeId, uint256 milestone) external view returns (uint256);

    /// @notice The documents that came with a milestone, as long as it is due or held.
    function documentsOf(TradeId tradeId, uint256 milestone) external view returns (bytes32[] memory);

    /// @notice The titles that a trade's milestones wait for, from when to when, and whether they are held by a dispute.
    function titlesOf(TradeId tradeId) external view returns (TitleTerms memory titles, bool disputed);

    /// @notice What the agent owes a bank for payments and the clearing house has not taken down, in millionths.
    function unbooked(uint16 member, bytes3 currency) external view returns (uint256);

    function isListed(IStablecoin coin) external view returns (bool);
}
