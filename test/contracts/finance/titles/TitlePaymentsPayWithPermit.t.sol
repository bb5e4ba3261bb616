// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

import {ITitlePayments} from "../../../../contracts/finance/titles/ITitlePayments.sol";
import {TitleMessages} from "../../../../contracts/trade/titles/TitleMessages.sol";
import {vm} from "../../../support/Test.sol";
import {TitleWorld} from "../../../support/TitleWorld.sol";

contract TitlePaymentsPayWithPermitTest is TitleWorld {
    bytes32 internal constant OFFER = "an offer";
    bytes32 internal constant PERMIT_TYPEHASH = keccak256(
        "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
    );

    struct Permit {
        uint256 deadline;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    bytes32[] internal documents;

    function setUp() public override {
        super.setUp();
        _sayToPayments(TitleMessages.offered(OFFER, _terms()));
        documents = _invoice(OFFER);
        _mint(dollar, buyer, PRICE);
    }

    function test_payWithPermit_inOneTransaction_succeeds() public moneyIsConserved {
        _payAs(buyer, _sign(PRICE, NOW));
        assertEq(dollar.balanceOf(seller), PRICE);
        assertEq(dollar.allowance(buyer, address(titlePayments)), 0);
        assertEq(_lastMessage(), TitleMessages.paid(OFFER));
    }

    function test_payWithPermit_submittedBySomebodyBefore_succeeds() public moneyIsConserved {
        Permit memory permit = _sign(PRICE, NOW);
        vm.prank(stranger);
        dollar.permit(buyer, address(titlePayments), PRICE, permit.deadline, permit.v, permit.r, permit.s);
        _payAs(buyer, permit);
        assertEq(dollar.balanceOf(seller), PRICE);
    }

    function test_payWithPermit_expired_reverts() public moneyIsConserved {
        Permit memory permit = _sign(PRICE, NOW - 1);
        vm.expectRevert(abi.encodeWithSelector(ERC20Permit.ERC2612ExpiredSignature.selector, NOW - 1));
        _payAs(buyer, permit);
    }

    /// @dev The buyer's permit, seen on its way, lets nobody else pay, neither with it nor out of the allowance it leaves.
    function test_payWithPermit_byAnybodyElse_reverts() public moneyIsConserved {
        Permit memory permit = _sign(PRICE, NOW);
        vm.expectRevert(abi.encodeWithSelector(ITitlePayments.TitlePayments_NotBuyer.selector, OFFER, stranger));
        _payAs(stranger, permit);
        assertEq(dollar.nonces(buyer), 0);
    }

    function test_payWithPermit_tooLate_leavesNoAllowance() public moneyIsConserved {
        vm.warp(PAY_BY + 1);
        Permit memory permit = _sign(PRICE, PAY_BY + 1);
        vm.expectRevert(abi.encodeWithSelector(ITitlePayments.TitlePayments_TooLate.selector, OFFER, PAY_BY));
        _payAs(buyer, permit);
        assertEq(dollar.allowance(buyer, address(titlePayments)), 0);
    }

    /// @dev No coin is called before it is known to be a listed one's offer.
    function test_payWithPermit_coinNoLongerListed_leavesNoAllowance() public moneyIsConserved {
        Permit memory permit = _sign(PRICE, NOW);
        vm.prank(operator);
        titlePayments.listCoin(dollar, false);
        vm.expectRevert(abi.encodeWithSelector(ITitlePayments.TitlePayments_CoinNotListed.selector, dollar));
        _payAs(buyer, permit);
        assertEq(dollar.nonces(buyer), 0);
    }

    function _payAs(address account, Permit memory permit) private {
        vm.prank(account);
        titlePayments.payWithPermit(OFFER, documents, permit.deadline, permit.v, permit.r, permit.s);
    }

    function _sign(uint256 value, uint256 deadline) private view returns (Permit memory permit) {
        bytes32 hash = keccak256(
            abi.encode(PERMIT_TYPEHASH, buyer, address(titlePayments), value, dollar.nonces(buyer), deadline)
        );
        bytes32 digest = keccak256(abi.encodePacked("\x19\x01", dollar.DOMAIN_SEPARATOR(), hash));
        permit.deadline = deadline;
        (permit.v, permit.r, permit.s) = vm.sign(buyerKey, digest);
    }
}
