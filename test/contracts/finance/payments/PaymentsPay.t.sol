// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

import {Products} from "../../../../contracts/access/Products.sol";
import {IClearingHouse} from "../../../../contracts/finance/clearing/IClearingHouse.sol";
import {ICompliance} from "../../../../contracts/finance/coin/ICompliance.sol";
import {ForexReasons} from "../../../../contracts/finance/evidence/ForexReasons.sol";
import {IEvidenceLedger} from "../../../../contracts/finance/evidence/IEvidenceLedger.sol";
import {IPayments} from "../../../../contracts/finance/payments/IPayments.sol";
import {ISuspense} from "../../../../contracts/finance/payments/ISuspense.sol";
import {EvidenceMessages} from "../../../../contracts/trade/documents/EvidenceMessages.sol";
import {PaymentWorld} from "../../../support/PaymentWorld.sol";
import {vm} from "../../../support/Test.sol";

/// @notice {Payments-pay} in one coin.
contract PaymentsPayTest is PaymentWorld {
    function test_pay_sameCoin_movesCoinsAndDebts() public {
        IPayments.Order memory order = _order();
        bytes32 paymentId = payments.paymentIdOf(payer, order.endToEndId);
        vm.expectEmit(address(payments));
        emit IPayments.PaymentMade(paymentId, payer, payee, yuan, AMOUNT, yuan, AMOUNT, 1, order.message);
        assertEq(_pay(order), paymentId);

        assertEq(yuan.balanceOf(payer), PURSE - AMOUNT);
        assertEq(yuan.balanceOf(payee), AMOUNT);
        assertEq(yuan.balanceOf(address(payments)), 0);
        assertTrue(payments.isUsed(payer, order.endToEndId));
        assertEq(uint256(payments.stateOf(paymentId)), uint256(IClearingHouse.State.Unknown));
        assertEq(_net(payersBankId, "CNY"), -int256(uint256(AMOUNT)));
        assertEq(_net(payeesBankId, "CNY"), int256(uint256(AMOUNT)));
        assertEq(ledger.evidence(order.documents[0]).drawn, AMOUNT);
        assertEq(ledger.firstUser(order.documents[1]), bytes16(paymentId));
    }

    function test_pay_sameBank_owesNothing() public {
        address neighbour = makeAddr("neighbour");
        _admit(neighbour, "CN");
        _join(neighbour, payersBankId);
        IPayments.Order memory order = _order();
        order.payee = neighbour;
        order.documents[0] = _newEvidence("CNY", AMOUNT, payer, neighbour);
        order.documents[1] = _newEvidence("CNY", AMOUNT, payer, neighbour);
        _pay(order);
        assertEq(yuan.balanceOf(neighbour), AMOUNT);
        assertEq(_net(payersBankId, "CNY"), 0);
    }

    // ------------------------------------------------------------------------------------------------ evidence

    function test_pay_withoutEvidence_reverts() public {
        IPayments.Order memory order = _order();
        order.documents = new bytes32[](0);
        _refuse(order, ForexReasons.NO_EVIDENCE);
    }

    function test_pay_unknownDocument_reverts() public {
        IPayments.Order memory order = _order();
        order.documents[1] = "nobody proved this";
        _refuse(order, ForexReasons.EVIDENCE_UNKNOWN);
    }

    function test_pay_sameDocumentTwice_reverts() public {
        IPayments.Order memory order = _order();
        order.documents[1] = order.documents[0];
        _refuse(order, ForexReasons.EVIDENCE_REPEATED);
    }

    function test_pay_somebodyElsesDocument_reverts() public {
        IPayments.Order memory order = _order();
        order.documents[0] = _newEvidence("CNY", AMOUNT, payee, payer);
        _refuse(order, ForexReasons.EVIDENCE_PARTIES);
    }

    function test_pay_withdrawnDocument_reverts() public {
        IPayments.Order memory order = _order();
        gateway.inject(notary, address(ledger), EvidenceMessages.withdrawn(order.documents[0]));
        _refuse(order, ForexReasons.EVIDENCE_WITHDRAWN);
    }

    function test_pay_documentInAnotherCurrency_reverts() public {
        IPayments.Order memory order = _order();
        order.documents[0] = _newEvidence("USD", AMOUNT, payer, payee);
        _refuse(order, ForexReasons.EVIDENCE_CURRENCY);
    }

    function test_pay_exhaustedEvidence_namesItsFirstUser() public {
        IPayments.Order memory first = _order();
        bytes32 paymentId = _pay(first);
        IPayments.Order memory second = _order();
        second.amount = 1;
        second.documents = first.documents;
        _revertPay(
            second,
            abi.encodeWithSelector(
                IEvidenceLedger.EvidenceLedger_Exhausted.selector,
                first.documents[0],
                0,
                1,
                bytes16(paymentId)
            )
        );
    }

    function test_pay_made_cannotBeRestored() public {
        IPayments.Order memory order = _order();
        bytes32 paymentId = _pay(order);
        vm.expectRevert(abi.encodeWithSelector(IEvidenceLedger.EvidenceLedger_NothingDrawn.selector, paymentId));
        vm.prank(address(payments));
        ledger.restore(paymentId, AMOUNT, order.documents);
    }

    function test_pay_suspendedPayee_reverts() public {
        IPayments.Order memory order = _order();
        _suspend(payee);
        _refuse(order, ForexReasons.PAYEE_NOT_ACTIVE);
    }

    function test_pay_closedCorridor_reverts() public {
        address abroad = makeAddr("abroad");
        _admit(abroad, "FR");
        _join(abroad, payeesBankId);
        IPayments.Order memory order = _order();
        order.payee = abroad;
        order.documents[0] = _newEvidence("CNY", AMOUNT, payer, abroad);
        order.documents[1] = _newEvidence("CNY", AMOUNT, payer, abroad);
        _refuse(order, ForexReasons.CORRIDOR_CLOSED);
    }

    // -------------------------------------------------------------------------------------------------- orders

    function test_pay_reusedOrderId_reverts() public {
        IPayments.Order memory first = _order();
        _pay(first);
        IPayments.Order memory second = _order();
        second.endToEndId = first.endToEndId;
        _revertPay(second, abi.encodeWithSelector(IPayments.Payments_AlreadyUsed.selector, payer, first.endToEndId));
    }

    function testFuzz_pay_anyTwoIds_areTheirOwn(bytes32 one, bytes32 other) public {
        vm.assume(one != other);
        IPayments.Order memory order = _order();
        order.endToEndId = one;
        _pay(order);
        assertTrue(payments.isUsed(payer, one));
        assertFalse(payments.isUsed(payer, other));
        assertFalse(payments.isUsed(payee, one));
        order = _order();
        order.endToEndId = other;
        _pay(order);
        assertEq(yuan.balanceOf(payee), 2 * AMOUNT);
    }

    function test_pay_lastSecond_succeeds() public {
        IPayments.Order memory order = _order();
        vm.warp(order.expiry);
        _pay(order);
        assertEq(yuan.balanceOf(payee), AMOUNT);
    }

    function test_pay_expired_reverts() public {
        IPayments.Order memory order = _order();
        vm.warp(order.expiry + 1);
        _revertPay(order, abi.encodeWithSelector(IPayments.Payments_Expired.selector, order.expiry));
    }

    function test_pay_anybodyElse_reverts() public {
        IPayments.Order memory order = _order();
        vm.expectRevert(abi.encodeWithSelector(IPayments.Payments_NotPayer.selector, payer, payersBank));
        vm.prank(payersBank);
        payments.pay(order, _noQuote(), "");
    }

    function test_pay_nothing_reverts() public {
        IPayments.Order memory order = _order();
        order.amount = 0;
        _revertPay(order, abi.encodeWithSelector(IPayments.Payments_InvalidAmount.selector));
    }

    function test_pay_aboveMaximumByOneUnit_reverts() public {
        IPayments.Order memory order = _order();
        order.maxDebit = AMOUNT - 1;
        _revertPay(order, abi.encodeWithSelector(IPayments.Payments_AboveMaximum.selector, AMOUNT, AMOUNT - 1));
    }

    function test_pay_coinNotListed_reverts() public {
        IPayments.Order memory order = _order();
        vm.expectEmit(address(payments));
        emit IPayments.CoinListed(yuan, false);
        vm.prank(operator);
        payments.listCoin(yuan, false);
        _revertPay(order, abi.encodeWithSelector(IPayments.Payments_CoinNotListed.selector, yuan));
    }

    function test_pay_payerWithoutBank_reverts() public {
        IPayments.Order memory order = _order();
        _leaveEmpty(payer);
        _revertPay(order, abi.encodeWithSelector(IPayments.Payments_NoBank.selector, payer));
    }

    function test_pay_payeeWithoutBank_reverts() public {
        IPayments.Order memory order = _order();
        _leaveEmpty(payee);
        _revertPay(order, abi.encodeWithSelector(IPayments.Payments_NoBank.selector, payee));
    }

    function testFuzz_listCoin_anybodyElse_reverts(address caller) public {
        vm.assume(caller != operator && caller != address(vm));
        _expectUnauthorized(caller);
        vm.prank(caller);
        payments.listCoin(yuan, false);
    }

    // --------------------------------------------------------------------------------------------------- coins

    function test_pay_frozenPayee_waitsInSuspense() public {
        IPayments.Order memory order = _order();
        _freeze(yuan, payee);
        vm.expectEmit(address(payments));
        emit ISuspense.HeldInSuspense(yuan, payee, AMOUNT);
        _pay(order);
        assertEq(payments.suspense(yuan, payee), AMOUNT);
        assertEq(yuan.balanceOf(address(payments)), AMOUNT);

        vm.expectRevert(abi.encodeWithSelector(ICompliance.Stablecoin_Frozen.selector, payee));
        _claim(payee);
        _unfreeze(yuan, payee);
        _claim(payee);
        assertEq(yuan.balanceOf(payee), AMOUNT);
        vm.expectRevert(abi.encodeWithSelector(ISuspense.Suspense_NothingWaits.selector, yuan, payee));
        _claim(payee);
    }

    function test_pay_frozenPayer_reverts() public {
        IPayments.Order memory order = _order();
        _freeze(yuan, payer);
        _revertPay(order, abi.encodeWithSelector(ICompliance.Stablecoin_Frozen.selector, payer));
    }

    function test_pay_withoutAllowance_reverts() public {
        IPayments.Order memory order = _order();
        vm.prank(payer);
        yuan.approve(address(payments), AMOUNT - 1);
        _revertPay(
            order,
            abi.encodeWithSelector(
                IERC20Errors.ERC20InsufficientAllowance.selector,
                address(payments),
                AMOUNT - 1,
                AMOUNT
            )
        );
    }

    function test_pay_pausedCoin_stopsOnlyItself() public {
        IPayments.Order memory order = _order();
        _pause(yuan);
        _revertPay(order, abi.encodeWithSelector(Pausable.EnforcedPause.selector));
        _pay(_order(dollar, dollar, AMOUNT, AMOUNT));
        assertEq(dollar.balanceOf(payee), AMOUNT);
    }

    function test_pay_productRemoved_reverts() public {
        IPayments.Order memory order = _order();
        _setProduct(address(payments), false);
        _revertPay(order, abi.encodeWithSelector(Products.Products_NotAProduct.selector, address(payments)));
        _setProduct(address(payments), true);
        _pay(order);
        assertEq(yuan.balanceOf(payee), AMOUNT);
    }

    function test_pay_suspendedBank_reverts() public {
        IPayments.Order memory order = _order();
        vm.prank(registrar);
        subAccounts.suspendMember(payersBankId);
        _revertPay(order, abi.encodeWithSelector(IClearingHouse.ClearingHouse_MemberSuspended.selector, payersBankId));
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _claim(address by) private {
        vm.prank(by);
        payments.claim(yuan);
    }

    function _refuse(IPayments.Order memory order, uint256 reasons) private {
        bytes32 paymentId = payments.paymentIdOf(payer, order.endToEndId);
        _revertPay(order, abi.encodeWithSelector(IEvidenceLedger.EvidenceLedger_Refused.selector, paymentId, reasons));
    }
}
