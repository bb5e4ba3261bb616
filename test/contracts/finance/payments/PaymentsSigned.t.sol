// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

import {Stablecoin} from "../../../../contracts/finance/coin/Stablecoin.sol";
import {IPayments} from "../../../../contracts/finance/payments/IPayments.sol";
import {Payments} from "../../../../contracts/finance/payments/Payments.sol";
import {PaymentWorld} from "../../../support/PaymentWorld.sol";
import {vm} from "../../../support/Test.sol";

/// @dev A company's account that counts as signed whatever it was told before.
contract Wallet is IERC1271 {
    bytes32 private _digest;

    function approveDigest(bytes32 digest) external {
        _digest = digest;
    }

    function isValidSignature(bytes32 digest, bytes memory) external view returns (bytes4) {
        return digest == _digest ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}

/// @notice {Payments-payFor} and {Payments-payWithPermit}.
contract PaymentsSignedTest is PaymentWorld {
    bytes32 private constant PERMIT_TYPEHASH = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );

    function test_payFor_payersBank_succeeds() public {
        IPayments.Order memory order = _order();
        _payFor(payersBank, order, _signed(order, payerKey));
        assertEq(yuan.balanceOf(payee), AMOUNT);
    }

    /// @dev The digest as a wallet computes it from the type's text.
    function test_orderDigest_isThatOfTheType() public {
        IPayments.Order memory order = _order();
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Huangpu Payments"),
                keccak256("1"),
                block.chainid,
                address(payments)
            )
        );
        bytes32 typeHash = keccak256(
            "Order(address payer,address payee,address payerCoin,address payeeCoin,uint96 amount,uint96 maxDebit,"
            "bytes32 endToEndId,bytes32 message,uint8 priority,uint40 expiry,bytes32[] documents)"
        );
        bytes memory head = abi.encode(typeHash, payer, payee, yuan, yuan, order.amount, order.maxDebit);
        bytes memory tail = abi.encode(
            order.endToEndId,
            order.message,
            order.priority,
            order.expiry,
            keccak256(bytes.concat(order.documents[0], order.documents[1]))
        );
        bytes32 expected = keccak256(bytes.concat(hex"1901", domain, keccak256(bytes.concat(head, tail))));
        assertEq(payments.orderDigest(order), expected);
    }

    function test_payFor_contractAccount_succeeds() public {
        Wallet wallet = new Wallet();
        _admit(address(wallet), "DE");
        _join(address(wallet), payersBankId);
        _mint(yuan, address(wallet), AMOUNT);
        vm.prank(address(wallet));
        yuan.approve(address(payments), AMOUNT);
        IPayments.Order memory order = _order();
        order.payer = address(wallet);
        order.documents[0] = _newEvidence("CNY", AMOUNT, address(wallet), payee);
        order.documents[1] = _newEvidence("CNY", AMOUNT, address(wallet), payee);

        _revertPayFor(payersBank, order, "", _invalid(address(wallet)));
        wallet.approveDigest(payments.orderDigest(order));
        _payFor(payersBank, order, "");
        assertEq(yuan.balanceOf(payee), AMOUNT);
    }

    function test_payFor_anotherBank_reverts() public {
        IPayments.Order memory order = _order();
        bytes memory signature = _signed(order, payerKey);
        address[3] memory callers = [payeesBank, payer, stranger];
        for (uint256 i = 0; i < callers.length; ++i) {
            _revertPayFor(
                callers[i],
                order,
                signature,
                abi.encodeWithSelector(IPayments.Payments_NotPayersBank.selector, payer, callers[i])
            );
        }
    }

    /// @dev Nobody's bank is nobody, and nobody calls.
    function test_payFor_payerWithoutBank_reverts() public {
        IPayments.Order memory order = _order();
        bytes memory signature = _signed(order, payerKey);
        _leaveEmpty(payer);
        _revertPayFor(
            payersBank,
            order,
            signature,
            abi.encodeWithSelector(IPayments.Payments_NotPayersBank.selector, payer, payersBank)
        );
    }

    function test_payFor_changedOrder_reverts() public {
        IPayments.Order memory order = _order();
        bytes memory signature = _signed(order, payerKey);
        order.documents[1] = _newEvidence("CNY", AMOUNT, payer, payee);
        _revertPayFor(payersBank, order, signature, _invalid(payer));
    }

    function test_payFor_signedByAnother_reverts() public {
        IPayments.Order memory order = _order();
        _revertPayFor(payersBank, order, _signed(order, providerKey), _invalid(payer));
    }

    function test_payFor_signedForAnotherChain_reverts() public {
        IPayments.Order memory order = _order();
        bytes memory signature = _signed(order, payerKey);
        vm.chainId(4242);
        _revertPayFor(payersBank, order, signature, _invalid(payer));
    }

    function test_payFor_signedForAnotherContract_reverts() public {
        IPayments.Order memory order = _order();
        bytes memory arguments = abi.encode(manager, ledger, desk, subAccounts, clearing);
        Payments other = Payments(_deploy("Payments.sol:Payments", arguments));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(payerKey, other.orderDigest(order));
        _revertPayFor(payersBank, order, abi.encodePacked(r, s, v), _invalid(payer));
    }

    function test_payFor_twice_reverts() public {
        IPayments.Order memory order = _order();
        bytes memory signature = _signed(order, payerKey);
        _payFor(payersBank, order, signature);
        _revertPayFor(
            payersBank,
            order,
            signature,
            abi.encodeWithSelector(IPayments.Payments_AlreadyUsed.selector, payer, order.endToEndId)
        );
    }

    // -------------------------------------------------------------------------------------------------- permit

    function test_payWithPermit_withoutAllowance_succeeds() public {
        IPayments.Order memory order = _order();
        _noAllowance();
        (uint8 v, bytes32 r, bytes32 s) = _permit(order.maxDebit);
        vm.prank(payer);
        payments.payWithPermit(order, _noQuote(), "", EXPIRY, v, r, s);
        assertEq(yuan.balanceOf(payee), AMOUNT);
    }

    function test_payWithPermit_submittedBySomebodyBefore_succeeds() public {
        IPayments.Order memory order = _order();
        _noAllowance();
        (uint8 v, bytes32 r, bytes32 s) = _permit(order.maxDebit);
        vm.prank(stranger);
        yuan.permit(payer, address(payments), order.maxDebit, EXPIRY, v, r, s);
        vm.prank(payer);
        payments.payWithPermit(order, _noQuote(), "", EXPIRY, v, r, s);
        assertEq(yuan.balanceOf(payee), AMOUNT);
    }

    function test_payWithPermit_expired_reverts() public {
        IPayments.Order memory order = _order();
        _noAllowance();
        vm.expectRevert(abi.encodeWithSelector(ERC20Permit.ERC2612ExpiredSignature.selector, NOW - 1));
        vm.prank(payer);
        payments.payWithPermit(order, _noQuote(), "", NOW - 1, 27, "", "");
    }

    function test_payWithPermit_coinNotListed_reverts() public {
        IPayments.Order memory order = _order();
        order.payerCoin = Stablecoin(stranger);
        vm.expectRevert(abi.encodeWithSelector(IPayments.Payments_CoinNotListed.selector, stranger));
        vm.prank(payer);
        payments.payWithPermit(order, _noQuote(), "", EXPIRY, 27, "", "");
    }

    function test_payWithPermit_anybodyElse_reverts() public {
        IPayments.Order memory order = _order();
        (uint8 v, bytes32 r, bytes32 s) = _permit(order.maxDebit);
        vm.expectRevert(abi.encodeWithSelector(IPayments.Payments_NotPayer.selector, payer, stranger));
        vm.prank(stranger);
        payments.payWithPermit(order, _noQuote(), "", EXPIRY, v, r, s);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _payFor(address caller, IPayments.Order memory order, bytes memory signature) private {
        vm.prank(caller);
        payments.payFor(order, _noQuote(), "", signature);
    }

    function _revertPayFor(
        address caller,
        IPayments.Order memory order,
        bytes memory signature,
        bytes memory expected
    ) private {
        uint256 before = yuan.balanceOf(payer);
        vm.expectRevert(expected);
        _payFor(caller, order, signature);
        assertEq(yuan.balanceOf(payer), before);
    }

    function _signed(IPayments.Order memory order, uint256 key) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, payments.orderDigest(order));
        return abi.encodePacked(r, s, v);
    }

    function _invalid(address account) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IPayments.Payments_InvalidSignature.selector, account);
    }

    function _noAllowance() private {
        vm.prank(payer);
        yuan.approve(address(payments), 0);
    }

    function _permit(uint256 value) private view returns (uint8, bytes32, bytes32) {
        bytes32 message = keccak256(abi.encode(PERMIT_TYPEHASH, payer, address(payments), value, 0, EXPIRY));
        return vm.sign(payerKey, keccak256(abi.encodePacked(hex"1901", yuan.DOMAIN_SEPARATOR(), message)));
    }
}
