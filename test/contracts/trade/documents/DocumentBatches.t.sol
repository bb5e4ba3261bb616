// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IDocumentBatches} from "../../../../contracts/trade/documents/IDocumentBatches.sol";
import {IDocumentObserver, IDocumentRegistry} from "../../../../contracts/trade/documents/IDocumentRegistry.sol";
import {ITradeBook} from "../../../../contracts/trade/sales/ITradeBook.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {Batches} from "../../../support/Batches.sol";
import {vm} from "../../../support/Test.sol";
import {TradeWorld} from "../../../support/TradeWorld.sol";

/// @notice What is registered, ended and read under a root.
contract DocumentBatchesTest is TradeWorld {
    using Batches for bytes32[];

    uint32 internal constant SIZE = 5;

    bytes32[] internal documents;
    bytes32 internal root;
    /// @dev Made beforehand: SHA-256 is a call, which an expectation would take for the one that it is about.
    bytes32[][] internal paths;

    function setUp() public override {
        super.setUp();
        documents = Batches.vectorDocuments(SIZE);
        root = documents.root();
        for (uint256 i = 0; i < SIZE; ++i) paths.push(documents.path(i));
    }

    // --------------------------------------------------------------------------------------------- anchorBatch

    function test_anchorBatch_firstTime_succeeds() public {
        vm.expectEmit(address(registry));
        emit IDocumentBatches.BatchAnchored(root, carrier, BILL_OF_LADING, SIZE);
        _anchorBatch();

        IDocumentBatches.Batch memory found = registry.batch(root);
        assertEq(found.issuer, carrier);
        assertEq(found.anchoredAt, NOW);
        assertEq(found.documentType, BILL_OF_LADING);
        assertEq(uint256(found.status), uint256(IDocumentRegistry.Status.Active));
        assertEq(found.size, SIZE);
        for (uint32 i = 0; i < SIZE; ++i) _assertStatus(root, i, IDocumentRegistry.Status.Active);
    }

    /// @dev Whoever proves a batch on the other chain reads exactly these slots: mappings 1 and 2, fields from the right.
    function testFuzz_anchorBatch_onePackedSlot_succeeds(bytes32 anyRoot, uint32 size, uint40 time) public {
        vm.assume(anyRoot != 0);
        size = uint32(bound(size, 1, 1 << 20));
        vm.warp(time);
        vm.prank(carrier);
        registry.anchorBatch(anyRoot, size, BILL_OF_LADING);
        uint256 slot = uint256(vm.load(address(registry), keccak256(abi.encode(anyRoot, uint256(1)))));
        assertEq(address(uint160(slot)), carrier);
        assertEq(uint40(slot >> 160), time);
        assertEq(uint16(slot >> 200), BILL_OF_LADING);
        assertEq(uint8(slot >> 216), uint256(IDocumentRegistry.Status.Active));
        assertEq(slot >> 224, size);
    }

    function test_revokeInBatch_ownSlot_succeeds() public {
        _anchorBatch();
        bytes32 slot = keccak256(abi.encode(documents[2], keccak256(abi.encode(root, uint256(2)))));
        assertEq(vm.load(address(registry), slot), 0);
        _revoke(carrier, 2);
        assertEq(uint256(vm.load(address(registry), slot)), 1);
    }

    function test_anchorBatch_twice_reverts() public {
        _anchorBatch();
        _expectAlreadyAnchored();
        _anchorBatch();
    }

    function test_anchorBatch_ofAnotherIssuer_reverts() public {
        _anchorBatch();
        _expectAlreadyAnchored();
        vm.prank(broker);
        registry.anchorBatch(root, SIZE, EXPORT_DECLARATION);
    }

    function test_anchorBatch_revokedRoot_reverts() public {
        _anchorBatch();
        vm.prank(carrier);
        registry.revokeBatch(root);
        _expectAlreadyAnchored();
        _anchorBatch();
    }

    function test_anchorBatch_emptyRoot_reverts() public {
        vm.expectRevert(IDocumentBatches.DocumentBatches_EmptyRoot.selector);
        vm.prank(carrier);
        registry.anchorBatch(0, SIZE, BILL_OF_LADING);
    }

    function test_anchorBatch_invalidSize_reverts() public {
        uint32[3] memory sizes = [0, (1 << 20) + 1, type(uint32).max];
        for (uint256 i = 0; i < 3; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IDocumentBatches.DocumentBatches_InvalidSize.selector, sizes[i]));
            vm.prank(carrier);
            registry.anchorBatch(root, sizes[i], BILL_OF_LADING);
        }
    }

    function test_anchorBatch_notAccredited_reverts() public {
        vm.expectRevert(
            abi.encodeWithSelector(IDocumentRegistry.DocumentRegistry_NotAccredited.selector, broker, BILL_OF_LADING)
        );
        vm.prank(broker);
        registry.anchorBatch(root, SIZE, BILL_OF_LADING);
    }

    function test_anchorBatch_stranger_reverts() public {
        _accredit(stranger, BILL_OF_LADING);
        _expectNotActive(stranger);
        vm.prank(stranger);
        registry.anchorBatch(root, SIZE, BILL_OF_LADING);
    }

    function test_anchorBatch_suspendedIssuer_reverts() public {
        _suspend(carrier);
        _expectNotActive(carrier);
        _anchorBatch();
    }

    /// @dev A batch of the milestone's documents by the milestone's issuer releases nothing, nor does a lone document of no trade.
    function test_anchorBatch_milestoneDocument_doesNotCount() public {
        TradeId tradeId = _agree(_terms());
        vm.expectCall(address(tradeBook), abi.encodePacked(IDocumentObserver.documentAnchored.selector), 0);
        _anchorBatch();
        vm.prank(carrier);
        registry.anchor(documents[0], BILL_OF_LADING, TradeId.wrap(0));

        _assertMilestone(tradeId, 0, ITradeBook.MilestoneState.Pending);
        assertEq(registry.latest(tradeId, BILL_OF_LADING, carrier), 0);
        vm.expectRevert(
            abi.encodeWithSelector(ITradeBook.TradeBook_DocumentNotActive.selector, tradeId, BILL_OF_LADING, carrier)
        );
        vm.prank(buyer);
        tradeBook.release(tradeId, 0);
    }

    /// @dev The same document, registered for the trade by itself, does, whatever becomes of it in the batch.
    function test_revokeInBatch_alsoAloneForTrade_standsAlone() public {
        TradeId tradeId = _agree(_terms());
        _anchorBatch();
        _revoke(carrier, 0);
        vm.prank(carrier);
        registry.anchor(documents[0], BILL_OF_LADING, tradeId);
        _assertMilestone(tradeId, 0, ITradeBook.MilestoneState.Reached);
        _assertStatus(root, 0, IDocumentRegistry.Status.Revoked);
        assertTrue(registry.stands(documents[0]));
    }

    // ------------------------------------------------------------------------------- roots and documents are apart

    function test_anchor_rootAsDocument_keepsNobodyFromTheBatch() public {
        vm.prank(broker);
        registry.anchor(root, EXPORT_DECLARATION, TradeId.wrap(0));
        for (uint32 i = 0; i < SIZE; ++i) _assertStatus(root, i, IDocumentRegistry.Status.Unknown);
        _anchorBatch();
        vm.prank(broker);
        registry.revoke(root);
        for (uint32 i = 0; i < SIZE; ++i) _assertStatus(root, i, IDocumentRegistry.Status.Active);
    }

    function test_anchorBatch_documentAsRoot_keepsNobodyFromTheDocument() public {
        vm.prank(broker);
        registry.anchorBatch(documents[0], 1, EXPORT_DECLARATION);
        bytes32[] memory none = new bytes32[](0);
        assertEq(
            uint256(registry.statusInBatch(documents[0], documents[0], 0, none)),
            uint256(IDocumentRegistry.Status.Unknown)
        );
        assertFalse(registry.stands(documents[0]));
        vm.prank(carrier);
        registry.anchor(documents[0], BILL_OF_LADING, TradeId.wrap(0));
        assertEq(registry.document(documents[0]).issuer, carrier);
    }

    // ------------------------------------------------------------------------------------------- revokeInBatch

    function test_revokeInBatch_one_leavesTheOthers() public {
        _anchorBatch();
        vm.expectEmit(address(registry));
        emit IDocumentBatches.DocumentRevokedInBatch(root, documents[4]);
        _revoke(carrier, 4);
        for (uint32 i = 0; i < 4; ++i) _assertStatus(root, i, IDocumentRegistry.Status.Active);
        _assertStatus(root, 4, IDocumentRegistry.Status.Revoked);
    }

    function test_revokeInBatch_underOneRoot_standsUnderAnother() public {
        _anchorBatch();
        bytes32[] memory others = Batches.vectorDocuments(SIZE + 2);
        bytes32 otherRoot = others.root();
        vm.prank(carrier);
        registry.anchorBatch(otherRoot, SIZE + 2, BILL_OF_LADING);
        _revoke(carrier, 3);
        _assertStatus(root, 3, IDocumentRegistry.Status.Revoked);
        assertEq(
            uint256(registry.statusInBatch(otherRoot, others[3], 3, others.path(3))),
            uint256(IDocumentRegistry.Status.Active)
        );
        assertTrue(registry.isRevokedInBatch(root, documents[3]));
        assertFalse(registry.isRevokedInBatch(otherRoot, documents[3]));
    }

    function test_revokeInBatch_twice_reverts() public {
        _anchorBatch();
        _revoke(carrier, 1);
        vm.expectRevert(
            abi.encodeWithSelector(IDocumentBatches.DocumentBatches_AlreadyRevoked.selector, root, documents[1])
        );
        _revoke(carrier, 1);
    }

    function test_revokeInBatch_anotherIssuer_reverts() public {
        _accredit(broker, BILL_OF_LADING);
        _anchorBatch();
        _expectNotIssuer(broker);
        _revoke(broker, 1);
    }

    function test_revokeInBatch_suspendedIssuer_reverts() public {
        _anchorBatch();
        _suspend(carrier);
        _expectNotActive(carrier);
        _revoke(carrier, 1);
    }

    function test_revokeInBatch_accreditationWithdrawn_succeeds() public {
        _anchorBatch();
        vm.prank(accreditor);
        registry.setAccreditation(carrier, BILL_OF_LADING, false);
        _revoke(carrier, 1);
        _assertStatus(root, 1, IDocumentRegistry.Status.Revoked);
    }

    function test_revokeInBatch_unknownRoot_reverts() public {
        _expectNotActiveBatch(IDocumentRegistry.Status.Unknown);
        _revoke(carrier, 1);
    }

    function test_revokeInBatch_documentOfNoBatch_reverts() public {
        _anchorBatch();
        _expectNotInBatch("a stranger");
        vm.prank(carrier);
        registry.revokeInBatch(root, "a stranger", 1, paths[1]);
    }

    function test_revokeInBatch_anotherIndex_reverts() public {
        _anchorBatch();
        _expectNotInBatch(documents[1]);
        vm.prank(carrier);
        registry.revokeInBatch(root, documents[1], 0, paths[1]);
    }

    function test_revokeInBatch_interiorNode_reverts() public {
        _anchorBatch();
        bytes32 node = documents.leaves().above()[0];
        bytes32[] memory rest = new bytes32[](2);
        (rest[0], rest[1]) = (paths[0][1], paths[0][2]);
        _expectNotInBatch(node);
        vm.prank(carrier);
        registry.revokeInBatch(root, node, 0, rest);
    }

    /// @dev With another size than the tree was made for, nothing is in the batch: nobody can be misled, nor anything revoked.
    function test_anchorBatch_wrongSize_nothingIsInIt() public {
        vm.prank(carrier);
        registry.anchorBatch(root, SIZE + 1, BILL_OF_LADING);
        for (uint32 i = 0; i < SIZE; ++i) _assertStatus(root, i, IDocumentRegistry.Status.Unknown);
        _expectNotInBatch(documents[0]);
        vm.prank(carrier);
        registry.revokeInBatch(root, documents[0], 0, paths[0]);
    }

    // --------------------------------------------------------------------------------------------- revokeBatch

    function test_revokeBatch_active_endsEveryDocument() public {
        _anchorBatch();
        vm.expectEmit(address(registry));
        emit IDocumentBatches.BatchRevoked(root);
        vm.prank(carrier);
        registry.revokeBatch(root);
        for (uint32 i = 0; i < SIZE; ++i) _assertStatus(root, i, IDocumentRegistry.Status.Revoked);
        assertEq(registry.batch(root).issuer, carrier);

        _expectNotActiveBatch(IDocumentRegistry.Status.Revoked);
        _revoke(carrier, 1);
        _expectNotActiveBatch(IDocumentRegistry.Status.Revoked);
        vm.prank(carrier);
        registry.revokeBatch(root);
    }

    function test_revokeBatch_byAnother_reverts() public {
        _anchorBatch();
        _expectNotIssuer(buyer);
        vm.prank(buyer);
        registry.revokeBatch(root);
        _expectNotActive(stranger);
        vm.prank(stranger);
        registry.revokeBatch(root);
    }

    // ------------------------------------------------------------------------------------------- statusInBatch

    function test_statusInBatch_notShown_isUnknown() public {
        _anchorBatch();
        bytes32[] memory path = documents.path(1);
        IDocumentRegistry.Status status = registry.statusInBatch(root, documents[0], 1, path);
        assertEq(uint256(status), uint256(IDocumentRegistry.Status.Unknown));
        status = registry.statusInBatch(root, documents[1], SIZE, path);
        assertEq(uint256(status), uint256(IDocumentRegistry.Status.Unknown));
        status = registry.statusInBatch(root, documents[1], 1, new bytes32[](0));
        assertEq(uint256(status), uint256(IDocumentRegistry.Status.Unknown));
        status = registry.statusInBatch(root, documents[1], 1, new bytes32[](1_000));
        assertEq(uint256(status), uint256(IDocumentRegistry.Status.Unknown));
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _anchorBatch() private {
        vm.prank(carrier);
        registry.anchorBatch(root, SIZE, BILL_OF_LADING);
    }

    function _revoke(address by, uint32 index) private {
        vm.prank(by);
        registry.revokeInBatch(root, documents[index], index, paths[index]);
    }

    function _assertStatus(bytes32 under, uint32 index, IDocumentRegistry.Status expected) private view {
        IDocumentRegistry.Status status = registry.statusInBatch(under, documents[index], index, paths[index]);
        assertEq(uint256(status), uint256(expected));
    }

    function _expectAlreadyAnchored() private {
        vm.expectRevert(abi.encodeWithSelector(IDocumentBatches.DocumentBatches_AlreadyAnchored.selector, root));
    }

    function _expectNotActiveBatch(IDocumentRegistry.Status status) private {
        vm.expectRevert(abi.encodeWithSelector(IDocumentBatches.DocumentBatches_NotActive.selector, root, status));
    }

    function _expectNotIssuer(address caller) private {
        vm.expectRevert(abi.encodeWithSelector(IDocumentBatches.DocumentBatches_NotIssuer.selector, root, caller));
    }

    function _expectNotInBatch(bytes32 documentHash) private {
        vm.expectRevert(
            abi.encodeWithSelector(IDocumentBatches.DocumentBatches_NotInBatch.selector, root, documentHash)
        );
    }
}
