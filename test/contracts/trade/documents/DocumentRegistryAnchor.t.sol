// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {DocumentRegistry} from "../../../../contracts/trade/documents/DocumentRegistry.sol";
import {IDocumentObserver, IDocumentRegistry} from "../../../../contracts/trade/documents/IDocumentRegistry.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {vm} from "../../../support/Test.sol";
import {TradeWorld} from "../../../support/TradeWorld.sol";

contract DocumentRegistryAnchorTest is TradeWorld {
    TradeId internal constant TRADE = TradeId.wrap("a trade");
    TradeId internal constant NO_TRADE = TradeId.wrap(0);
    bytes32 internal constant HASH = "a document";
    bytes32 internal constant OTHER_HASH = "another document";

    function test_anchor_firstTime_succeeds() public {
        vm.expectEmit(address(registry));
        emit IDocumentRegistry.DocumentAnchored(HASH, TRADE, carrier, BILL_OF_LADING);
        _anchorHash(carrier, HASH);

        IDocumentRegistry.Document memory found = registry.document(HASH);
        assertEq(found.issuer, carrier);
        assertEq(found.anchoredAt, NOW);
        assertEq(found.documentType, BILL_OF_LADING);
        assertEq(uint256(found.status), uint256(IDocumentRegistry.Status.Active));
        assertFalse(found.amended);
        assertEq(TradeId.unwrap(registry.tradeOf(HASH)), TradeId.unwrap(TRADE));
        assertEq(registry.latest(TRADE, BILL_OF_LADING, carrier), HASH);
        assertEq(registry.replacementOf(HASH), 0);
    }

    /// @dev Whoever proves a document on the other chain reads exactly this slot: mapping 4, fields from the right.
    function testFuzz_anchor_onePackedSlot_succeeds(bytes32 documentHash, uint40 time) public {
        vm.assume(documentHash != 0);
        vm.warp(time);
        _anchorHash(carrier, documentHash);
        uint256 slot = uint256(vm.load(address(registry), keccak256(abi.encode(documentHash, uint256(4)))));
        assertEq(address(uint160(slot)), carrier);
        assertEq(uint40(slot >> 160), time);
        assertEq(uint16(slot >> 200), BILL_OF_LADING);
        assertEq(slot >> 216, uint256(IDocumentRegistry.Status.Active));

        vm.prank(carrier);
        registry.supersede(documentHash, keccak256(abi.encode(documentHash)));
        slot = uint256(
            vm.load(address(registry), keccak256(abi.encode(keccak256(abi.encode(documentHash)), uint256(4))))
        );
        assertEq(slot >> 216, (1 << 8) | uint256(IDocumentRegistry.Status.Active));
    }

    function test_anchor_twice_reverts() public {
        _anchorHash(carrier, HASH);
        _expectAlreadyAnchored(HASH);
        vm.prank(carrier);
        registry.anchor(HASH, BILL_OF_LADING, TradeId.wrap("another trade"));
    }

    function test_anchor_ofAnotherIssuer_reverts() public {
        _anchorHash(carrier, HASH);
        _expectAlreadyAnchored(HASH);
        vm.prank(broker);
        registry.anchor(HASH, EXPORT_DECLARATION, TRADE);
    }

    function test_anchor_revokedHash_reverts() public {
        _anchorHash(carrier, HASH);
        vm.startPrank(carrier);
        registry.revoke(HASH);
        _expectAlreadyAnchored(HASH);
        registry.anchor(HASH, BILL_OF_LADING, TRADE);
        vm.stopPrank();
    }

    function test_anchor_emptyHash_reverts() public {
        vm.expectRevert(IDocumentRegistry.DocumentRegistry_EmptyHash.selector);
        _anchorHash(carrier, 0);
    }

    function test_anchor_notAccreditedForType_reverts() public {
        _expectNotAccredited(carrier, EXPORT_DECLARATION);
        vm.prank(carrier);
        registry.anchor(HASH, EXPORT_DECLARATION, TRADE);
    }

    function test_anchor_accreditationWithdrawn_reverts() public {
        vm.prank(accreditor);
        registry.setAccreditation(carrier, BILL_OF_LADING, false);
        _expectNotAccredited(carrier, BILL_OF_LADING);
        _anchorHash(carrier, HASH);
    }

    function test_anchor_stranger_reverts() public {
        _accredit(stranger, BILL_OF_LADING);
        _expectNotActive(stranger);
        _anchorHash(stranger, HASH);
    }

    function test_anchor_suspendedIssuer_reverts() public {
        _suspend(carrier);
        _expectNotActive(carrier);
        _anchorHash(carrier, HASH);
    }

    function test_anchor_activeDocumentExists_reverts() public {
        _anchorHash(carrier, HASH);
        vm.expectRevert(abi.encodeWithSelector(IDocumentRegistry.DocumentRegistry_ActiveDocumentExists.selector, HASH));
        _anchorHash(carrier, OTHER_HASH);
    }

    function test_anchor_afterRevocation_succeedsAsAmended() public {
        _anchorHash(carrier, HASH);
        vm.prank(carrier);
        registry.revoke(HASH);
        _anchorHash(carrier, OTHER_HASH);
        assertTrue(registry.document(OTHER_HASH).amended);
        assertEq(registry.latest(TRADE, BILL_OF_LADING, carrier), OTHER_HASH);
    }

    function test_anchor_sameTypeByTwoIssuers_succeeds() public {
        _accredit(broker, BILL_OF_LADING);
        _anchorHash(carrier, HASH);
        _anchorHash(broker, OTHER_HASH);
        assertEq(registry.latest(TRADE, BILL_OF_LADING, carrier), HASH);
        assertEq(registry.latest(TRADE, BILL_OF_LADING, broker), OTHER_HASH);
        assertFalse(registry.document(OTHER_HASH).amended);
    }

    function test_anchor_manyForNoTrade_succeeds() public {
        for (uint256 i = 0; i < 3; ++i) {
            bytes32 documentHash = _anchor(carrier, BILL_OF_LADING, NO_TRADE);
            assertFalse(registry.document(documentHash).amended);
            assertEq(uint256(registry.document(documentHash).status), uint256(IDocumentRegistry.Status.Active));
        }
    }

    function test_anchor_forTrade_tellsEveryObserver() public {
        _addObserver(stranger);
        address[2] memory observers = [address(tradeBook), stranger];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectCall(observers[i], abi.encodeCall(IDocumentObserver.documentAnchored, (HASH, TRADE)), 1);
            vm.expectCall(observers[i], abi.encodeCall(IDocumentObserver.documentEnded, (HASH)), 1);
        }
        _anchorHash(carrier, HASH);
        vm.prank(carrier);
        registry.revoke(HASH);
    }

    function test_anchorValued_forNoTrade_tellsEveryObserver() public {
        _addObserver(stranger);
        IDocumentRegistry.Value memory value = _worth();
        address[2] memory observers = [address(tradeBook), stranger];
        for (uint256 i = 0; i < 2; ++i) {
            vm.expectCall(observers[i], abi.encodeCall(IDocumentObserver.documentAnchored, (HASH, NO_TRADE)), 1);
            vm.expectCall(observers[i], abi.encodeCall(IDocumentObserver.documentEnded, (HASH)), 1);
        }
        vm.startPrank(carrier);
        registry.anchorValued(HASH, BILL_OF_LADING, NO_TRADE, value);
        registry.revoke(HASH);
        vm.stopPrank();
    }

    /// @dev Of a document of neither trade nor value, nobody hears, whatever becomes of it; of one that gets a value, they do.
    function test_anchor_neitherTradeNorValue_tellsNobody() public {
        vm.expectCall(address(tradeBook), abi.encodePacked(IDocumentObserver.documentEnded.selector), 0);
        vm.expectCall(address(tradeBook), abi.encodePacked(IDocumentObserver.documentAnchored.selector), 1);
        vm.expectCall(address(tradeBook), abi.encodeCall(IDocumentObserver.documentAnchored, ("valued", NO_TRADE)), 1);
        IDocumentRegistry.Value memory value = _worth();
        vm.startPrank(carrier);
        registry.anchor(HASH, BILL_OF_LADING, NO_TRADE);
        registry.supersede(HASH, OTHER_HASH);
        registry.supersedeValued(OTHER_HASH, "valued", value);
        registry.anchor("revoked", BILL_OF_LADING, NO_TRADE);
        registry.revoke("revoked");
        vm.stopPrank();
        assertEq(registry.latest(NO_TRADE, BILL_OF_LADING, carrier), 0);
    }

    function test_anchor_noObserver_succeeds() public {
        DocumentRegistry alone = _newRegistry();
        vm.prank(accreditor);
        alone.setAccreditation(carrier, BILL_OF_LADING, true);
        vm.prank(carrier);
        alone.anchor(HASH, BILL_OF_LADING, TRADE);
        assertEq(alone.latest(TRADE, BILL_OF_LADING, carrier), HASH);
    }

    // ------------------------------------------------------------------------------------------- administering

    function test_setAccreditation_bothWays_succeeds() public {
        assertFalse(registry.isAccredited(broker, INVOICE));
        vm.startPrank(accreditor);
        vm.expectEmit(address(registry));
        emit IDocumentRegistry.IssuerAccredited(broker, INVOICE, true);
        registry.setAccreditation(broker, INVOICE, true);
        assertTrue(registry.isAccredited(broker, INVOICE));
        vm.expectEmit(address(registry));
        emit IDocumentRegistry.IssuerAccredited(broker, INVOICE, false);
        registry.setAccreditation(broker, INVOICE, false);
        vm.stopPrank();
        assertFalse(registry.isAccredited(broker, INVOICE));
    }

    function testFuzz_setAccreditation_stranger_reverts(address caller) public {
        vm.assume(caller != accreditor && caller != address(vm));
        _expectUnauthorized(caller);
        vm.prank(caller);
        registry.setAccreditation(caller, INVOICE, true);
    }

    function test_addObserver_fourInAll_succeeds() public {
        vm.expectEmit(address(registry));
        emit IDocumentRegistry.ObserverAdded(IDocumentObserver(stranger));
        _addObserver(stranger);
        _addObserver(carrier);
        _addObserver(broker);
        IDocumentObserver[] memory observers = registry.observers();
        assertEq(observers.length, 4);
        assertEq(address(observers[0]), address(tradeBook));
        assertEq(address(observers[1]), stranger);

        vm.expectRevert(
            abi.encodeWithSelector(IDocumentRegistry.DocumentRegistry_TooManyObservers.selector, uint256(4))
        );
        _addObserver(buyer);
    }

    function test_addObserver_twice_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IDocumentRegistry.DocumentRegistry_ObserverKnown.selector, tradeBook));
        _addObserver(address(tradeBook));
    }

    function test_addObserver_stranger_reverts() public {
        _expectUnauthorized(stranger);
        vm.prank(stranger);
        registry.addObserver(IDocumentObserver(stranger));
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    /// @dev An account that takes any call.
    function _addObserver(address observer) private {
        if (observer.code.length == 0) vm.etch(observer, hex"00");
        vm.prank(operator);
        registry.addObserver(IDocumentObserver(observer));
    }

    function _anchorHash(address by, bytes32 documentHash) private {
        vm.prank(by);
        registry.anchor(documentHash, BILL_OF_LADING, TRADE);
    }

    function _expectAlreadyAnchored(bytes32 documentHash) private {
        vm.expectRevert(
            abi.encodeWithSelector(IDocumentRegistry.DocumentRegistry_AlreadyAnchored.selector, documentHash)
        );
    }

    function _expectNotAccredited(address account, uint16 documentType) private {
        vm.expectRevert(
            abi.encodeWithSelector(IDocumentRegistry.DocumentRegistry_NotAccredited.selector, account, documentType)
        );
    }
}
