// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

import {IClearingHouse} from "../../../../contracts/finance/clearing/IClearingHouse.sol";
import {ISubAccounts} from "../../../../contracts/finance/clearing/ISubAccounts.sol";
import {ICompliance} from "../../../../contracts/finance/coin/ICompliance.sol";
import {IFxDesk} from "../../../../contracts/finance/fx/IFxDesk.sol";
import {IPayments} from "../../../../contracts/finance/payments/IPayments.sol";
import {PaymentWorld} from "../../../support/PaymentWorld.sol";
import {vm} from "../../../support/Test.sol";

/// @notice {Payments-pay} from one coin to another: both coins and both debts move, or nothing does.
contract PaymentsConvertTest is PaymentWorld {
    function test_pay_conversion_movesBothCoinsAndDebts() public {
        uint256 dollars = subAccounts.balance(providerId, dollar).available;
        IPayments.Order memory order = _conversion();
        bytes32 paymentId = payments.paymentIdOf(payer, order.endToEndId);
        IFxDesk.Quote memory quote = _quote();
        bytes memory signature = _sign(quote, providerKey);
        vm.expectEmit(address(payments));
        emit IPayments.PaymentMade(paymentId, payer, payee, dollar, PRICE, yuan, AMOUNT, 1, order.message);
        vm.prank(payer);
        payments.pay(order, quote, signature);

        assertEq(dollar.balanceOf(payer), PURSE - PRICE);
        assertEq(subAccounts.balance(providerId, dollar).available, dollars + PRICE);
        assertEq(subAccounts.balance(providerId, yuan).available, PURSE - AMOUNT);
        assertEq(yuan.balanceOf(payee), AMOUNT);
        assertEq(_net(payersBankId, "USD"), -int256(uint256(PRICE)));
        assertEq(_net(providerId, "USD"), int256(uint256(PRICE)));
        assertEq(_net(providerId, "CNY"), -int256(uint256(AMOUNT)));
        assertEq(_net(payeesBankId, "CNY"), int256(uint256(AMOUNT)));
    }

    // -------------------------------------------------------------------------------------------------- quotes

    function test_pay_quoteForAnotherAmount_reverts() public {
        IFxDesk.Quote memory quote = _quote();
        quote.buyAmount = AMOUNT + 1;
        _revertConvert(
            _conversion(),
            quote,
            abi.encodeWithSelector(IPayments.Payments_WrongQuote.selector, AMOUNT, AMOUNT + 1)
        );
        quote.buyAmount = AMOUNT - 1;
        _revertConvert(
            _conversion(),
            quote,
            abi.encodeWithSelector(IPayments.Payments_WrongQuote.selector, AMOUNT, AMOUNT - 1)
        );
    }

    function test_pay_quoteAboveMaximumByOneUnit_reverts() public {
        IFxDesk.Quote memory quote = _quote();
        quote.sellAmount = PRICE + 1;
        _revertConvert(
            _conversion(),
            quote,
            abi.encodeWithSelector(IPayments.Payments_AboveMaximum.selector, PRICE + 1, PRICE)
        );
    }

    function test_pay_quoteThatWouldWrap_reverts() public {
        IFxDesk.Quote memory quote = _quote();
        quote.sellAmount = uint128(1 << 96) + PRICE;
        _revertConvert(
            _conversion(),
            quote,
            abi.encodeWithSelector(IPayments.Payments_AboveMaximum.selector, quote.sellAmount, PRICE)
        );
    }

    function test_pay_quoteForOtherCoins_reverts() public {
        IFxDesk.Quote memory quote = _quote();
        quote.sellCoin = yuan;
        _revertConvert(
            _conversion(),
            quote,
            abi.encodeWithSelector(IPayments.Payments_WrongQuoteCoins.selector, yuan, yuan)
        );
        quote = _quote();
        quote.buyCoin = dollar;
        _revertConvert(
            _conversion(),
            quote,
            abi.encodeWithSelector(IPayments.Payments_WrongQuoteCoins.selector, dollar, dollar)
        );
    }

    function test_pay_somebodyElsesQuote_reverts() public {
        IFxDesk.Quote memory quote = _quote();
        quote.taker = stranger;
        _revertConvert(_conversion(), quote, abi.encodeWithSelector(IFxDesk.FxDesk_NotTaker.selector, stranger, payer));
    }

    function test_pay_quoteTwice_reverts() public {
        IFxDesk.Quote memory quote = _quote();
        _convert(_conversion(), quote);
        _revertConvert(
            _conversion(),
            quote,
            abi.encodeWithSelector(IFxDesk.FxDesk_QuoteUsed.selector, provider, quote.nonce)
        );
    }

    function test_pay_withoutQuote_reverts() public {
        _revertPay(
            _conversion(),
            abi.encodeWithSelector(IPayments.Payments_WrongQuoteCoins.selector, address(0), address(0))
        );
    }

    function test_pay_refusedConversion_leavesTheQuote() public {
        IFxDesk.Quote memory quote = _quote();
        _freeze(dollar, payer);
        _revertConvert(_conversion(), quote, abi.encodeWithSelector(ICompliance.Stablecoin_Frozen.selector, payer));
        assertFalse(desk.isUsed(provider, quote.nonce));
        _unfreeze(dollar, payer);
        _convert(_conversion(), quote);
        assertTrue(desk.isUsed(provider, quote.nonce));
    }

    function test_pay_payerCoinNotListed_reverts() public {
        vm.prank(operator);
        payments.listCoin(dollar, false);
        _revertConvert(
            _conversion(),
            _quote(),
            abi.encodeWithSelector(IPayments.Payments_CoinNotListed.selector, dollar)
        );
    }

    // ----------------------------------------------------------------------------------------------- atomicity

    function test_pay_providerWithoutCoins_movesNothing() public {
        IPayments.Order memory order = _order(dollar, yuan, uint96(PURSE) + 1, uint96(PURSE));
        IFxDesk.Quote memory quote = _quote();
        (quote.buyAmount, quote.sellAmount) = (uint128(PURSE) + 1, uint128(PURSE * 10) / 72);
        _revertConvert(
            order,
            quote,
            abi.encodeWithSelector(ISubAccounts.SubAccounts_Insufficient.selector, providerId, yuan, PURSE, PURSE + 1)
        );
    }

    function test_pay_pausedBuyCoin_movesNothing() public {
        IPayments.Order memory order = _conversion();
        _pause(yuan);
        _revertConvert(order, _quote(), abi.encodeWithSelector(IPayments.Payments_NotDelivered.selector, yuan));
    }

    function test_pay_pausedSellCoin_movesNothing() public {
        IPayments.Order memory order = _conversion();
        _pause(dollar);
        _revertConvert(order, _quote(), abi.encodeWithSelector(Pausable.EnforcedPause.selector));
    }

    function test_pay_suspendedProvider_movesNothing() public {
        vm.prank(registrar);
        subAccounts.suspendMember(providerId);
        _revertConvert(_conversion(), _quote(), abi.encodeWithSelector(IFxDesk.FxDesk_NotProvider.selector, provider));
    }

    function test_pay_conversionToFrozenPayee_waitsInTheSubAccounts() public {
        _freeze(yuan, payee);
        _convert(_conversion());
        assertEq(subAccounts.suspense(yuan, payee), AMOUNT);
        assertEq(dollar.balanceOf(payer), PURSE - PRICE);
        _unfreeze(yuan, payee);
        vm.prank(payee);
        subAccounts.claim(yuan);
        assertEq(yuan.balanceOf(payee), AMOUNT);
    }

    function test_pay_sellLegBeyondTheCap_queuesBothCoins() public {
        _setCap(payersBankId, "USD", 0);
        bytes32 paymentId = _convert(_conversion());
        assertEq(uint256(payments.stateOf(paymentId)), uint256(IClearingHouse.State.Queued));
        assertEq(dollar.balanceOf(address(payments)), PRICE);
        assertEq(yuan.balanceOf(address(payments)), AMOUNT);
        assertEq(_net(providerId, "CNY"), 0);
    }

    function test_pay_buyLegBeyondTheCap_queuesBothCoins() public {
        _setCap(providerId, "CNY", 0);
        _convert(_conversion());
        assertEq(dollar.balanceOf(address(payments)), PRICE);
        assertEq(yuan.balanceOf(address(payments)), AMOUNT);
        assertEq(_net(payersBankId, "USD"), 0);
    }

    /// @dev Else the queue would take coins for granted that wait in the sub-accounts' suspense.
    function test_pay_queuedWithPausedBuyCoin_movesNothing() public {
        _setCap(payersBankId, "USD", 0);
        IPayments.Order memory order = _conversion();
        _pause(yuan);
        _revertConvert(order, _quote(), abi.encodeWithSelector(IPayments.Payments_NotDelivered.selector, yuan));
    }
}
