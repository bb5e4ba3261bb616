// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {Counterpart} from "../../bridge/Counterpart.sol";
import {OfferEnd, OfferTerms, TitleMessages} from "../../trade/titles/TitleMessages.sol";
import {IClearingHouse} from "../clearing/IClearingHouse.sol";
import {ISubAccounts} from "../clearing/ISubAccounts.sol";
import {IStablecoin} from "../coin/IStablecoin.sol";
import {IEvidenceLedger} from "../evidence/IEvidenceLedger.sol";
import {Permits} from "../payments/Permits.sol";
import {Suspense} from "../payments/Suspense.sol";
import {ITitlePayments} from "./ITitlePayments.sol";

/// @title TitlePayments
/// @notice Guarantees that every offer ends at most once, paid or expired, and that the trade chain is told exactly that; that
/// it is paid only by its buyer, in full, on evidence, with the banks' debt taken down; that no message about an offer fails
/// for what the offer says, in whatever order they come; and that this contract holds, of each coin, exactly what waits in
/// suspense (and what was given to it besides). Trusts the title offers, through the gateway, for what is offered, and OPERATOR
/// for which coins are sound. No role can end an offer or move what waits here.
contract TitlePayments is ITitlePayments, Counterpart, Suspense {
    using SafeERC20 for IStablecoin;

    IEvidenceLedger public immutable evidenceLedger;
    ISubAccounts public immutable subAccounts;
    IClearingHouse public immutable clearingHouse;

    /// @inheritdoc ITitlePayments
    mapping(IStablecoin coin => bytes3) public currencyOf;
    mapping(bytes32 offerId => Offer) private _offers;

    constructor(
        address initialAuthority,
        uint256 tradeChainId,
        IEvidenceLedger evidenceLedger_,
        ISubAccounts subAccounts_,
        IClearingHouse clearingHouse_
    ) AccessManaged(initialAuthority) CrosschainLinked(new Link[](0)) Counterpart(tradeChainId) {
        evidenceLedger = evidenceLedger_;
        subAccounts = subAccounts_;
        clearingHouse = clearingHouse_;
    }

    // -------------------------------------------------------------------------------------------------- paying

    /// @inheritdoc ITitlePayments
    function pay(bytes32 offerId, bytes32[] calldata documents) external {
        _settle(offerId, _payable(offerId), documents);
    }

    /// @inheritdoc ITitlePayments
    function payWithPermit(
        bytes32 offerId,
        bytes32[] calldata documents,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        Offer storage found = _payable(offerId);
        uint256 amount = found.amount;
        Permits.submit(found.coin, amount, amount, deadline, v, r, s);
        _settle(offerId, _payable(offerId), documents);
    }

    /// @inheritdoc ITitlePayments
    function expire(bytes32 offerId) external {
        Offer storage found = _open(offerId);
        require(block.timestamp > found.payBy, TitlePayments_NotExpired(offerId, found.payBy));
        _end(offerId, OfferEnd.Unpaid);
    }

    // ------------------------------------------------------------------------------------------- administering

    /// @inheritdoc ITitlePayments
    function listCoin(IStablecoin coin, bool listed) external restricted {
        currencyOf[coin] = listed ? coin.currency() : bytes3(0);
        emit CoinListed(coin, listed);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc ITitlePayments
    function offerOf(bytes32 offerId) external view returns (Offer memory) {
        return _offers[offerId];
    }

    // ------------------------------------------------------------------------ internal: the trade chain's word

    /// @dev Messages that failed can be retried in any order, so a withdrawal ends an offer that has not come yet, and the
    /// offer finds itself answered when it comes.
    function _processMessage(address, bytes32, bytes calldata, bytes calldata payload) internal override {
        (uint8 kind, bytes32 offerId) = TitleMessages.header(payload);
        State state = _offers[offerId].state;
        if (kind == TitleMessages.OFFERED) {
            if (state == State.Unknown) _take(offerId, TitleMessages.readOffered(payload));
        } else if (kind == TitleMessages.WITHDRAW) {
            if (state == State.Unknown || state == State.Open) _end(offerId, OfferEnd.Withdrawn);
        } else {
            revert TitleMessages.TitleMessages_UnknownKind(kind);
        }
    }

    /// @dev An offer that could not be paid now is answered at once, so that the title never waits for nothing.
    function _take(bytes32 offerId, OfferTerms memory terms) private {
        IStablecoin coin = IStablecoin(terms.coin);
        bytes3 currency = currencyOf[coin];
        if (block.timestamp > terms.payBy) return _end(offerId, OfferEnd.TooLate);
        if (currency == 0) return _end(offerId, OfferEnd.CoinNotListed);
        if (currency != terms.currency) return _end(offerId, OfferEnd.WrongCurrency);
        if (terms.amount == 0) return _end(offerId, OfferEnd.InvalidAmount);
        bool served = subAccounts.memberOf(terms.buyer) != 0 && subAccounts.memberOf(terms.seller) != 0;
        if (!served) return _end(offerId, OfferEnd.NoBank);

        _offers[offerId] = Offer({
            buyer: terms.buyer,
            state: State.Open,
            payBy: terms.payBy,
            currency: currency,
            seller: terms.seller,
            amount: terms.amount,
            coin: coin,
            titleId: terms.titleId
        });
        emit OfferOpened(offerId, terms.titleId, terms.buyer, terms.seller, coin, terms.amount, terms.payBy);
    }

    function _end(bytes32 offerId, OfferEnd end) private {
        _offers[offerId].state = State.Expired;
        emit OfferExpired(offerId, end);
        _send(TitleMessages.expired(offerId, end));
    }

    // -------------------------------------------------------------------------------- internal: moving the money

    /// @dev The coins come last: whatever a coin calls back finds the offer paid. If they do not move, nothing has happened.
    function _settle(bytes32 offerId, Offer storage found, bytes32[] calldata documents) private {
        found.state = State.Paid;
        (address buyer, address seller) = (found.buyer, found.seller);
        (IStablecoin coin, uint96 amount) = (found.coin, found.amount);
        evidenceLedger.drawForGood(
            IEvidenceLedger.Claim({
                claimId: offerId,
                payer: buyer,
                payee: seller,
                currency: found.currency,
                amount: amount,
                documents: documents
            })
        );
        uint64 obligation = clearingHouse.book(_legs(found));
        _send(TitleMessages.paid(offerId));
        bool inSuspense = !coin.trySafeTransferFrom(buyer, seller, amount);
        if (inSuspense) {
            // The seller cannot take it, or the buyer cannot give it; then this reverts with why.
            coin.safeTransferFrom(buyer, address(this), amount);
            _hold(coin, seller, amount);
        }
        emit OfferPaid(offerId, found.titleId, buyer, seller, coin, amount, obligation, inSuspense);
    }

    // ----------------------------------------------------------------------------------------- internal: views

    function _open(bytes32 offerId) private view returns (Offer storage found) {
        found = _offers[offerId];
        require(found.state == State.Open, TitlePayments_WrongState(offerId, found.state));
    }

    function _payable(bytes32 offerId) private view returns (Offer storage found) {
        found = _open(offerId);
        require(msg.sender == found.buyer, TitlePayments_NotBuyer(offerId, msg.sender));
        require(block.timestamp <= found.payBy, TitlePayments_TooLate(offerId, found.payBy));
        require(currencyOf[found.coin] == found.currency, TitlePayments_CoinNotListed(found.coin));
    }

    function _legs(Offer storage found) private view returns (IClearingHouse.Leg[] memory legs) {
        legs = new IClearingHouse.Leg[](1);
        legs[0] = IClearingHouse.Leg(_bankOf(found.buyer), _bankOf(found.seller), found.currency, found.amount);
    }

    function _bankOf(address account) private view returns (uint16 bank) {
        bank = subAccounts.memberOf(account);
        require(bank != 0, TitlePayments_NoBank(account));
    }
}
