// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IDocumentRegistry} from "../../../../contracts/trade/documents/IDocumentRegistry.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {vm} from "../../../support/Test.sol";
import {TradeWorld} from "../../../support/TradeWorld.sol";

/// @notice {DocumentRegistry-supersede} and {DocumentRegistry-revoke}.
contract DocumentRegistryAmendTest is TradeWorld {
    TradeId internal constant TRADE = TradeId.wrap("a trade");
    bytes32 internal constant REPLACEMENT = "a replacement";

    bytes32 internal document;

    function setUp() public override {
        super.setUp();
        document = _anchor(carrier, BILL_OF_LADING, TRADE);
    }

    // ----------------------------------------------------------------------------------------------- supersede

    function test_supersede_active_succeeds() public {
        vm.expectEmit(address(registry));
        emit IDocumentRegistry.DocumentSuperseded(document, REPLACEMENT);
        vm.expectEmit(address(registry));
        emit IDocumentRegistry.DocumentAnchored(REPLACEMENT, TRADE, carrier, BILL_OF_LADING);
        _supersede(REPLACEMENT);

        _assertStatus(document, IDocumentRegistry.Status.Superseded);
        _assertStatus(REPLACEMENT, IDocumentRegistry.Status.Active);
        assertTrue(registry.document(REPLACEMENT).amended);
        assertFalse(registry.document(document).amended);
        assertEq(registry.replacementOf(document), REPLACEMENT);
        assertEq(registry.latest(TRADE, BILL_OF_LADING, carrier), REPLACEMENT);
        assertEq(TradeId.unwrap(registry.tradeOf(REPLACEMENT)), TradeId.unwrap(TRADE));
    }

    function test_supersede_replacementOfReplacement_succeeds() public {
        _supersede(REPLACEMENT);
        vm.prank(carrier);
        registry.supersede(REPLACEMENT, "a second replacement");
        _assertStatus(REPLACEMENT, IDocumentRegistry.Status.Superseded);
        assertEq(registry.latest(TRADE, BILL_OF_LADING, carrier), "a second replacement");
        assertTrue(registry.document("a second replacement").amended);
    }

    function test_supersede_ofNoTrade_succeeds() public {
        bytes32 loose = _anchor(carrier, BILL_OF_LADING, TradeId.wrap(0));
        vm.prank(carrier);
        registry.supersede(loose, REPLACEMENT);
        _assertStatus(loose, IDocumentRegistry.Status.Superseded);
        assertTrue(registry.document(REPLACEMENT).amended);
    }

    function test_supersede_unknown_reverts() public {
        _expectNotActiveDocument("nothing", IDocumentRegistry.Status.Unknown);
        vm.prank(carrier);
        registry.supersede("nothing", REPLACEMENT);
    }

    function test_supersede_superseded_reverts() public {
        _supersede(REPLACEMENT);
        _expectNotActiveDocument(document, IDocumentRegistry.Status.Superseded);
        _supersede("a second replacement");
    }

    function test_supersede_revoked_reverts() public {
        _revoke(carrier);
        _expectNotActiveDocument(document, IDocumentRegistry.Status.Revoked);
        _supersede(REPLACEMENT);
    }

    function test_supersede_byAnotherIssuer_reverts() public {
        _accredit(broker, BILL_OF_LADING);
        _expectNotIssuer(broker);
        vm.prank(broker);
        registry.supersede(document, REPLACEMENT);
    }

    function testFuzz_supersede_stranger_reverts(address caller) public {
        vm.assume(caller != carrier && caller != address(vm));
        _expectNotIssuer(caller);
        vm.prank(caller);
        registry.supersede(document, REPLACEMENT);
    }

    function test_supersede_byItself_reverts() public {
        _expectAlreadyAnchored(document);
        _supersede(document);
    }

    function test_supersede_byAnchored_reverts() public {
        bytes32 other = _anchor(broker, EXPORT_DECLARATION, TRADE);
        _expectAlreadyAnchored(other);
        _supersede(other);
    }

    function test_supersede_byEmptyHash_reverts() public {
        vm.expectRevert(IDocumentRegistry.DocumentRegistry_EmptyHash.selector);
        _supersede(0);
    }

    function test_supersede_suspendedIssuer_reverts() public {
        _suspend(carrier);
        _expectNotActive(carrier);
        _supersede(REPLACEMENT);
    }

    function test_supersede_accreditationWithdrawn_reverts() public {
        vm.prank(accreditor);
        registry.setAccreditation(carrier, BILL_OF_LADING, false);
        vm.expectRevert(
            abi.encodeWithSelector(IDocumentRegistry.DocumentRegistry_NotAccredited.selector, carrier, BILL_OF_LADING)
        );
        _supersede(REPLACEMENT);
    }

    // -------------------------------------------------------------------------------------------------- revoke

    function test_revoke_active_succeeds() public {
        vm.expectEmit(address(registry));
        emit IDocumentRegistry.DocumentRevoked(document);
        _revoke(carrier);
        _assertStatus(document, IDocumentRegistry.Status.Revoked);
        assertEq(registry.latest(TRADE, BILL_OF_LADING, carrier), document);
        assertEq(registry.replacementOf(document), 0);
    }

    function test_revoke_accreditationWithdrawn_succeeds() public {
        vm.prank(accreditor);
        registry.setAccreditation(carrier, BILL_OF_LADING, false);
        _revoke(carrier);
        _assertStatus(document, IDocumentRegistry.Status.Revoked);
    }

    function test_revoke_unknown_reverts() public {
        _expectNotActiveDocument("nothing", IDocumentRegistry.Status.Unknown);
        vm.prank(carrier);
        registry.revoke("nothing");
    }

    function test_revoke_twice_reverts() public {
        _revoke(carrier);
        _expectNotActiveDocument(document, IDocumentRegistry.Status.Revoked);
        _revoke(carrier);
    }

    function test_revoke_superseded_reverts() public {
        _supersede(REPLACEMENT);
        _expectNotActiveDocument(document, IDocumentRegistry.Status.Superseded);
        _revoke(carrier);
    }

    function test_revoke_byAnotherIssuer_reverts() public {
        _expectNotIssuer(broker);
        _revoke(broker);
    }

    function test_revoke_stranger_reverts() public {
        _expectNotActive(stranger);
        _revoke(stranger);
    }

    function test_revoke_suspendedIssuer_reverts() public {
        _suspend(carrier);
        _expectNotActive(carrier);
        _revoke(carrier);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _supersede(bytes32 replacement) private {
        vm.prank(carrier);
        registry.supersede(document, replacement);
    }

    function _revoke(address by) private {
        vm.prank(by);
        registry.revoke(document);
    }

    function _assertStatus(bytes32 documentHash, IDocumentRegistry.Status expected) private view {
        assertEq(uint256(registry.document(documentHash).status), uint256(expected));
    }

    function _expectNotActiveDocument(bytes32 documentHash, IDocumentRegistry.Status status) private {
        vm.expectRevert(
            abi.encodeWithSelector(IDocumentRegistry.DocumentRegistry_NotActive.selector, documentHash, status)
        );
    }

    function _expectNotIssuer(address caller) private {
        vm.expectRevert(
            abi.encodeWithSelector(IDocumentRegistry.DocumentRegistry_NotIssuer.selector, document, caller)
        );
    }

    function _expectAlreadyAnchored(bytes32 documentHash) private {
        vm.expectRevert(
            abi.encodeWithSelector(IDocumentRegistry.DocumentRegistry_AlreadyAnchored.selector, documentHash)
        );
    }
}
