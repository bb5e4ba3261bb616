// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {ISettlement} from "../../../../contracts/finance/payments/ISettlement.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {vm} from "../../../support/Test.sol";
import {TradeWorld} from "../../../support/TradeWorld.sol";

contract SettlementFundWithPermitTest is TradeWorld {
    struct Permit {
        uint256 deadline;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    TradeId internal constant TRADE = TradeId.wrap("a trade");

    function setUp() public override {
        super.setUp();
        _open(TRADE, AMOUNT, _shares(4_000, 6_000));
        _mint(dollar, buyer, AMOUNT);
    }

    function test_fundWithPermit_inOneTransaction_succeeds() public moneyIsConserved {
        _pay(buyer, AMOUNT, _sign(buyerKey, buyer, AMOUNT, NOW));
        _assertEscrow(TRADE, ISettlement.State.Funded);
        assertEq(dollar.allowance(buyer, address(settlement)), 0);
        assertEq(dollar.nonces(buyer), 1);
    }

    function test_fundWithPermit_owing_succeeds() public moneyIsConserved {
        _reach(TRADE, 0);
        _terminate(TRADE);
        _pay(buyer, (AMOUNT * 4) / 10, _sign(buyerKey, buyer, (AMOUNT * 4) / 10, NOW));
        _assertEscrow(TRADE, ISettlement.State.Closed);
        assertEq(dollar.balanceOf(seller), (AMOUNT * 4) / 10);
    }

    function test_fundWithPermit_submittedBySomebodyBefore_succeeds() public moneyIsConserved {
        Permit memory permit = _sign(buyerKey, buyer, AMOUNT, NOW);
        vm.prank(stranger);
        dollar.permit(buyer, address(settlement), AMOUNT, permit.deadline, permit.v, permit.r, permit.s);
        _pay(buyer, AMOUNT, permit);
        _assertEscrow(TRADE, ISettlement.State.Funded);
    }

    function test_fundWithPermit_expired_reverts() public moneyIsConserved {
        Permit memory permit = _sign(buyerKey, buyer, AMOUNT, NOW - 1);
        vm.expectRevert(abi.encodeWithSelector(ERC20Permit.ERC2612ExpiredSignature.selector, NOW - 1));
        _pay(buyer, AMOUNT, permit);
        _assertEscrow(TRADE, ISettlement.State.Open);
    }

    function test_fundWithPermit_expiredButAllowed_succeeds() public moneyIsConserved {
        vm.prank(buyer);
        dollar.approve(address(settlement), AMOUNT);
        _pay(buyer, AMOUNT, _sign(buyerKey, buyer, AMOUNT, NOW - 1));
        _assertEscrow(TRADE, ISettlement.State.Funded);
    }

    /// @dev The amount is part of what is signed: the signer recovered for another amount is somebody else.
    function testFuzz_fundWithPermit_forLess_reverts(uint256 less) public moneyIsConserved {
        Permit memory permit = _sign(buyerKey, buyer, bound(less, 0, AMOUNT - 1), NOW);
        address recovered = ecrecover(_digest(buyer, AMOUNT, NOW), permit.v, permit.r, permit.s);
        vm.expectRevert(abi.encodeWithSelector(ERC20Permit.ERC2612InvalidSigner.selector, recovered, buyer));
        _pay(buyer, AMOUNT, permit);
    }

    function test_fundWithPermit_forLessThanNeeded_reverts() public moneyIsConserved {
        Permit memory permit = _sign(buyerKey, buyer, AMOUNT - 1, NOW);
        vm.expectRevert(
            abi.encodeWithSelector(ISettlement.Settlement_WrongFunding.selector, TRADE, AMOUNT, AMOUNT - 1)
        );
        _pay(buyer, AMOUNT - 1, permit);
        assertEq(dollar.allowance(buyer, address(settlement)), 0);
    }

    function test_fundWithPermit_malformed_reverts() public moneyIsConserved {
        vm.expectRevert(ECDSA.ECDSAInvalidSignature.selector);
        _pay(buyer, AMOUNT, Permit(NOW, 0, 0, 0));
    }

    /// @dev Who sees the buyer's permit cannot make the buyer pay with it: the permit must be the caller's.
    function test_fundWithPermit_anybodyElse_reverts() public moneyIsConserved {
        Permit memory permit = _sign(buyerKey, buyer, AMOUNT, NOW);
        address recovered = ecrecover(_digest(stranger, AMOUNT, NOW), permit.v, permit.r, permit.s);
        vm.expectRevert(abi.encodeWithSelector(ERC20Permit.ERC2612InvalidSigner.selector, recovered, stranger));
        _pay(stranger, AMOUNT, permit);
    }

    function test_fundWithPermit_strangersOwnPermit_reverts() public moneyIsConserved {
        Permit memory permit = _sign(uint256(keccak256("stranger")), stranger, AMOUNT, NOW);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.Settlement_NotBuyer.selector, TRADE, stranger));
        _pay(stranger, AMOUNT, permit);
    }

    function test_fundWithPermit_unknown_reverts() public moneyIsConserved {
        Permit memory permit = _sign(buyerKey, buyer, AMOUNT, NOW);
        TradeId unknown = TradeId.wrap("nothing");
        _expectWrongEscrowState(unknown, ISettlement.State.Unknown);
        vm.prank(buyer);
        settlement.fundWithPermit(unknown, AMOUNT, permit.deadline, permit.v, permit.r, permit.s);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _pay(address by, uint256 amount, Permit memory permit) private {
        vm.prank(by);
        settlement.fundWithPermit(TRADE, amount, permit.deadline, permit.v, permit.r, permit.s);
    }

    function _sign(
        uint256 key,
        address owner,
        uint256 amount,
        uint256 deadline
    ) private view returns (Permit memory permit) {
        permit.deadline = deadline;
        (permit.v, permit.r, permit.s) = vm.sign(key, _digest(owner, amount, deadline));
    }

    function _digest(address owner, uint256 amount, uint256 deadline) private view returns (bytes32) {
        bytes32 typeHash = keccak256(
            "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
        );
        bytes32 message = keccak256(abi.encode(typeHash, owner, address(settlement), amount, 0, deadline));
        return keccak256(abi.encodePacked(hex"1901", dollar.DOMAIN_SEPARATOR(), message));
    }
}
