// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {OfferEnd, OfferTerms, TitleMessages} from "../../../../contracts/trade/titles/TitleMessages.sol";
import {vm} from "../../../support/Test.sol";
import {TitleWorld} from "../../../support/TitleWorld.sol";

/// @notice What title against payment takes, without what a transaction costs by itself and what a gateway takes to log a message
/// (about 36,000). The bounds leave room for what coverage puts into the code.
contract TitleDvpGasTest is TitleWorld {
    uint256 private constant MESSAGE = 140_000;

    bytes32 private _titleId;
    bytes32 private _offerId;
    bytes32[] private _documents;
    bytes private _unknownCoin;

    function setUp() public override {
        super.setUp();
        (_offerId, ) = _offered();
        _titleId = _newTitle(seller);
        OfferTerms memory terms = _terms();
        terms.coin = address(registry);
        _unknownCoin = TitleMessages.offered("another offer", terms);
        _prepare(_offerId);
        _documents = _invoice(_offerId);
        vm.mockCall(address(gateway), abi.encodePacked(gateway.sendMessage.selector), abi.encode(bytes32(0)));
    }

    function test_offer_staysWithinItsBudget() public {
        bytes memory data = abi.encodeCall(titleOffers.offer, (_titleId, buyer, "USD", address(dollar), PRICE, PAY_BY));
        _assertTakes(seller, address(titleOffers), data, 190_000);
    }

    function test_offered_fitsIntoAMessage() public {
        _assertMessage(address(titleOffers), address(titlePayments), TitleMessages.offered("another offer", _terms()));
    }

    function test_offered_inUnlistedCoin_fitsIntoAMessage() public {
        _assertMessage(address(titleOffers), address(titlePayments), _unknownCoin);
    }

    function test_pay_staysWithinItsBudget() public {
        _assertTakes(buyer, address(titlePayments), abi.encodeCall(titlePayments.pay, (_offerId, _documents)), 340_000);
    }

    function test_paid_fitsIntoAMessage() public {
        _assertMessage(address(titlePayments), address(titleOffers), TitleMessages.paid(_offerId));
    }

    function test_expired_fitsIntoAMessage() public {
        _assertMessage(address(titlePayments), address(titleOffers), TitleMessages.expired(_offerId, OfferEnd.Unpaid));
    }

    function _assertMessage(address from, address to, bytes memory payload) private {
        bytes memory sender = gateway.senderOf(from);
        bytes memory data = abi.encodeCall(titleOffers.receiveMessage, (bytes32(0), sender, payload));
        _assertTakes(address(gateway), to, data, MESSAGE);
    }

    function _assertTakes(address caller, address target, bytes memory data, uint256 most) private {
        vm.prank(caller);
        uint256 before = gasleft();
        (bool success, ) = target.call(data);
        uint256 gas = before - gasleft();
        assertTrue(success);
        assertLe(gas, most, vm.toString(gas));
    }
}
