// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IClearingHouse} from "../../contracts/finance/clearing/IClearingHouse.sol";
import {IStablecoin} from "../../contracts/finance/coin/IStablecoin.sol";
import {Stablecoin} from "../../contracts/finance/coin/Stablecoin.sol";
import {IFxDesk} from "../../contracts/finance/fx/IFxDesk.sol";
import {IPayments} from "../../contracts/finance/payments/IPayments.sol";
import {FinanceRooms} from "./FinanceRooms.sol";
import {vm} from "./Test.sol";

/// @title A payer in Germany, a payee in China, their banks, and a bank that converts dollars to yuan
abstract contract PaymentWorld is FinanceRooms {
    uint96 internal constant AMOUNT = 7_200e6;
    /// @dev What the provider asks for it, at 7.2 yuan a dollar.
    uint96 internal constant PRICE = 1_000e6;
    uint256 internal constant PURSE = 1_000_000e6;
    uint40 internal constant EXPIRY = NOW + 30 days;

    Stablecoin internal dollar;
    Stablecoin internal yuan;

    address internal payer;
    uint256 internal payerKey;
    address internal payee;
    address internal payersBank;
    address internal payeesBank;
    address internal provider;
    uint256 internal providerKey;

    uint16 internal payersBankId;
    uint16 internal payeesBankId;
    uint16 internal providerId;

    uint256 private _orders;
    uint256 private _quotes;

    function setUp() public virtual override {
        super.setUp();
        (payer, payerKey) = makeAddrAndKey("payer");
        payee = makeAddr("payee");
        payersBank = makeAddr("payer's bank");
        payeesBank = makeAddr("payee's bank");
        (provider, providerKey) = makeAddrAndKey("provider");
        dollar = _newCoin("Huangpu Dollar", "HPUSD", "USD");
        yuan = _newCoin("Huangpu Yuan", "HPCNH", "CNY");
        _listPair("USD", "CNY", 7.2e18);
        _openCorridor("DE", "CN", "USD");
        _openCorridor("DE", "CN", "CNY");

        payersBankId = _newBank(payersBank);
        payeesBankId = _newBank(payeesBank);
        providerId = _newBank(provider);
        _setProvider(provider);
        _deposit(providerId, yuan, PURSE);
        _admit(payer, "DE");
        _admit(payee, "CN");
        _join(payer, payersBankId);
        _join(payee, payeesBankId);
        _mint(dollar, payer, PURSE);
        _mint(yuan, payer, PURSE);
        vm.startPrank(payer);
        dollar.approve(address(payments), type(uint256).max);
        yuan.approve(address(payments), type(uint256).max);
        vm.stopPrank();
    }

    // -------------------------------------------------------------------------------------------------- orders

    /// @dev Of {AMOUNT} yuan out of yuan, on two documents of just that amount.
    function _order() internal returns (IPayments.Order memory) {
        return _order(yuan, yuan, AMOUNT, AMOUNT);
    }

    /// @dev Of {AMOUNT} yuan out of dollars.
    function _conversion() internal returns (IPayments.Order memory) {
        return _order(dollar, yuan, AMOUNT, PRICE);
    }

    function _order(
        IStablecoin from,
        IStablecoin to,
        uint96 amount,
        uint96 maxDebit
    ) internal returns (IPayments.Order memory) {
        bytes32[] memory documents = new bytes32[](2);
        documents[0] = _newEvidence(to.currency(), amount, payer, payee);
        documents[1] = _newEvidence(to.currency(), amount, payer, payee);
        return
            IPayments.Order({
                payer: payer,
                payee: payee,
                payerCoin: from,
                payeeCoin: to,
                amount: amount,
                maxDebit: maxDebit,
                endToEndId: bytes32(++_orders),
                message: keccak256("pacs.008"),
                priority: IClearingHouse.Priority.Normal,
                expiry: EXPIRY,
                documents: documents
            });
    }

    function _quote() internal returns (IFxDesk.Quote memory) {
        return
            IFxDesk.Quote({
                provider: provider,
                taker: payer,
                sellCoin: dollar,
                sellAmount: PRICE,
                buyCoin: yuan,
                buyAmount: AMOUNT,
                nonce: bytes32(++_quotes),
                expiry: EXPIRY
            });
    }

    // ------------------------------------------------------------------------------------------------- actions

    function _pay(IPayments.Order memory order) internal returns (bytes32) {
        IFxDesk.Quote memory none = _noQuote();
        vm.prank(order.payer);
        return payments.pay(order, none, "");
    }

    function _convert(IPayments.Order memory order) internal returns (bytes32) {
        return _convert(order, _quote());
    }

    function _convert(IPayments.Order memory order, IFxDesk.Quote memory quote) internal returns (bytes32) {
        bytes memory signature = _sign(quote, providerKey);
        vm.prank(order.payer);
        return payments.pay(order, quote, signature);
    }

    /// @dev Nothing may have moved.
    function _revertPay(IPayments.Order memory order, bytes memory expected) internal {
        bytes32 before = _books();
        vm.expectRevert(expected);
        _pay(order);
        assertEq(_books(), before, "something moved");
    }

    function _revertConvert(IPayments.Order memory order, IFxDesk.Quote memory quote, bytes memory expected) internal {
        bytes memory signature = _sign(quote, providerKey);
        bytes32 before = _books();
        vm.expectRevert(expected);
        vm.prank(order.payer);
        payments.pay(order, quote, signature);
        assertEq(_books(), before, "something moved");
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @dev Of everything that a payment changes.
    function _books() internal view returns (bytes32 hash) {
        for (uint256 i = 0; i < coins.length; ++i) {
            bytes3 currency = coins[i].currency();
            for (uint256 j = 0; j < holders.length; ++j) hash = _add(hash, coins[i].balanceOf(holders[j]));
            for (uint16 id = 1; id <= subAccounts.memberCount(); ++id) {
                hash = _add(hash, subAccounts.balance(id, coins[i]).available);
                hash = _add(hash, uint256(_net(id, currency)));
            }
            hash = _add(hash, payments.suspense(coins[i], payee) + subAccounts.suspense(coins[i], payee));
        }
        return _add(hash, clearing.queueLength());
    }

    function _net(uint16 member, bytes3 currency) internal view returns (int256) {
        return clearing.position(clearing.openCycle(), member, currency).net;
    }

    function _add(bytes32 hash, uint256 value) private pure returns (bytes32) {
        return keccak256(abi.encode(hash, value));
    }

    function _noQuote() internal pure returns (IFxDesk.Quote memory none) {}

    function _expectUnauthorized(address caller) internal {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
    }
}
