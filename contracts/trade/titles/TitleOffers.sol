// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";

import {IsoCodes} from "../../access/IsoCodes.sol";
import {IParticipants} from "../../access/IParticipants.sol";
import {Counterpart} from "../../bridge/Counterpart.sol";
import {ITitleOffers} from "./ITitleOffers.sol";
import {ITitleRegistry} from "./ITitleRegistry.sol";
import {OfferEnd, OfferTerms, TitleMessages} from "./TitleMessages.sol";

/// @title TitleOffers
/// @notice Guarantees that a title which it locked moves once, and only as the finance chain decided: to the buyer of an offer
/// that was paid, or back to its seller; never both, and never to anybody else. Trusts the title payments, through the
/// gateway, for which of the two it is, and the title registry for who may offer. No role can end an offer.
contract TitleOffers is ITitleOffers, Counterpart {
    IParticipants public immutable participants;
    ITitleRegistry public immutable titleRegistry;

    /// @inheritdoc ITitleOffers
    uint256 public offerCount;
    mapping(bytes32 offerId => Offer) private _offers;

    constructor(
        address initialAuthority,
        IParticipants participantRegistry,
        ITitleRegistry titles,
        uint256 financeChainId
    ) AccessManaged(initialAuthority) CrosschainLinked(new Link[](0)) Counterpart(financeChainId) {
        participants = participantRegistry;
        titleRegistry = titles;
    }

    // ------------------------------------------------------------------------------------------------ offering

    /// @inheritdoc ITitleOffers
    function offer(
        bytes32 titleId,
        address buyer,
        bytes3 currency,
        address coin,
        uint96 amount,
        uint40 payBy
    ) external returns (bytes32 offerId) {
        address seller = titleRegistry.title(titleId).holder;
        _requireActsFor(seller);
        participants.requireActive(buyer);
        require(buyer != seller, TitleOffers_InvalidBuyer(buyer));
        require(
            IsoCodes.isCurrency(currency) && coin != address(0) && amount > 0,
            TitleOffers_InvalidPrice(currency, coin, amount)
        );
        require(payBy > block.timestamp, TitleOffers_InvalidDeadline(payBy));

        OfferTerms memory terms = OfferTerms(titleId, seller, buyer, currency, coin, amount, payBy);
        offerId = offerIdOf(++offerCount, terms);
        _offers[offerId] = Offer({
            seller: seller,
            state: State.Offered,
            withdrawing: false,
            payBy: payBy,
            buyer: buyer,
            titleId: titleId
        });
        emit TitleOffered(offerId, titleId, buyer, seller, currency, coin, amount, payBy);
        titleRegistry.lock(titleId, seller);
        _send(TitleMessages.offered(offerId, terms));
    }

    /// @inheritdoc ITitleOffers
    function withdraw(bytes32 offerId) external {
        Offer storage found = _inState(offerId, State.Offered);
        _requireActsFor(found.seller);
        require(!found.withdrawing, TitleOffers_AlreadyWithdrawing(offerId));
        found.withdrawing = true;
        emit WithdrawalRequested(offerId);
        _send(TitleMessages.withdraw(offerId));
    }

    /// @inheritdoc ITitleOffers
    function complete(bytes32 offerId) external {
        Offer storage found = _inState(offerId, State.Paid);
        found.state = State.Delivered;
        emit TitleDelivered(offerId, found.titleId, found.buyer);
        titleRegistry.deliverLocked(found.titleId, found.buyer);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc ITitleOffers
    function offerIdOf(uint256 number, OfferTerms memory terms) public view returns (bytes32) {
        return keccak256(abi.encode(block.chainid, address(this), number, terms));
    }

    /// @inheritdoc ITitleOffers
    function offerOf(bytes32 offerId) external view returns (Offer memory) {
        return _offers[offerId];
    }

    // --------------------------------------------------------------------- internal: the finance chain's word

    function _processMessage(address, bytes32, bytes calldata, bytes calldata payload) internal override {
        (uint8 kind, bytes32 offerId) = TitleMessages.header(payload);
        if (kind == TitleMessages.PAID) {
            _deliver(offerId);
        } else if (kind == TitleMessages.EXPIRED) {
            _giveBack(offerId, TitleMessages.readExpired(payload));
        } else {
            revert TitleMessages.TitleMessages_UnknownKind(kind);
        }
    }

    /// @dev Remembers the payment even when the title cannot move: nobody has to keep the message for {complete}.
    function _deliver(bytes32 offerId) private {
        Offer storage found = _inState(offerId, State.Offered);
        (bytes32 titleId, address buyer) = (found.titleId, found.buyer);
        found.state = State.Paid;
        emit OfferPaid(offerId);
        try titleRegistry.deliverLocked(titleId, buyer) {
            found.state = State.Delivered;
            emit TitleDelivered(offerId, titleId, buyer);
        } catch {
            emit DeliveryHeld(offerId, titleId);
        }
    }

    function _giveBack(bytes32 offerId, OfferEnd end) private {
        Offer storage found = _inState(offerId, State.Offered);
        found.state = State.Returned;
        emit TitleReturned(offerId, found.titleId, end);
        titleRegistry.unlock(found.titleId);
    }

    function _requireActsFor(address seller) private view {
        require(titleRegistry.actsFor(seller, msg.sender), TitleOffers_NotActingFor(seller, msg.sender));
        participants.requireBothActive(seller, msg.sender);
    }

    function _inState(bytes32 offerId, State expected) private view returns (Offer storage found) {
        found = _offers[offerId];
        require(found.state == expected, TitleOffers_WrongState(offerId, found.state));
    }
}
