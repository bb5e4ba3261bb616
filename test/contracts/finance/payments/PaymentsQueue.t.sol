// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IClearingHouse} from "../../../../contracts/finance/clearing/IClearingHouse.sol";
import {IPayments} from "../../../../contracts/finance/payments/IPayments.sol";
import {ISuspense} from "../../../../contracts/finance/payments/ISuspense.sol";
import {PaymentWorld} from "../../../support/PaymentWorld.sol";
import {vm} from "../../../support/Test.sol";

/// @notice Payments that wait: {Payments-complete} and {Payments-cancel}.
contract PaymentsQueueTest is PaymentWorld {
    // ------------------------------------------------------------------------------------------------- queuing

    function test_pay_exactlyTheCap_isMade() public {
        _setCap(payersBankId, "CNY", AMOUNT);
        _pay(_order());
        assertEq(yuan.balanceOf(payee), AMOUNT);
    }

    function test_pay_beyondTheCapByOneUnit_waits() public {
        _setCap(payersBankId, "CNY", AMOUNT);
        IPayments.Order memory order = _order(yuan, yuan, AMOUNT + 1, AMOUNT + 1);
        bytes32 paymentId = payments.paymentIdOf(payer, order.endToEndId);
        vm.expectEmit(address(payments));
        emit IPayments.PaymentQueued(paymentId, payer, payee, 1);
        _pay(order);

        assertEq(yuan.balanceOf(payee), 0);
        assertEq(yuan.balanceOf(address(payments)), AMOUNT + 1);
        IPayments.WaitingPayment memory waited = payments.waiting(paymentId);
        assertEq(waited.payer, payer);
        assertEq(waited.payee, payee);
        assertEq(waited.amount, AMOUNT + 1);
        assertEq(waited.documents[1], order.documents[1]);
        assertEq(ledger.evidence(order.documents[0]).drawn, AMOUNT + 1);
    }

    // ---------------------------------------------------------------------------------------------- completing

    function test_complete_settled_paysOnce() public {
        (IPayments.Order memory order, bytes32 paymentId) = _queued();
        _settleQueue();
        vm.expectEmit(address(payments));
        emit IPayments.PaymentMade(paymentId, payer, payee, yuan, AMOUNT, yuan, AMOUNT, 1, order.message);
        vm.expectEmit(address(payments));
        emit IPayments.PaymentCompleted(paymentId, false);
        _complete(paymentId);
        assertEq(yuan.balanceOf(payee), AMOUNT);
        assertEq(payments.waiting(paymentId).payer, address(0));

        _complete(paymentId);
        assertEq(yuan.balanceOf(payee), AMOUNT);
    }

    function test_complete_twiceInOneBatch_paysOnce() public {
        (, bytes32 paymentId) = _queued();
        (, bytes32 other) = _queued();
        _settleQueue();
        bytes32[] memory ids = new bytes32[](4);
        (ids[0], ids[1], ids[2], ids[3]) = (paymentId, other, paymentId, "nobody's");
        vm.prank(stranger);
        payments.complete(ids);
        assertEq(yuan.balanceOf(payee), 2 * AMOUNT);
        assertEq(yuan.balanceOf(address(payments)), 0);
    }

    function test_complete_stillQueued_reverts() public {
        (, bytes32 settled) = _queued();
        _settleQueue();
        _setCapToExposure();
        (, bytes32 queued) = _queued();
        bytes32[] memory ids = new bytes32[](2);
        (ids[0], ids[1]) = (settled, queued);
        vm.expectRevert(abi.encodeWithSelector(IPayments.Payments_StillQueued.selector, queued));
        payments.complete(ids);
        assertEq(yuan.balanceOf(payee), 0);
        _complete(settled);
        assertEq(yuan.balanceOf(payee), AMOUNT);
    }

    function test_complete_afterTheCycle_pays() public {
        (, bytes32 paymentId) = _queued();
        _settleQueue();
        _closeCycle();
        assertEq(uint256(payments.stateOf(paymentId)), uint256(IClearingHouse.State.Netted));
        _complete(paymentId);
        assertEq(yuan.balanceOf(payee), AMOUNT);
    }

    /// @dev The payee's coins are theirs although the payer's bank has not paid.
    function test_complete_afterARejection_pays() public {
        (, bytes32 paymentId) = _queued();
        _settleQueue();
        _closeCycle();
        vm.startPrank(clearingAgent);
        clearing.instruct(1, payersBankId, "CNY");
        clearing.reject(1, payersBankId, "CNY", "AM04");
        vm.stopPrank();
        assertEq(uint256(payments.stateOf(paymentId)), uint256(IClearingHouse.State.Rejected));
        _complete(paymentId);
        assertEq(yuan.balanceOf(payee), AMOUNT);
    }

    function test_complete_frozenPayee_waitsInSuspense() public {
        (, bytes32 paymentId) = _queued();
        _settleQueue();
        _freeze(yuan, payee);
        vm.expectEmit(address(payments));
        emit IPayments.PaymentCompleted(paymentId, true);
        _complete(paymentId);
        assertEq(payments.suspense(yuan, payee), AMOUNT);
    }

    function test_complete_conversion_movesBothCoins() public {
        bytes32 paymentId = _queuedConversion();
        uint256 dollars = subAccounts.balance(providerId, dollar).available;
        _settleQueue();
        _complete(paymentId);
        assertEq(yuan.balanceOf(payee), AMOUNT);
        assertEq(subAccounts.balance(providerId, dollar).available, dollars + PRICE);
        assertEq(dollar.balanceOf(address(payments)) + yuan.balanceOf(address(payments)), 0);
    }

    /// @dev The payee does not wait for the provider's coin.
    function test_complete_conversionWithPausedSellCoin_paysThePayee() public {
        bytes32 paymentId = _queuedConversion();
        _settleQueue();
        _pause(dollar);
        _complete(paymentId);
        assertEq(yuan.balanceOf(payee), AMOUNT);
        assertEq(payments.suspense(dollar, provider), PRICE);
        _unpause(dollar);
        vm.prank(provider);
        payments.claim(dollar);
        assertEq(dollar.balanceOf(provider), PRICE);
    }

    // ---------------------------------------------------------------------------------------------- cancelling

    function test_cancel_queued_returnsCoinsAndEvidence() public {
        (IPayments.Order memory order, bytes32 paymentId) = _queued();
        vm.expectEmit(address(payments));
        emit IPayments.PaymentCancelled(paymentId);
        _cancel(payer, paymentId);
        assertEq(yuan.balanceOf(payer), PURSE);
        assertEq(ledger.evidence(order.documents[0]).drawn, 0);
        assertEq(ledger.evidence(order.documents[1]).drawn, 0);
        assertEq(clearing.queueLength(), 0);
        assertEq(uint256(clearing.stateOf(1)), uint256(IClearingHouse.State.Cancelled));
    }

    function test_cancel_twice_reverts() public {
        (, bytes32 paymentId) = _queued();
        _cancel(payer, paymentId);
        _revertCancel(payer, paymentId, abi.encodeWithSelector(IPayments.Payments_NotWaiting.selector, paymentId));
        _complete(paymentId);
        assertEq(yuan.balanceOf(payee), 0);
    }

    function test_cancel_theIdStaysUsed() public {
        (IPayments.Order memory order, bytes32 paymentId) = _queued();
        _cancel(payer, paymentId);
        _revertPay(order, abi.encodeWithSelector(IPayments.Payments_AlreadyUsed.selector, payer, order.endToEndId));
    }

    function test_cancel_anybodyElse_reverts() public {
        (, bytes32 paymentId) = _queued();
        address[4] memory callers = [payee, payersBank, provider, stranger];
        for (uint256 i = 0; i < callers.length; ++i) {
            _revertCancel(
                callers[i],
                paymentId,
                abi.encodeWithSelector(IPayments.Payments_NotPayer.selector, payer, callers[i])
            );
        }
    }

    function test_cancel_made_reverts() public {
        bytes32 paymentId = _pay(_order());
        _revertCancel(payer, paymentId, abi.encodeWithSelector(IPayments.Payments_NotWaiting.selector, paymentId));
    }

    /// @dev Whoever comes first, the queue or the payer: the other finds nothing.
    function test_cancel_settledMeanwhile_reverts() public {
        (, bytes32 paymentId) = _queued();
        _settleQueue();
        _revertCancel(
            payer,
            paymentId,
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouse_WrongState.selector,
                1,
                IClearingHouse.State.Provisional
            )
        );
        _complete(paymentId);
        assertEq(yuan.balanceOf(payee), AMOUNT);
    }

    function test_cancel_frozenPayer_waitsInSuspense() public {
        (, bytes32 paymentId) = _queued();
        _freeze(yuan, payer);
        vm.expectEmit(address(payments));
        emit ISuspense.HeldInSuspense(yuan, payer, AMOUNT);
        _cancel(payer, paymentId);
        assertEq(payments.suspense(yuan, payer), AMOUNT);
    }

    function test_cancel_conversionInItsCycle_reverts() public {
        bytes32 paymentId = _queuedConversion();
        bytes memory tooEarly = abi.encodeWithSelector(IPayments.Payments_TooEarly.selector, paymentId, 1);
        _revertCancel(payer, paymentId, tooEarly);
        _revertCancel(provider, paymentId, tooEarly);
    }

    function test_cancel_conversionAfterACycle_returnsBothCoins() public {
        bytes32 paymentId = _queuedConversion();
        _closeCycle();
        _cancel(payer, paymentId);
        _assertConversionReturned();
    }

    /// @dev Nobody binds the provider's coins to a price for longer than a cycle.
    function test_cancel_conversionByItsProvider_returnsBothCoins() public {
        bytes32 paymentId = _queuedConversion();
        _closeCycle();
        _revertCancel(
            stranger,
            paymentId,
            abi.encodeWithSelector(IPayments.Payments_NotPayer.selector, payer, stranger)
        );
        _cancel(provider, paymentId);
        _assertConversionReturned();
    }

    function test_cancel_conversionWithPausedBuyCoin_returnsThePayersCoins() public {
        bytes32 paymentId = _queuedConversion();
        _closeCycle();
        _pause(yuan);
        _cancel(payer, paymentId);
        assertEq(dollar.balanceOf(payer), PURSE);
        assertEq(payments.suspense(yuan, provider), AMOUNT);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _queued() private returns (IPayments.Order memory order, bytes32 paymentId) {
        if (clearing.exposure(payersBankId, "CNY") == 0) _setCap(payersBankId, "CNY", 0);
        order = _order();
        paymentId = _pay(order);
        assertEq(uint256(payments.stateOf(paymentId)), uint256(IClearingHouse.State.Queued));
    }

    function _queuedConversion() private returns (bytes32 paymentId) {
        _setCap(payersBankId, "USD", 0);
        paymentId = _convert(_conversion());
        assertEq(uint256(payments.stateOf(paymentId)), uint256(IClearingHouse.State.Queued));
    }

    function _setCapToExposure() private {
        _setCap(payersBankId, "CNY", uint96(clearing.exposure(payersBankId, "CNY")));
    }

    /// @dev Raises the caps, so that all that is queued can settle.
    function _settleQueue() private {
        _setCap(payersBankId, "CNY", CAP);
        _setCap(payersBankId, "USD", CAP);
        uint256 length = clearing.queueLength();
        uint64[] memory ordered = new uint64[](length);
        for (uint64 i = 0; i < length; ++i) ordered[i] = i + 1;
        clearing.resolve(ordered, new uint64[](0));
        assertEq(clearing.queueLength(), 0);
    }

    function _complete(bytes32 paymentId) private {
        bytes32[] memory ids = new bytes32[](1);
        ids[0] = paymentId;
        vm.prank(stranger);
        payments.complete(ids);
    }

    function _cancel(address caller, bytes32 paymentId) private {
        vm.prank(caller);
        payments.cancel(paymentId);
    }

    function _revertCancel(address caller, bytes32 paymentId, bytes memory expected) private {
        bytes32 before = _books();
        vm.expectRevert(expected);
        _cancel(caller, paymentId);
        assertEq(_books(), before, "something moved");
    }

    function _assertConversionReturned() private view {
        assertEq(dollar.balanceOf(payer), PURSE);
        assertEq(subAccounts.balance(providerId, yuan).available, PURSE);
        assertEq(dollar.balanceOf(address(payments)) + yuan.balanceOf(address(payments)), 0);
        assertEq(clearing.queueLength(), 0);
    }
}
