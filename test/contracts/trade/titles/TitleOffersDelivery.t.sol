// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";
import {ERC7786Recipient} from "@openzeppelin/contracts/crosschain/ERC7786Recipient.sol";

import {ITitlePayments} from "../../../../contracts/finance/titles/ITitlePayments.sol";
import {ITitleOffers} from "../../../../contracts/trade/titles/ITitleOffers.sol";
import {ITitleRegistry} from "../../../../contracts/trade/titles/ITitleRegistry.sol";
import {OfferEnd, TitleMessages} from "../../../../contracts/trade/titles/TitleMessages.sol";
import {vm} from "../../../support/Test.sol";
import {TitleWorld} from "../../../support/TitleWorld.sol";

/// @notice Both contracts together: where title and money end.
contract TitleOffersDeliveryTest is TitleWorld {
    bytes32 internal offerId;
    bytes32 internal titleId;

    function setUp() public override {
        super.setUp();
        (offerId, titleId) = _offered();
    }

    // ---------------------------------------------------------------------------------------------------- paid

    function test_paid_free_isTheBuyers() public moneyIsConserved {
        _pay(offerId);
        _assertTitle(titleId, seller, ITitleRegistry.Status.Locked);
        vm.expectEmit(address(titleOffers));
        emit ITitleOffers.OfferPaid(offerId);
        vm.expectEmit(address(titleOffers));
        emit ITitleOffers.TitleDelivered(offerId, titleId, buyer);
        gateway.deliverAll();
        _assertDelivered();
        assertEq(dollar.balanceOf(seller), PRICE);
    }

    /// @dev A buyer may sell on at once, and the third party's payment moves nothing of the first two.
    function test_paid_soldOn_isTheThirdPartys() public moneyIsConserved {
        _pay(offerId);
        gateway.deliverAll();
        bytes32 second = _offer(titleId, buyer, broker);
        gateway.deliverAll();
        _pay(second);
        gateway.deliverAll();
        _assertTitle(titleId, broker, ITitleRegistry.Status.Active);
        assertEq(dollar.balanceOf(seller), PRICE);
        assertEq(dollar.balanceOf(buyer), PRICE);
        assertEq(dollar.balanceOf(broker), 0);
    }

    /// @dev What is paid for is paid for: as a suspended participant it can do nothing with it.
    function test_paid_buyerSuspendedMeanwhile_isTheBuyers() public moneyIsConserved {
        _pay(offerId);
        _suspend(buyer);
        gateway.deliverAll();
        _assertDelivered();
    }

    function test_paid_sellerSuspendedMeanwhile_isTheBuyers() public moneyIsConserved {
        _pay(offerId);
        _suspend(seller);
        gateway.deliverAll();
        _assertDelivered();
    }

    // ------------------------------------------------------------------------------------------ paid, but held

    function test_paid_frozenMeanwhile_isHandedOverLater() public moneyIsConserved {
        _pay(offerId);
        _freezeTitle(titleId);
        vm.expectEmit(address(titleOffers));
        emit ITitleOffers.DeliveryHeld(offerId, titleId);
        gateway.deliverAll();
        _assertOffer(offerId, ITitleOffers.State.Paid);
        _assertTitle(titleId, seller, ITitleRegistry.Status.Locked);

        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_Frozen.selector, titleId));
        titleOffers.complete(offerId);
        _assertOffer(offerId, ITitleOffers.State.Paid);

        _unfreezeTitle(titleId);
        vm.expectEmit(address(titleOffers));
        emit ITitleOffers.TitleDelivered(offerId, titleId, buyer);
        vm.prank(stranger);
        titleOffers.complete(offerId);
        _assertDelivered();
    }

    /// @dev The seller's title again it is not: neither a withdrawal nor a new offer gets at it.
    function test_paid_frozen_sellerGetsNothingBack() public {
        _pay(offerId);
        _freezeTitle(titleId);
        gateway.deliverAll();
        _expectWrongOffer(offerId, ITitleOffers.State.Paid);
        vm.prank(seller);
        titleOffers.withdraw(offerId);
        _unfreezeTitle(titleId);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITitleRegistry.TitleRegistry_WrongStatus.selector,
                titleId,
                ITitleRegistry.Status.Locked
            )
        );
        _offer(titleId, seller, broker);
    }

    /// @dev A lock outlasts the product's admission: what was offered before still ends.
    function test_paid_notAProductAnyMore_isTheBuyers() public {
        _pay(offerId);
        _setProductOfTitles(false);
        gateway.deliverAll();
        _assertDelivered();
    }

    function test_complete_notPaidOrDelivered_reverts() public {
        _expectWrongOffer("no offer", ITitleOffers.State.Unknown);
        titleOffers.complete("no offer");
        _expectWrongOffer(offerId, ITitleOffers.State.Offered);
        titleOffers.complete(offerId);
        _pay(offerId);
        gateway.deliverAll();
        _expectWrongOffer(offerId, ITitleOffers.State.Delivered);
        titleOffers.complete(offerId);
    }

    // ------------------------------------------------------------------------------------------------ returned

    function test_expired_unpaid_isTheSellers() public moneyIsConserved {
        vm.warp(PAY_BY + 1);
        titlePayments.expire(offerId);
        vm.expectEmit(address(titleOffers));
        emit ITitleOffers.TitleReturned(offerId, titleId, OfferEnd.Unpaid);
        gateway.deliverAll();
        _assertReturned();
        assertEq(dollar.balanceOf(seller), 0);
    }

    function test_expired_frozen_isTheSellersAndFrozen() public {
        _freezeTitle(titleId);
        vm.warp(PAY_BY + 1);
        titlePayments.expire(offerId);
        gateway.deliverAll();
        _assertReturned();
        assertTrue(titleRegistry.title(titleId).frozen);
    }

    function test_expired_offeredAgain_canBePaid() public moneyIsConserved {
        vm.warp(PAY_BY + 1);
        titlePayments.expire(offerId);
        gateway.deliverAll();
        vm.prank(seller);
        bytes32 second = titleOffers.offer(titleId, buyer, "USD", address(dollar), PRICE, PAY_BY + 1 days);
        gateway.deliverAll();
        _expectWrongPayment(offerId, ITitlePayments.State.Expired);
        vm.prank(buyer);
        titlePayments.pay(offerId, new bytes32[](0));
        _pay(second);
        gateway.deliverAll();
        _assertTitle(titleId, buyer, ITitleRegistry.Status.Active);
        _assertOffer(offerId, ITitleOffers.State.Returned);
        _assertOffer(second, ITitleOffers.State.Delivered);
    }

    function test_withdrawn_unpaid_isTheSellers() public moneyIsConserved {
        vm.prank(seller);
        titleOffers.withdraw(offerId);
        vm.expectEmit(address(titleOffers));
        emit ITitleOffers.TitleReturned(offerId, titleId, OfferEnd.Withdrawn);
        gateway.deliverAll();
        _assertReturned();
    }

    /// @dev Whichever reaches the finance chain first; the other one finds the offer ended.
    function test_withdrawn_paidMeanwhile_isTheBuyers() public moneyIsConserved {
        vm.prank(seller);
        titleOffers.withdraw(offerId);
        _pay(offerId);
        gateway.deliverAll();
        _assertDelivered();
        assertEq(dollar.balanceOf(seller), PRICE);
    }

    function test_offered_inUnlistedCoin_comesBack() public {
        bytes32 other = _newTitle(seller);
        vm.prank(seller);
        bytes32 second = titleOffers.offer(other, buyer, "USD", address(registry), PRICE, PAY_BY);
        vm.expectEmit(address(titleOffers));
        emit ITitleOffers.TitleReturned(second, other, OfferEnd.CoinNotListed);
        gateway.deliverAll();
        _assertTitle(other, seller, ITitleRegistry.Status.Active);
    }

    /// @dev The lane stood still until the time to pay had passed.
    function test_offered_deliveredTooLate_comesBack() public {
        bytes32 other = _newTitle(seller);
        bytes32 second = _offer(other, seller, buyer);
        vm.warp(PAY_BY + 1);
        gateway.deliverAll();
        _assertOffer(second, ITitleOffers.State.Returned);
        _assertTitle(other, seller, ITitleRegistry.Status.Active);
        _expectWrongPayment(second, ITitlePayments.State.Expired);
        vm.prank(buyer);
        titlePayments.pay(second, new bytes32[](0));
    }

    // ------------------------------------------------------------------------------------- order of messages

    /// @dev The offer's message failed and is retried after the withdrawal was answered.
    function test_offered_retriedAfterTheWithdrawal_comesBackOnce() public {
        bytes32 other = _newTitle(seller);
        bytes32 second = _offer(other, seller, buyer);
        bytes memory late = _lastMessage();
        gateway.skipNext();
        vm.prank(seller);
        titleOffers.withdraw(second);
        gateway.deliverAll();
        _assertTitle(other, seller, ITitleRegistry.Status.Active);
        uint256 sent = gateway.sent();
        _sayToPayments(late);
        assertEq(gateway.sent(), sent);
        _assertPayment(second, ITitlePayments.State.Expired);
    }

    /// @dev The way back failed once: the same message later does the same.
    function test_expired_retriedLater_isTheSellers() public {
        vm.warp(PAY_BY + 1);
        titlePayments.expire(offerId);
        bytes memory late = _lastMessage();
        gateway.skipNext();
        _assertTitle(titleId, seller, ITitleRegistry.Status.Locked);
        _sayToOffers(late);
        _assertReturned();
    }

    /// @dev Whoever retries a message chooses its gas. What is not enough to move the title leaves it as it was, or to be
    /// completed.
    function testFuzz_paid_withAnyGas_isTheBuyers(uint256 gas) public {
        _pay(offerId);
        bytes memory payload = _lastMessage();
        gas = bound(gas, 1_000, 120_000);
        vm.prank(address(gateway));
        (bool success, ) = address(titleOffers).call{gas: gas}(_received(payload));
        if (!success) {
            _assertOffer(offerId, ITitleOffers.State.Offered);
            _sayToOffers(payload);
        }
        if (titleOffers.offerOf(offerId).state == ITitleOffers.State.Paid) titleOffers.complete(offerId);
        _assertDelivered();
    }

    function testFuzz_expired_withAnyGas_isTheSellers(uint256 gas) public {
        vm.warp(PAY_BY + 1);
        titlePayments.expire(offerId);
        bytes memory payload = _lastMessage();
        gas = bound(gas, 1_000, 120_000);
        vm.prank(address(gateway));
        (bool success, ) = address(titleOffers).call{gas: gas}(_received(payload));
        if (!success) {
            _assertOffer(offerId, ITitleOffers.State.Offered);
            _assertTitle(titleId, seller, ITitleRegistry.Status.Locked);
            _sayToOffers(payload);
        }
        _assertReturned();
    }

    function test_answered_again_reverts() public {
        _pay(offerId);
        gateway.deliverAll();
        bytes[2] memory answers = [TitleMessages.paid(offerId), TitleMessages.expired(offerId, OfferEnd.Unpaid)];
        for (uint256 i = 0; i < answers.length; ++i) {
            _expectWrongOffer(offerId, ITitleOffers.State.Delivered);
            _sayToOffers(answers[i]);
        }
        _assertDelivered();
    }

    function test_answered_unknown_reverts() public {
        _expectWrongOffer("no offer", ITitleOffers.State.Unknown);
        _sayToOffers(TitleMessages.paid("no offer"));
    }

    // ------------------------------------------------------------------------------------------------- who says

    function test_receiveMessage_ofAnUnknownKind_reverts() public {
        for (uint8 kind = 0; kind < 6; ++kind) {
            if (kind == TitleMessages.PAID || kind == TitleMessages.EXPIRED) continue;
            vm.expectRevert(abi.encodeWithSelector(TitleMessages.TitleMessages_UnknownKind.selector, kind));
            _sayToOffers(abi.encode(kind, offerId));
        }
    }

    /// @dev Of a contract that has a counterpart on this chain, but another one.
    function test_receiveMessage_ofAnotherSender_reverts() public {
        bytes memory sender = gateway.senderOf(address(settlement));
        vm.expectRevert(
            abi.encodeWithSelector(
                ERC7786Recipient.ERC7786RecipientUnauthorizedGateway.selector,
                address(gateway),
                sender
            )
        );
        gateway.inject(address(settlement), address(titleOffers), TitleMessages.paid(offerId));
    }

    function test_receiveMessage_throughNoGateway_reverts() public {
        bytes memory sender = gateway.senderOf(address(titlePayments));
        vm.expectRevert(
            abi.encodeWithSelector(ERC7786Recipient.ERC7786RecipientUnauthorizedGateway.selector, buyer, sender)
        );
        vm.prank(buyer);
        titleOffers.receiveMessage(0, sender, TitleMessages.paid(offerId));
    }

    function test_linkCounterpart_again_reverts() public {
        vm.expectPartialRevert(CrosschainLinked.LinkAlreadyRegistered.selector);
        vm.prank(operator);
        titleOffers.linkCounterpart(address(gateway), stranger);
    }

    function test_linkCounterpart_notOperator_reverts() public {
        _expectUnauthorized(governance);
        vm.prank(governance);
        titleOffers.linkCounterpart(address(gateway), stranger);
    }

    /// @dev Nobody but the offers gets at a locked title, another product neither.
    function test_locked_byAnotherProduct_reverts() public {
        vm.prank(governance);
        titleRegistry.setProduct(stranger, true);
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotLockedBy.selector, titleId, stranger));
        titleRegistry.deliverLocked(titleId, stranger);
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotLockedBy.selector, titleId, stranger));
        titleRegistry.unlock(titleId);
        vm.stopPrank();
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _received(bytes memory payload) private view returns (bytes memory) {
        bytes memory sender = gateway.senderOf(address(titlePayments));
        return abi.encodeCall(titleOffers.receiveMessage, (bytes32(0), sender, payload));
    }

    function _assertDelivered() private view {
        _assertTitle(titleId, buyer, ITitleRegistry.Status.Active);
        _assertOffer(offerId, ITitleOffers.State.Delivered);
        _assertPayment(offerId, ITitlePayments.State.Paid);
    }

    function _assertReturned() private view {
        _assertTitle(titleId, seller, ITitleRegistry.Status.Active);
        _assertOffer(offerId, ITitleOffers.State.Returned);
        _assertPayment(offerId, ITitlePayments.State.Expired);
    }
}
