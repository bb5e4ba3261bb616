// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IDocumentObserver} from "../documents/IDocumentRegistry.sol";
import {TitleCondition} from "./TitleCondition.sol";
import {TradeId} from "./TradeId.sol";

/// @title Contracts of sale, from proposal to the last payment
/// @notice What both parties agree on here is all that the finance chain pays on.
///
///     Proposed ── accept ──> Agreed ── last milestone ──> Completed
///        │                   │  ↑
///        │ withdraw    dispute  resolve(true)
///        ↓                   ↓  │
///     Withdrawn           Disputed ── resolve(false) ──> Cancelled
///
///     Agreed ── expire ──> Expired          Agreed ── cancel, by both ──> Cancelled
///
/// Where all documents are there already, accepting or resolving completes a trade at once. A milestone that waits for a title is
/// reached on the finance chain, where anyone can prove that the title went where it should, and heard of here when it was paid.
interface ITradeBook is IDocumentObserver {
    enum State {
        Unknown,
        Proposed,
        Withdrawn,
        Agreed,
        Disputed,
        Completed,
        Expired,
        Cancelled
    }

    enum MilestoneState {
        Pending,
        Reached,
        Paid,
        InSuspense
    }

    /// @notice A document that a milestone waits for.
    /// @param documentType UNTDID 1001 code.
    /// @param issuer Who must have registered it: parties agree on persons, not only on papers.
    struct Requirement {
        uint16 documentType;
        address issuer;
    }

    /// @param share In basis points of the amount, at least 1.
    /// @param requirements One to eight, all of which must be active; none where a title is what is waited for.
    struct MilestoneTerms {
        uint16 share;
        Requirement[] requirements;
    }

    /// @param currency ISO 4217 code.
    /// @param coin Address, on the finance chain, of the coin to pay in.
    /// @param amount In the coin's smallest unit, 1 to 2^128 - 1.
    /// @param expiry Unix time in seconds until which milestones can be reached.
    /// @param purchaseReference The parties' own reference; makes equal terms different trades.
    /// @param milestones One to eight; their shares sum to 10,000.
    /// @param titles What each milestone waits for instead of documents; an empty condition where it does not. None at all when no
    /// milestone waits for a title. Neither holder nor beneficiary of one is the seller.
    struct Terms {
        address buyer;
        bytes3 currency;
        address coin;
        uint128 amount;
        uint40 expiry;
        bytes32 purchaseReference;
        MilestoneTerms[] milestones;
        TitleCondition[] titles;
    }

    /// @notice Where a trade stands.
    /// @param paid Sum of all milestones paid, in the coin's smallest unit, as the finance chain reports.
    /// @param refunded What went back to the buyer.
    struct TradeStatus {
        State state;
        bool funded;
        uint40 expiry;
        uint128 paid;
        uint128 refunded;
        MilestoneState[] milestones;
    }

    event TradeProposed(TradeId indexed tradeId, address indexed seller, address indexed buyer, Terms terms);
    event TradeWithdrawn(TradeId indexed tradeId);
    event TradeAgreed(TradeId indexed tradeId);
    event MilestoneReached(TradeId indexed tradeId, uint256 indexed milestone);
    event TradeCompleted(TradeId indexed tradeId);
    event TradeExpired(TradeId indexed tradeId);
    event CancellationRequested(TradeId indexed tradeId, address indexed party);
    event TradeCancelled(TradeId indexed tradeId);
    event TradeDisputed(TradeId indexed tradeId, address indexed party);
    event DisputeResolved(TradeId indexed tradeId, bool proceed);
    event TradeFunded(TradeId indexed tradeId);
    event MilestonePaid(TradeId indexed tradeId, uint256 indexed milestone, uint256 amount, bool inSuspense);
    event TradeRefunded(TradeId indexed tradeId, uint256 amount);

    error TradeBook_AlreadyProposed(TradeId tradeId);
    error TradeBook_WrongState(TradeId tradeId, State state);
    error TradeBook_NotSeller(TradeId tradeId, address caller);
    error TradeBook_NotBuyer(TradeId tradeId, address caller);
    error TradeBook_NotParty(TradeId tradeId, address caller);
    error TradeBook_NotRegistry(address caller);
    error TradeBook_InvalidSignature(TradeId tradeId, address buyer);
    error TradeBook_SignatureExpired(uint256 deadline);
    /// @dev Zero, or the seller's own account.
    error TradeBook_InvalidBuyer(address buyer);
    /// @dev Not three capital letters.
    error TradeBook_InvalidCurrency(bytes3 currency);
    error TradeBook_InvalidCoin(address coin);
    error TradeBook_InvalidAmount(uint128 amount);
    /// @dev Not in the future.
    error TradeBook_InvalidExpiry(uint40 expiry);
    /// @dev Not one to eight.
    error TradeBook_InvalidMilestoneCount(uint256 count);
    /// @dev A share is zero, or all of them do not sum to 10,000.
    error TradeBook_InvalidShares(uint256 sum);
    /// @dev Not one to eight documents, or an issuer is the zero address; or documents beside a title.
    error TradeBook_InvalidRequirements(uint256 milestone);
    /// @dev Neither none nor as many as there are milestones.
    error TradeBook_InvalidTitleCount(uint256 count);
    /// @dev No token, holder or beneficiary is named; or they are, and no registry; or the seller is to stay one of them.
    error TradeBook_InvalidTitle(uint256 milestone);
    error TradeBook_UnknownMilestone(TradeId tradeId, uint256 milestone);
    error TradeBook_MilestoneNotPending(TradeId tradeId, uint256 milestone, MilestoneState state);
    /// @dev None was registered, it was revoked or superseded, or its issuer is suspended or no longer accredited.
    error TradeBook_DocumentNotActive(TradeId tradeId, uint16 documentType, address issuer);
    /// @dev The issuer withdrew or replaced a document: only the buyer can release on what came after.
    error TradeBook_DocumentAmended(TradeId tradeId, uint16 documentType, address issuer);
    /// @dev It waits for a title, whose proof the finance chain takes.
    error TradeBook_WaitsForTitle(TradeId tradeId, uint256 milestone);
    /// @dev It waits for documents.
    error TradeBook_NoTitle(TradeId tradeId, uint256 milestone);
    error TradeBook_Expired(TradeId tradeId, uint40 expiry);
    error TradeBook_NotExpired(TradeId tradeId, uint40 expiry);
    error TradeBook_CancellationAlreadyRequested(TradeId tradeId, address party);

    // ---------------------------------------------------------------------------------------------- agreeing

    /// @notice Proposes a sale; the caller is the seller. Both must be active participants.
    function propose(Terms calldata terms) external returns (TradeId tradeId);

    /// @notice Takes back a proposal that is not accepted yet. Only its seller.
    function withdraw(TradeId tradeId) external;

    /// @notice Accepts a proposal before its expiry; the escrow opens on the finance chain. Only its buyer.
    function accept(TradeId tradeId) external;

    /// @notice Accepts with the buyer's signature over `TradeAcceptance(bytes32 tradeId,uint256 deadline)` in the EIP-712
    /// domain of this contract (name "Huangpu TradeBook", version "1"). Any active participant may submit it.
    /// @param deadline Unix time in seconds until which the signature is good.
    /// @param signature 65 bytes, or what the buyer's contract takes (ERC-1271).
    function acceptWithSignature(TradeId tradeId, uint256 deadline, bytes calldata signature) external;

    // --------------------------------------------------------------------------------------------- performing

    /// @notice Releases a milestone whose documents are all active. Most milestones are released by themselves; this is for
    /// those whose documents were amended (the buyer alone), and those whose issuer was suspended or not accredited for
    /// a while (either party).
    function release(TradeId tradeId, uint256 milestone) external;

    /// @notice Keeps for an agreed trade the title that a milestone waits for, once the seller has it; one that was there already
    /// has been kept since it was agreed. Open to anyone; whoever delivers a title that was issued later calls it first, for only a
    /// title that was kept when it was delivered is paid for.
    function keepTitle(TradeId tradeId, uint256 milestone) external;

    // ------------------------------------------------------------------------------------------------- ending

    /// @notice Ends a trade after its expiry; what was not released goes back to the buyer. Only a party.
    function expire(TradeId tradeId) external;

    /// @notice Asks to end a trade now; when the other party asks too, it ends as by expiry.
    function cancel(TradeId tradeId) external;

    /// @notice Holds a trade until an arbiter decides. Only a party, and only before the expiry: nothing could be
    /// reached any more, and the refund would wait.
    function dispute(TradeId tradeId) external;

    /// @notice Lets a disputed trade go on, its expiry put off by as long as it was held, or cancels it. What a party
    /// asked for before in {cancel} is void when it goes on. Only ARBITER.
    function resolve(TradeId tradeId, bool proceed) external;

    // ------------------------------------------------------------------------------------------------ reading

    function tradeIdOf(address seller, Terms calldata terms) external view returns (TradeId);

    function termsOf(TradeId tradeId) external view returns (address seller, Terms memory terms);

    function statusOf(TradeId tradeId) external view returns (TradeStatus memory);

    /// @notice The digest that a buyer signs for {acceptWithSignature}.
    function acceptanceDigest(TradeId tradeId, uint256 deadline) external view returns (bytes32);
}
