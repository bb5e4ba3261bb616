// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Lei} from "../../../../contracts/access/IParticipants.sol";
import {IDocumentRegistry} from "../../../../contracts/trade/documents/IDocumentRegistry.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {vm} from "../../../support/Test.sol";
import {TradeWorld} from "../../../support/TradeWorld.sol";

/// @notice {DocumentRegistry-anchorValued}, {DocumentRegistry-supersedeValued} and {DocumentRegistry-stands}.
contract DocumentRegistryValuedTest is TradeWorld {
    TradeId internal constant TRADE = TradeId.wrap("a trade");
    bytes32 internal constant HASH = "a document";
    bytes32 internal constant REPLACEMENT = "a replacement";

    function testFuzz_anchorValued_roundTrip_succeeds(uint96 amount, bytes20 debtor, bytes20 creditor) public {
        vm.assume(amount > 0 && debtor != 0 && creditor != 0 && debtor != creditor);
        IDocumentRegistry.Value memory value = IDocumentRegistry.Value(
            "EUR",
            Lei.wrap(creditor),
            Lei.wrap(debtor),
            amount
        );
        vm.expectEmit(address(registry));
        emit IDocumentRegistry.DocumentAnchored(HASH, TRADE, carrier, BILL_OF_LADING);
        vm.expectEmit(address(registry));
        emit IDocumentRegistry.DocumentValued(HASH, value);
        _anchorHash(value);
        assertEq(abi.encode(registry.valueOf(HASH)), abi.encode(value));
        assertEq(registry.latest(TRADE, BILL_OF_LADING, carrier), HASH);
    }

    function test_anchor_withoutValue_hasNone() public {
        vm.prank(carrier);
        registry.anchor(HASH, BILL_OF_LADING, TRADE);
        assertEq(registry.valueOf(HASH).amount, 0);
    }

    function test_anchorValued_noAmount_reverts() public {
        IDocumentRegistry.Value memory value = _worth();
        value.amount = 0;
        _expectInvalidValue(value);
    }

    function test_anchorValued_noCurrency_reverts() public {
        IDocumentRegistry.Value memory value = _worth();
        value.currency = "Us$";
        _expectInvalidValue(value);
    }

    function test_anchorValued_noDebtor_reverts() public {
        IDocumentRegistry.Value memory value = _worth();
        value.debtor = Lei.wrap(0);
        _expectInvalidValue(value);
    }

    function test_anchorValued_noCreditor_reverts() public {
        IDocumentRegistry.Value memory value = _worth();
        value.creditor = Lei.wrap(0);
        _expectInvalidValue(value);
    }

    function test_anchorValued_oneParty_reverts() public {
        IDocumentRegistry.Value memory value = _worth();
        value.creditor = value.debtor;
        _expectInvalidValue(value);
    }

    function test_anchorValued_notAccredited_reverts() public {
        IDocumentRegistry.Value memory value = _worth();
        vm.expectRevert(
            abi.encodeWithSelector(
                IDocumentRegistry.DocumentRegistry_NotAccredited.selector,
                carrier,
                EXPORT_DECLARATION
            )
        );
        vm.prank(carrier);
        registry.anchorValued(HASH, EXPORT_DECLARATION, TRADE, value);
    }

    /// @dev What a document is worth never changes: not by its issuer, who can only end it.
    function test_anchorValued_again_reverts() public {
        _anchorHash(_worth());
        IDocumentRegistry.Value memory more = _worth();
        more.amount += 1;
        vm.expectRevert(abi.encodeWithSelector(IDocumentRegistry.DocumentRegistry_ActiveDocumentExists.selector, HASH));
        _anchorHash(more);
        vm.prank(carrier);
        registry.revoke(HASH);
        vm.expectRevert(abi.encodeWithSelector(IDocumentRegistry.DocumentRegistry_AlreadyAnchored.selector, HASH));
        _anchorHash(more);
        assertEq(registry.valueOf(HASH).amount, WORTH);
    }

    function test_supersedeValued_active_valuesTheReplacement() public {
        _anchorHash(_worth());
        IDocumentRegistry.Value memory less = _worth();
        less.amount -= 1;
        vm.prank(carrier);
        registry.supersedeValued(HASH, REPLACEMENT, less);
        assertEq(registry.valueOf(REPLACEMENT).amount, WORTH - 1);
        assertEq(registry.valueOf(HASH).amount, WORTH);
        assertEq(registry.replacementOf(HASH), REPLACEMENT);
        assertTrue(registry.document(REPLACEMENT).amended);
    }

    function test_supersede_valued_leavesTheReplacementWithoutOne() public {
        _anchorHash(_worth());
        vm.prank(carrier);
        registry.supersede(HASH, REPLACEMENT);
        assertEq(registry.valueOf(REPLACEMENT).amount, 0);
    }

    function test_supersedeValued_invalidValue_reverts() public {
        _anchorHash(_worth());
        IDocumentRegistry.Value memory value = _worth();
        value.amount = 0;
        vm.expectRevert(abi.encodeWithSelector(IDocumentRegistry.DocumentRegistry_InvalidValue.selector, value));
        vm.prank(carrier);
        registry.supersedeValued(HASH, REPLACEMENT, value);
    }

    function test_supersedeValued_byAnotherIssuer_reverts() public {
        _anchorHash(_worth());
        _accredit(broker, BILL_OF_LADING);
        IDocumentRegistry.Value memory value = _worth();
        vm.expectRevert(abi.encodeWithSelector(IDocumentRegistry.DocumentRegistry_NotIssuer.selector, HASH, broker));
        vm.prank(broker);
        registry.supersedeValued(HASH, REPLACEMENT, value);
    }

    // -------------------------------------------------------------------------------------------------- standing

    function test_stands_activeByAccreditedIssuer_isTrue() public {
        assertFalse(registry.stands(HASH), "unknown");
        assertFalse(registry.stands(0), "none");
        _anchorHash(_worth());
        assertTrue(registry.stands(HASH), "active");
        _suspend(carrier);
        assertFalse(registry.stands(HASH), "suspended");
        _reinstate(carrier);
        vm.prank(accreditor);
        registry.setAccreditation(carrier, BILL_OF_LADING, false);
        assertFalse(registry.stands(HASH), "not accredited");
        _accredit(carrier, BILL_OF_LADING);
        assertTrue(registry.stands(HASH), "again");
        vm.prank(carrier);
        registry.revoke(HASH);
        assertFalse(registry.stands(HASH), "revoked");
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _anchorHash(IDocumentRegistry.Value memory value) private {
        vm.prank(carrier);
        registry.anchorValued(HASH, BILL_OF_LADING, TRADE, value);
    }

    function _expectInvalidValue(IDocumentRegistry.Value memory value) private {
        vm.expectRevert(abi.encodeWithSelector(IDocumentRegistry.DocumentRegistry_InvalidValue.selector, value));
        _anchorHash(value);
    }
}
