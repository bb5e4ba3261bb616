// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {IStablecoin} from "../../../../contracts/finance/coin/IStablecoin.sol";
import {IPayments} from "../../../../contracts/finance/payments/IPayments.sol";
import {ISuspense} from "../../../../contracts/finance/payments/ISuspense.sol";
import {PaymentWorld} from "../../../support/PaymentWorld.sol";
import {vm} from "../../../support/Test.sol";

/// @dev Makes a call of its holders' choice in the middle of every movement, and goes on whatever came of it.
contract CallingCoin is ERC20("Calling", "CALL") {
    bytes3 public constant currency = "EUR";

    address private _target;
    bytes private _data;
    bool public calling;
    uint256 public calls;
    bytes public outcome;
    bool public succeeded;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setCall(address target, bytes calldata data) external {
        (_target, _data, calls) = (target, data, 0);
    }

    function decimals() public pure override returns (uint8) {
        return 6;
    }

    function _update(address from, address to, uint256 value) internal override {
        if (_target != address(0) && !calling) {
            calling = true;
            ++calls;
            (succeeded, outcome) = _target.call(_data);
            calling = false;
        }
        super._update(from, to, value);
    }
}

/// @notice A coin that calls back gets nothing twice.
contract PaymentsReentrancyTest is PaymentWorld {
    CallingCoin internal coin;

    function setUp() public override {
        super.setUp();
        coin = new CallingCoin();
        vm.startPrank(operator);
        payments.listCoin(_coin(), true);
        clearing.listCurrency("EUR", _coin());
        vm.stopPrank();
        _openCorridor("DE", "CN", "EUR");
        coin.mint(payer, PURSE);
        coin.mint(payersBank, CAP);
        vm.startPrank(payersBank);
        coin.approve(address(subAccounts), CAP);
        subAccounts.deposit(_coin(), CAP);
        subAccounts.pledge(_coin(), CAP);
        vm.stopPrank();
        vm.prank(payer);
        coin.approve(address(payments), type(uint256).max);
    }

    function test_pay_completeMeanwhile_isRefused() public {
        bytes32 waiting = _queuedAndSettled();
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = waiting;
        coin.setCall(address(payments), abi.encodeCall(IPayments.complete, (ids)));
        _pay(_euros());
        _assertRefused();
        assertEq(coin.balanceOf(address(payments)), AMOUNT);
    }

    function test_complete_completeMeanwhile_paysOnce() public {
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = _queuedAndSettled();
        coin.setCall(address(payments), abi.encodeCall(IPayments.complete, (ids)));
        payments.complete(ids);
        _assertRefused();
        assertEq(coin.balanceOf(payee), AMOUNT);
        assertEq(coin.balanceOf(address(payments)), 0);
    }

    function test_cancel_cancelMeanwhile_paysOnce() public {
        bytes32 paymentId = _queued();
        coin.setCall(address(payments), abi.encodeCall(IPayments.cancel, (paymentId)));
        vm.prank(payer);
        payments.cancel(paymentId);
        _assertRefused();
        assertEq(coin.balanceOf(payer), PURSE);
    }

    /// @dev A claim is not guarded: it takes what is its caller's before it calls.
    function test_claim_claimMeanwhile_findsNothing() public {
        _setCap(payersBankId, "EUR", CAP);
        vm.mockCallRevert(address(coin), abi.encodeCall(coin.transferFrom, (payer, payee, uint256(AMOUNT))), "not now");
        _pay(_euros());
        vm.clearMockedCalls();
        assertEq(payments.suspense(_coin(), payee), AMOUNT);
        coin.setCall(address(payments), abi.encodeCall(ISuspense.claim, (_coin())));
        vm.prank(payee);
        payments.claim(_coin());
        assertEq(coin.calls(), 1);
        assertFalse(coin.succeeded());
        assertEq(coin.outcome(), abi.encodeWithSelector(ISuspense.Suspense_NothingWaits.selector, coin, coin));
        assertEq(coin.balanceOf(payee), AMOUNT);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _euros() private returns (IPayments.Order memory) {
        return _order(_coin(), _coin(), AMOUNT, AMOUNT);
    }

    function _queued() private returns (bytes32 paymentId) {
        paymentId = _pay(_euros());
        assertEq(coin.balanceOf(address(payments)), AMOUNT);
    }

    function _queuedAndSettled() private returns (bytes32 paymentId) {
        paymentId = _queued();
        _setCap(payersBankId, "EUR", CAP);
        uint64[] memory ordered = new uint64[](1);
        ordered[0] = 1;
        clearing.resolve(ordered, new uint64[](0));
    }

    function _assertRefused() private view {
        assertEq(coin.calls(), 1);
        assertFalse(coin.succeeded());
        assertEq(
            coin.outcome(),
            abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector)
        );
    }

    function _coin() private view returns (IStablecoin) {
        return IStablecoin(address(coin));
    }
}
