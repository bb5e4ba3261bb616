// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {ITradeBook} from "../../../../contracts/trade/sales/ITradeBook.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {TradeMessages} from "../../../../contracts/trade/sales/TradeMessages.sol";
import {vm} from "../../../support/Test.sol";
import {TradeWorld} from "../../../support/TradeWorld.sol";

/// @dev Takes what its owner signed, until it is told to refuse.
contract WalletOfOwner is IERC1271 {
    address private immutable _owner;
    bool public refusing;

    constructor(address owner) {
        _owner = owner;
    }

    function refuse() external {
        refusing = true;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        bool valid = !refusing && ECDSA.recoverCalldata(hash, signature) == _owner;
        return valid ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}

/// @notice {TradeBook-accept} and {TradeBook-acceptWithSignature}.
contract TradeBookAcceptTest is TradeWorld {
    uint256 internal constant DEADLINE = NOW + 1 days;

    TradeId internal tradeId;

    function setUp() public override {
        super.setUp();
        tradeId = _propose(_terms());
    }

    // -------------------------------------------------------------------------------------------------- accept

    function test_accept_byBuyer_succeeds() public {
        vm.expectEmit(address(tradeBook));
        emit ITradeBook.TradeAgreed(tradeId);
        _accept(buyer);
        _assertAgreed(tradeId);
        assertEq(
            gateway.message(0).payload,
            TradeMessages.agreed(tradeId, _escrowTerms(AMOUNT, _shares(4_000, 6_000)))
        );
        assertEq(gateway.message(0).sender, address(tradeBook));
        assertEq(gateway.message(0).recipient, address(settlement));
    }

    function testFuzz_accept_byAnother_reverts(address caller) public {
        vm.assume(caller != buyer && caller != address(vm));
        _expectNotBuyer(caller);
        _accept(caller);
    }

    function test_accept_bySeller_reverts() public {
        _expectNotBuyer(seller);
        _accept(seller);
    }

    function test_accept_suspendedBuyer_reverts() public {
        _suspend(buyer);
        _expectNotActive(buyer);
        _accept(buyer);
    }

    function test_accept_unknownTrade_reverts() public {
        TradeId unknown = TradeId.wrap("nothing");
        _expectWrongState(unknown, ITradeBook.State.Unknown);
        vm.prank(buyer);
        tradeBook.accept(unknown);
    }

    function test_accept_withdrawn_reverts() public {
        vm.prank(seller);
        tradeBook.withdraw(tradeId);
        _expectWrongState(tradeId, ITradeBook.State.Withdrawn);
        _accept(buyer);
    }

    function test_accept_twice_reverts() public {
        _accept(buyer);
        _expectWrongState(tradeId, ITradeBook.State.Agreed);
        _accept(buyer);
    }

    function test_accept_atExpiry_succeeds() public {
        vm.warp(EXPIRY);
        _accept(buyer);
        _assertAgreed(tradeId);
    }

    function test_accept_afterExpiry_reverts() public {
        vm.warp(EXPIRY + 1);
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_Expired.selector, tradeId, EXPIRY));
        _accept(buyer);
    }

    // ------------------------------------------------------------------------------------- acceptWithSignature

    function test_acceptWithSignature_submittedByAnother_succeeds() public {
        bytes memory signature = _sign(buyerKey, tradeId, DEADLINE);
        vm.expectEmit(address(tradeBook));
        emit ITradeBook.TradeAgreed(tradeId);
        _submit(broker, DEADLINE, signature);
        _assertAgreed(tradeId);
    }

    function test_acceptWithSignature_atDeadline_succeeds() public {
        bytes memory signature = _sign(buyerKey, tradeId, NOW);
        _submit(seller, NOW, signature);
        _assertAgreed(tradeId);
    }

    function test_acceptWithSignature_afterDeadline_reverts() public {
        bytes memory signature = _sign(buyerKey, tradeId, DEADLINE);
        vm.warp(DEADLINE + 1);
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_SignatureExpired.selector, DEADLINE));
        _submit(seller, DEADLINE, signature);
    }

    function test_acceptWithSignature_afterExpiry_reverts() public {
        bytes memory signature = _sign(buyerKey, tradeId, EXPIRY + 1 days);
        vm.warp(EXPIRY + 1);
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_Expired.selector, tradeId, EXPIRY));
        _submit(seller, EXPIRY + 1 days, signature);
    }

    function testFuzz_acceptWithSignature_otherDeadline_reverts(uint256 deadline) public {
        deadline = bound(deadline, NOW, type(uint256).max);
        vm.assume(deadline != DEADLINE);
        bytes memory signature = _sign(buyerKey, tradeId, DEADLINE);
        _expectInvalidSignature(tradeId, buyer);
        _submit(seller, deadline, signature);
    }

    function testFuzz_acceptWithSignature_wrongSigner_reverts(uint256 key) public {
        key = bound(key, 1, type(uint128).max);
        bytes memory signature = _sign(key, tradeId, DEADLINE);
        _expectInvalidSignature(tradeId, buyer);
        _submit(seller, DEADLINE, signature);
    }

    function testFuzz_acceptWithSignature_anyBytes_reverts(bytes calldata signature) public {
        _expectInvalidSignature(tradeId, buyer);
        _submit(seller, DEADLINE, signature);
    }

    function test_acceptWithSignature_forAnotherTrade_reverts() public {
        ITradeBook.Terms memory terms = _terms();
        terms.purchaseReference = "PO-2";
        TradeId other = _propose(terms);
        bytes memory signature = _sign(buyerKey, other, DEADLINE);
        _expectInvalidSignature(tradeId, buyer);
        _submit(seller, DEADLINE, signature);
    }

    function test_acceptWithSignature_forAnotherChain_reverts() public {
        vm.chainId(5);
        bytes memory signature = _sign(buyerKey, tradeId, DEADLINE);
        vm.chainId(31337);
        _expectInvalidSignature(tradeId, buyer);
        _submit(seller, DEADLINE, signature);
    }

    function test_acceptWithSignature_replayed_reverts() public {
        bytes memory signature = _sign(buyerKey, tradeId, DEADLINE);
        _submit(seller, DEADLINE, signature);
        _expectWrongState(tradeId, ITradeBook.State.Agreed);
        _submit(seller, DEADLINE, signature);
    }

    function test_acceptWithSignature_afterWithdrawal_reverts() public {
        bytes memory signature = _sign(buyerKey, tradeId, DEADLINE);
        vm.prank(seller);
        tradeBook.withdraw(tradeId);
        _expectWrongState(tradeId, ITradeBook.State.Withdrawn);
        _submit(broker, DEADLINE, signature);
    }

    function test_acceptWithSignature_submittedByStranger_reverts() public {
        bytes memory signature = _sign(buyerKey, tradeId, DEADLINE);
        _expectNotActive(stranger);
        _submit(stranger, DEADLINE, signature);
    }

    function test_acceptWithSignature_suspendedBuyer_reverts() public {
        bytes memory signature = _sign(buyerKey, tradeId, DEADLINE);
        _suspend(buyer);
        _expectNotActive(buyer);
        _submit(seller, DEADLINE, signature);
    }

    function test_acceptWithSignature_contractBuyer_succeeds() public {
        (TradeId ofWallet, ) = _proposeToWallet();
        bytes memory signature = _sign(buyerKey, ofWallet, DEADLINE);
        vm.prank(seller);
        tradeBook.acceptWithSignature(ofWallet, DEADLINE, signature);
        _assertAgreed(ofWallet);
    }

    function test_acceptWithSignature_contractBuyerRefuses_reverts() public {
        (TradeId ofWallet, WalletOfOwner wallet) = _proposeToWallet();
        bytes memory signature = _sign(buyerKey, ofWallet, DEADLINE);
        wallet.refuse();
        _expectInvalidSignature(ofWallet, address(wallet));
        vm.prank(seller);
        tradeBook.acceptWithSignature(ofWallet, DEADLINE, signature);
    }

    function test_acceptanceDigest_isEip712() public view {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Huangpu TradeBook"),
                keccak256("1"),
                block.chainid,
                address(tradeBook)
            )
        );
        bytes32 typeHash = keccak256("TradeAcceptance(bytes32 tradeId,uint256 deadline)");
        bytes32 message = keccak256(abi.encode(typeHash, tradeId, DEADLINE));
        assertEq(
            tradeBook.acceptanceDigest(tradeId, DEADLINE),
            keccak256(abi.encodePacked(hex"1901", domain, message))
        );
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _accept(address by) private {
        vm.prank(by);
        tradeBook.accept(tradeId);
    }

    function _submit(address by, uint256 deadline, bytes memory signature) private {
        vm.prank(by);
        tradeBook.acceptWithSignature(tradeId, deadline, signature);
    }

    function _sign(uint256 key, TradeId id, uint256 deadline) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, tradeBook.acceptanceDigest(id, deadline));
        return abi.encodePacked(r, s, v);
    }

    function _proposeToWallet() private returns (TradeId ofWallet, WalletOfOwner wallet) {
        wallet = new WalletOfOwner(buyer);
        _admit(address(wallet));
        ITradeBook.Terms memory terms = _terms();
        terms.buyer = address(wallet);
        ofWallet = _propose(terms);
    }

    function _assertAgreed(TradeId id) private {
        _assertState(id, ITradeBook.State.Agreed);
        assertEq(gateway.sent(), 1);
        gateway.deliverAll();
        assertEq(settlement.escrow(id).amount, AMOUNT);
    }

    function _expectNotBuyer(address caller) private {
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_NotBuyer.selector, tradeId, caller));
    }

    function _expectInvalidSignature(TradeId id, address expectedSigner) private {
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_InvalidSignature.selector, id, expectedSigner));
    }
}
