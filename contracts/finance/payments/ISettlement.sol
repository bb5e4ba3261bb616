// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IStablecoin} from "../coin/IStablecoin.sol";
import {TradeId} from "../../trade/TradeId.sol";
import {ISuspense} from "./ISuspense.sol";

/// @title The money of every trade
/// @notice One escrow a trade, opened, paid out and closed by proven messages of the trade book alone.
///
///     Open ── fund ──> Funded ── last milestone, or terminated: the rest is refunded ──> Closed
///      │                                                                                   ↑
///      ├── terminated, nothing due ───────────────────────────────────────────────────────-┤
///      └── terminated, something due ──> Owing ── fund, with what is due ──────────────────┘
interface ISettlement is ISuspense {
    enum State {
        Unknown,
        Open,
        Funded,
        Owing,
        Closed
    }

    /// @param reached One bit for each milestone that was reached, the first one lowest.
    /// @param amount What was agreed, in the coin's smallest unit.
    /// @param released The part of it that reached milestones entitle the seller to: paid when the escrow is funded.
    /// @param cumulativeShares Of the milestones up to each, in basis points.
    struct Escrow {
        address buyer;
        State state;
        uint8 reached;
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
    event EscrowRefunded(TradeId indexed tradeId, address indexed buyer, uint256 amount, bool inSuspense);
    event EscrowOwing(TradeId indexed tradeId, uint256 amount);
    event EscrowClosed(TradeId indexed tradeId);

    error Settlement_WrongState(TradeId tradeId, State state);
    error Settlement_CoinNotListed(IStablecoin coin);
    /// @dev The coin stands for another currency than the terms name.
    error Settlement_WrongCurrency(bytes3 agreed, bytes3 coin);
    /// @dev The amount is zero or not below 2^128.
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

    /// @notice Pays the whole amount into the escrow from an allowance given before. Only the buyer.
    /// @param amount Must equal what is needed: the agreed amount, or, in an owing escrow, what was released. Given so
    /// that the buyer pays what they saw.
    function fund(TradeId tradeId, uint256 amount) external;

    /// @notice The same with an ERC-2612 permit, in one transaction. A permit that somebody else has submitted already
    /// does no harm.
    function fundWithPermit(TradeId tradeId, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external;

    /// @notice Says whether new trades may be settled in a coin; open ones stay as they are. Only OPERATOR.
    function listCoin(IStablecoin coin, bool listed) external;

    function escrow(TradeId tradeId) external view returns (Escrow memory);

    /// @notice What a milestone is worth, in the coin's smallest unit. All milestones sum to the agreed amount exactly.
    function milestoneAmount(TradeId tradeId, uint256 milestone) external view returns (uint256);

    function isListed(IStablecoin coin) external view returns (bool);
}
