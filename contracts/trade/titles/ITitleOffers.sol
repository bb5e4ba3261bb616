// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {OfferEnd, OfferTerms} from "./TitleMessages.sol";

/// @title Titles offered against payment
/// @notice Delivery versus payment over two chains, with one arbiter: the finance chain decides, once, whether an offer was
/// paid, and the title follows. While it is offered nobody can move it, the seller included.
///
///     offer ──> Offered ── paid ──> Paid ── delivered, at once or by complete ──> Delivered   (the buyer's)
///                  └────── expired, withdrawn, or cannot be taken ──────────────> Returned    (the seller's)
///
/// A title that is pledged cannot be offered: the lender releases it first. What the buyer may rely on before it pays is the
/// offer on the finance chain, and that this chain shows the title as locked and not frozen.
interface ITitleOffers {
    /// @dev `Paid`: the buyer's, but not handed over yet, because a court's order holds the title.
    enum State {
        Unknown,
        Offered,
        Paid,
        Delivered,
        Returned
    }

    /// @param payBy As agreed; the finance chain's clock decides.
    /// @param withdrawing Whether the seller has asked for it back. The buyer may pay until the finance chain hears of it.
    struct Offer {
        address seller;
        State state;
        bool withdrawing;
        uint40 payBy;
        address buyer;
        bytes32 titleId;
    }

    /// @dev Says all there is to know; the payment terms are stored on the finance chain alone.
    event TitleOffered(
        bytes32 indexed offerId,
        bytes32 indexed titleId,
        address indexed buyer,
        address seller,
        bytes3 currency,
        address coin,
        uint256 amount,
        uint40 payBy
    );
    event WithdrawalRequested(bytes32 indexed offerId);
    event OfferPaid(bytes32 indexed offerId);
    /// @notice The title is the buyer's now.
    event TitleDelivered(bytes32 indexed offerId, bytes32 indexed titleId, address indexed buyer);
    /// @notice Paid, but the title cannot move now: {complete} hands it over later.
    event DeliveryHeld(bytes32 indexed offerId, bytes32 indexed titleId);
    /// @notice The title is the seller's again, to act on as before.
    event TitleReturned(bytes32 indexed offerId, bytes32 indexed titleId, OfferEnd end);

    error TitleOffers_InvalidBuyer(address buyer);
    error TitleOffers_InvalidPrice(bytes3 currency, address coin, uint256 amount);
    /// @dev The last second to pay in has begun already.
    error TitleOffers_InvalidDeadline(uint40 payBy);
    error TitleOffers_WrongState(bytes32 offerId, State state);
    /// @dev The caller is neither the seller nor its agent now ({ITitleRegistry.setAgent}).
    error TitleOffers_NotActingFor(address seller, address caller);
    error TitleOffers_AlreadyWithdrawing(bytes32 offerId);

    /// @notice Offers a title to a buyer for a price, and locks it until the finance chain has decided. Only who holds and owns it, or
    /// its agent; that is the seller, who is paid.
    /// @param coin On the finance chain, with the decimals that `amount` is counted in.
    /// @param payBy Unix seconds, inclusive; on the finance chain's clock.
    /// @return offerId Commits to the terms, and to how many offers there were before.
    /// @dev Reverts with what the title registry has against locking: the holder does not own the title, or it is to a
    /// named party, frozen, pledged, offered already or at its end. A coin that the finance chain does not take is not known here: such
    /// an offer comes back.
    function offer(
        bytes32 titleId,
        address buyer,
        bytes3 currency,
        address coin,
        uint96 amount,
        uint40 payBy
    ) external returns (bytes32 offerId);

    /// @notice Asks the finance chain to end an offer. It comes back unless the buyer has paid by then. Only the seller or its
    /// agent, once.
    function withdraw(bytes32 offerId) external;

    /// @notice Hands over a title that was paid for while it could not move. Open to anyone.
    function complete(bytes32 offerId) external;

    /// @notice What an offer with these terms is called if it is the `number`th one, counted from 1.
    function offerIdOf(uint256 number, OfferTerms calldata terms) external view returns (bytes32);

    /// @notice How many offers there were.
    function offerCount() external view returns (uint256);

    function offerOf(bytes32 offerId) external view returns (Offer memory);
}
