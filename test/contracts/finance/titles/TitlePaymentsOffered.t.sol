// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";
import {ERC7786Recipient} from "@openzeppelin/contracts/crosschain/ERC7786Recipient.sol";

import {ITitlePayments} from "../../../../contracts/finance/titles/ITitlePayments.sol";
import {OfferEnd, OfferTerms, TitleMessages} from "../../../../contracts/trade/titles/TitleMessages.sol";
import {vm} from "../../../support/Test.sol";
import {TitleWorld} from "../../../support/TitleWorld.sol";

/// @notice What the trade chain says, in any order.
contract TitlePaymentsOfferedTest is TitleWorld {
    bytes32 internal constant OFFER = "an offer";

    // -------------------------------------------------------------------------------------------- that is taken

    function test_offered_payable_opens() public {
        vm.expectEmit(address(titlePayments));
        emit ITitlePayments.OfferOpened(OFFER, "a title", buyer, seller, dollar, PRICE, PAY_BY);
        _say(_terms());
        ITitlePayments.Offer memory opened = titlePayments.offerOf(OFFER);
        assertEq(uint256(opened.state), uint256(ITitlePayments.State.Open));
        assertEq(opened.buyer, buyer);
        assertEq(opened.seller, seller);
        assertEq(address(opened.coin), address(dollar));
        assertEq(bytes32(opened.currency), bytes32(bytes3("USD")));
        assertEq(opened.amount, PRICE);
        assertEq(opened.payBy, PAY_BY);
        assertEq(opened.titleId, "a title");
        assertEq(gateway.sent(), 0);
    }

    function test_offered_inItsLastSecond_opens() public {
        vm.warp(PAY_BY);
        _say(_terms());
        _assertPayment(OFFER, ITitlePayments.State.Open);
    }

    /// @dev A gateway delivers once; this would hold even if one did not.
    function test_offered_twice_changesNothing() public {
        _say(_terms());
        OfferTerms memory other = _terms();
        (other.buyer, other.amount) = (broker, 1);
        _say(other);
        assertEq(titlePayments.offerOf(OFFER).buyer, buyer);
        assertEq(titlePayments.offerOf(OFFER).amount, PRICE);
        assertEq(gateway.sent(), 0);
    }

    // ----------------------------------------------------------------------------------------- that is answered

    function test_offered_afterItsLastSecond_isAnswered() public {
        vm.warp(PAY_BY + 1);
        _assertAnswered(_terms(), OfferEnd.TooLate);
    }

    function test_offered_inCoinThatIsNotListed_isAnswered() public {
        vm.prank(operator);
        titlePayments.listCoin(dollar, false);
        _assertAnswered(_terms(), OfferEnd.CoinNotListed);
    }

    /// @dev Nothing of an unknown address is called.
    function test_offered_inNoCoin_isAnswered() public {
        OfferTerms memory terms = _terms();
        terms.coin = address(0);
        _assertAnswered(terms, OfferEnd.CoinNotListed);
    }

    function test_offered_inAnotherCurrencyThanTheCoins_isAnswered() public {
        OfferTerms memory terms = _terms();
        terms.currency = "EUR";
        _assertAnswered(terms, OfferEnd.WrongCurrency);
    }

    function test_offered_forNothing_isAnswered() public {
        OfferTerms memory terms = _terms();
        terms.amount = 0;
        _assertAnswered(terms, OfferEnd.InvalidAmount);
    }

    function test_offered_toBuyerWithoutBank_isAnswered() public {
        OfferTerms memory terms = _terms();
        terms.buyer = stranger;
        _assertAnswered(terms, OfferEnd.NoBank);
    }

    function test_offered_bySellerWithoutBank_isAnswered() public {
        OfferTerms memory terms = _terms();
        terms.seller = stranger;
        _assertAnswered(terms, OfferEnd.NoBank);
    }

    /// @dev Whatever was agreed, the message never fails, and is answered unless it opens.
    function testFuzz_offered_anything_opensOrIsAnswered(OfferTerms memory terms, uint256 seed) public {
        if (seed & 1 != 0) (terms.coin, terms.currency) = (address(dollar), "USD");
        if (seed & 2 != 0) (terms.buyer, terms.seller) = (buyer, seller);
        if (seed & 4 != 0) terms.payBy = uint40(bound(terms.payBy, NOW - 1, NOW + 1));
        _say(terms);
        bool open = titlePayments.offerOf(OFFER).state == ITitlePayments.State.Open;
        bool payable_ =
            terms.coin == address(dollar) &&
                terms.currency == "USD" &&
                terms.amount > 0 &&
                terms.payBy >= NOW &&
                subAccounts.memberOf(terms.buyer) != 0 &&
                subAccounts.memberOf(terms.seller) != 0;
        assertEq(open, payable_);
        assertEq(gateway.sent(), open ? 0 : 1);
    }

    // ------------------------------------------------------------------------------------------------ withdrawn

    function test_withdraw_open_expires() public {
        _say(_terms());
        _assertWithdrawn();
    }

    /// @dev The offer's message failed for some reason, and is retried after this one.
    function test_withdraw_beforeTheOffer_isAnsweredOnce() public {
        _assertWithdrawn();
        _say(_terms());
        _assertPayment(OFFER, ITitlePayments.State.Expired);
        assertEq(gateway.sent(), 1);
    }

    function test_withdraw_paid_changesNothing() public moneyIsConserved {
        _say(_terms());
        _pay(OFFER);
        _sayToPayments(TitleMessages.withdraw(OFFER));
        _assertPayment(OFFER, ITitlePayments.State.Paid);
        assertEq(gateway.sent(), 1);
        assertEq(_lastMessage(), TitleMessages.paid(OFFER));
    }

    function test_withdraw_expired_isNotAnsweredAgain() public {
        _say(_terms());
        vm.warp(PAY_BY + 1);
        titlePayments.expire(OFFER);
        _sayToPayments(TitleMessages.withdraw(OFFER));
        _sayToPayments(TitleMessages.withdraw(OFFER));
        assertEq(gateway.sent(), 1);
    }

    function test_withdraw_asLateAsPayBy_beatsThePayment() public moneyIsConserved {
        _say(_terms());
        _prepare(OFFER);
        bytes32[] memory documents = _invoice(OFFER);
        vm.warp(PAY_BY);
        _sayToPayments(TitleMessages.withdraw(OFFER));
        _expectWrongPayment(OFFER, ITitlePayments.State.Expired);
        vm.prank(buyer);
        titlePayments.pay(OFFER, documents);
        assertEq(dollar.balanceOf(buyer), PRICE);
    }

    // ------------------------------------------------------------------------------------------------- who says

    function test_receiveMessage_ofAnUnknownKind_reverts() public {
        for (uint8 kind = 0; kind < 6; ++kind) {
            if (kind == TitleMessages.OFFERED || kind == TitleMessages.WITHDRAW) continue;
            vm.expectRevert(abi.encodeWithSelector(TitleMessages.TitleMessages_UnknownKind.selector, kind));
            _sayToPayments(abi.encode(kind, OFFER));
        }
    }

    function test_receiveMessage_ofAnotherSender_reverts() public {
        bytes memory sender = gateway.senderOf(address(tradeBook));
        vm.expectRevert(
            abi.encodeWithSelector(
                ERC7786Recipient.ERC7786RecipientUnauthorizedGateway.selector,
                address(gateway),
                sender
            )
        );
        gateway.inject(address(tradeBook), address(titlePayments), TitleMessages.withdraw(OFFER));
    }

    function test_receiveMessage_throughNoGateway_reverts() public {
        bytes memory sender = gateway.senderOf(address(titleOffers));
        vm.expectRevert(
            abi.encodeWithSelector(ERC7786Recipient.ERC7786RecipientUnauthorizedGateway.selector, stranger, sender)
        );
        vm.prank(stranger);
        titlePayments.receiveMessage(0, sender, TitleMessages.withdraw(OFFER));
    }

    function test_linkCounterpart_again_reverts() public {
        vm.expectPartialRevert(CrosschainLinked.LinkAlreadyRegistered.selector);
        vm.prank(operator);
        titlePayments.linkCounterpart(address(gateway), stranger);
    }

    function test_linkCounterpart_notOperator_reverts() public {
        _expectUnauthorized(governance);
        vm.prank(governance);
        titlePayments.linkCounterpart(address(gateway), stranger);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _say(OfferTerms memory terms) private {
        _sayToPayments(TitleMessages.offered(OFFER, terms));
    }

    function _assertAnswered(OfferTerms memory terms, OfferEnd end) private {
        vm.expectEmit(address(titlePayments));
        emit ITitlePayments.OfferExpired(OFFER, end);
        _say(terms);
        _assertEnded(end);
    }

    function _assertWithdrawn() private {
        _sayToPayments(TitleMessages.withdraw(OFFER));
        _assertEnded(OfferEnd.Withdrawn);
    }

    function _assertEnded(OfferEnd end) private view {
        _assertPayment(OFFER, ITitlePayments.State.Expired);
        assertEq(gateway.sent(), 1);
        assertEq(_lastMessage(), TitleMessages.expired(OFFER, end));
    }
}
