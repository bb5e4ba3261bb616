// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {IStablecoin} from "../../../../contracts/finance/coin/IStablecoin.sol";
import {ISuspense} from "../../../../contracts/finance/payments/ISuspense.sol";
import {ITitlePayments} from "../../../../contracts/finance/titles/ITitlePayments.sol";
import {OfferTerms, TitleMessages} from "../../../../contracts/trade/titles/TitleMessages.sol";
import {LoopbackGateway} from "../../../support/LoopbackGateway.sol";
import {vm} from "../../../support/Test.sol";
import {TitleWorld} from "../../../support/TitleWorld.sol";

/// @dev Makes a call of its holders' choice before it takes a permit or moves anything, and goes on whatever came of it.
contract CallingCoin is ERC20("Calling", "CALL") {
    bytes3 public constant currency = "USD";

    address private _target;
    bytes private _data;
    bool private _calling;
    uint256 public calls;
    bytes public outcome;
    bool public succeeded;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setCall(address target, bytes calldata data) external {
        (_target, _data) = (target, data);
    }

    function permit(address owner, address spender, uint256 value, uint256, uint8, bytes32, bytes32) external {
        _callBack();
        _approve(owner, spender, value);
    }

    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        _callBack();
        return super.transferFrom(from, to, value);
    }

    function transfer(address to, uint256 value) public override returns (bool) {
        _callBack();
        return super.transfer(to, value);
    }

    function _callBack() private {
        if (_target == address(0) || _calling) return;
        _calling = true;
        ++calls;
        (succeeded, outcome) = _target.call(_data);
        _calling = false;
    }
}

/// @notice Whatever a coin calls in the middle of a payment, the offer ends once.
contract TitlePaymentsReentrancyTest is TitleWorld {
    bytes32 internal constant OFFER = "an offer";

    CallingCoin internal coin;
    bytes32[] internal documents;

    function setUp() public override {
        super.setUp();
        coin = new CallingCoin();
        vm.prank(operator);
        titlePayments.listCoin(_coin(), true);
        OfferTerms memory terms = _terms();
        terms.coin = address(coin);
        _sayToPayments(TitleMessages.offered(OFFER, terms));
        coin.mint(buyer, 2 * uint256(PRICE));
        vm.prank(buyer);
        coin.approve(address(titlePayments), type(uint256).max);
        documents = _invoice(OFFER);
    }

    function test_pay_payMeanwhile_paysOnce() public {
        _payWhile(address(titlePayments), abi.encodeCall(ITitlePayments.pay, (OFFER, documents)));
        _assertRefused(_wrongState(ITitlePayments.State.Paid));
        _assertPaidOnce();
    }

    function test_pay_expireMeanwhile_paysOnce() public {
        _payWhile(address(titlePayments), abi.encodeCall(ITitlePayments.expire, (OFFER)));
        _assertRefused(_wrongState(ITitlePayments.State.Paid));
        _assertPaidOnce();
    }

    function test_pay_withdrawalArrivesMeanwhile_paysOnce() public {
        _payWhile(address(gateway), _withdrawal());
        assertTrue(coin.succeeded());
        _assertPaidOnce();
    }

    /// @dev The withdrawal comes first then, and the payment is undone.
    function test_payWithPermit_withdrawalArrivesWithThePermit_reverts() public {
        coin.setCall(address(gateway), _withdrawal());
        _expectWrongPayment(OFFER, ITitlePayments.State.Expired);
        vm.prank(buyer);
        titlePayments.payWithPermit(OFFER, documents, PAY_BY, 27, 0, 0);
        _assertPayment(OFFER, ITitlePayments.State.Open);
        assertEq(gateway.sent(), 0);
        assertEq(coin.balanceOf(buyer), 2 * uint256(PRICE));
    }

    function test_claim_claimMeanwhile_findsNothing() public {
        vm.mockCallRevert(address(coin), abi.encodeCall(coin.transferFrom, (buyer, seller, uint256(PRICE))), "not now");
        vm.prank(buyer);
        titlePayments.pay(OFFER, documents);
        vm.clearMockedCalls();
        assertEq(titlePayments.suspense(_coin(), seller), PRICE);
        coin.setCall(address(titlePayments), abi.encodeCall(ISuspense.claim, (_coin())));
        vm.prank(seller);
        titlePayments.claim(_coin());
        _assertRefused(abi.encodeWithSelector(ISuspense.Suspense_NothingWaits.selector, coin, coin));
        _assertPaidOnce();
        assertEq(coin.balanceOf(address(titlePayments)), 0);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _payWhile(address target, bytes memory data) private {
        coin.setCall(target, data);
        vm.prank(buyer);
        titlePayments.pay(OFFER, documents);
        assertEq(coin.calls(), 1);
    }

    function _withdrawal() private view returns (bytes memory) {
        bytes memory payload = TitleMessages.withdraw(OFFER);
        return abi.encodeCall(LoopbackGateway.inject, (address(titleOffers), address(titlePayments), payload));
    }

    function _assertRefused(bytes memory expected) private view {
        assertFalse(coin.succeeded());
        assertEq(coin.outcome(), expected);
    }

    function _assertPaidOnce() private view {
        _assertPayment(OFFER, ITitlePayments.State.Paid);
        assertEq(coin.balanceOf(seller), PRICE);
        assertEq(coin.balanceOf(buyer), PRICE);
        assertEq(ledger.evidence(documents[0]).drawn, PRICE);
        assertEq(_net(sellersBank, "USD"), int256(uint256(PRICE)));
        assertEq(gateway.sent(), 1);
        assertEq(_lastMessage(), TitleMessages.paid(OFFER));
    }

    function _wrongState(ITitlePayments.State state) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ITitlePayments.TitlePayments_WrongState.selector, OFFER, state);
    }

    function _coin() private view returns (IStablecoin) {
        return IStablecoin(address(coin));
    }
}
