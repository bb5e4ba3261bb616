// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {OfferEnd} from "../../trade/titles/TitleMessages.sol";
import {IStablecoin} from "../coin/IStablecoin.sol";
import {ISuspense} from "../payments/ISuspense.sol";

/// @title Payments for titles offered on the trade chain
/// @notice The arbiter of delivery versus payment: an offer ends here, once, and the trade chain is told which way.
///
///     offered ──> Open ── pay, until payBy ──> Paid
///        │          └──── withdraw arrives, or expire after payBy ──> Expired
///        └─ cannot be taken ──────────────────────────────────────────> Expired
///
/// A payment needs evidence, moves the coins and makes the payer's bank owe the payee's, in one transaction or not at all.
/// It never waits in the clearing queue: what is not settled at once is not a payment that a title may be given for.
interface ITitlePayments is ISuspense {
    enum State {
        Unknown,
        Open,
        Paid,
        Expired
    }

    /// @param payBy Unix seconds until which it may be paid, inclusive.
    /// @param amount In the coin's smallest unit.
    /// @param titleId Of the title that the payer gets.
    struct Offer {
        address buyer;
        State state;
        uint40 payBy;
        bytes3 currency;
        address seller;
        uint96 amount;
        IStablecoin coin;
        bytes32 titleId;
    }

    event CoinListed(IStablecoin indexed coin, bool listed);
    event OfferOpened(
        bytes32 indexed offerId,
        bytes32 indexed titleId,
        address indexed buyer,
        address seller,
        IStablecoin coin,
        uint256 amount,
        uint40 payBy
    );
    /// @notice The seller has it, or it waits for the seller in suspense. The title is the buyer's.
    event OfferPaid(
        bytes32 indexed offerId,
        bytes32 indexed titleId,
        address indexed buyer,
        address seller,
        IStablecoin coin,
        uint256 amount,
        uint64 obligation,
        bool inSuspense
    );
    /// @notice The title is the seller's; no money has moved, and none will.
    event OfferExpired(bytes32 indexed offerId, OfferEnd end);

    error TitlePayments_WrongState(bytes32 offerId, State state);
    error TitlePayments_NotBuyer(bytes32 offerId, address caller);
    error TitlePayments_TooLate(bytes32 offerId, uint40 payBy);
    error TitlePayments_NotExpired(bytes32 offerId, uint40 payBy);
    error TitlePayments_NoBank(address account);
    /// @dev Or no longer, or not in the currency of the offer.
    error TitlePayments_CoinNotListed(IStablecoin coin);

    /// @notice Pays for an offered title: the whole price, once. Only its buyer, out of the allowance given to this contract.
    /// @param documents Hashes of the documents that the payment is drawn on.
    /// @dev Reverts with what the evidence ledger, the clearing house (caps: it does not queue) or the coin has against it. A
    /// seller who may not take the coin does not stop it: then it waits in suspense.
    function pay(bytes32 offerId, bytes32[] calldata documents) external;

    /// @notice The same with an ERC-2612 permit over the price. A permit that somebody else has submitted already does no harm.
    function payWithPermit(
        bytes32 offerId,
        bytes32[] calldata documents,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice Ends an offer that was not paid in time, from the second after `payBy`. Open to anyone.
    function expire(bytes32 offerId) external;

    /// @notice Says whether titles may be paid in a coin. Offers that are open in one that is not listed any more cannot be paid
    /// until it is again. Only OPERATOR.
    function listCoin(IStablecoin coin, bool listed) external;

    /// @notice All zero for one that is not known; of one that could not be taken only the state is.
    function offerOf(bytes32 offerId) external view returns (Offer memory);

    /// @notice The currency of a coin in which titles may be paid; zero for any other.
    function currencyOf(IStablecoin coin) external view returns (bytes3);
}
