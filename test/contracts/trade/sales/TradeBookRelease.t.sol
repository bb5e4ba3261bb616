// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IDocumentRegistry} from "../../../../contracts/trade/documents/IDocumentRegistry.sol";
import {ITradeBook} from "../../../../contracts/trade/sales/ITradeBook.sol";
import {ProvenDocument} from "../../../../contracts/trade/documents/ProvenDocument.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {TradeMessages} from "../../../../contracts/trade/sales/TradeMessages.sol";
import {vm} from "../../../support/Test.sol";
import {TradeWorld} from "../../../support/TradeWorld.sol";

/// @notice Milestones that are reached by themselves when documents come, and {TradeBook-release}.
contract TradeBookReleaseTest is TradeWorld {
    TradeId internal tradeId;

    function setUp() public override {
        super.setUp();
        tradeId = _agree(_terms());
    }

    // ---------------------------------------------------------------------------------------------- by itself

    function test_documentAnchored_lastDocument_releases() public {
        bytes32 declaration = _anchor(broker, EXPORT_DECLARATION, tradeId);
        _assertMilestone(tradeId, 1, ITradeBook.MilestoneState.Pending);
        assertEq(gateway.sent(), 1);

        vm.expectEmit(address(tradeBook));
        emit ITradeBook.MilestoneReached(tradeId, 1);
        bytes32 invoice = _anchor(seller, INVOICE, tradeId);
        _assertReachedAlone(1);
        assertEq(gateway.sent(), 2);
        ProvenDocument[] memory documents = new ProvenDocument[](2);
        documents[0] = _proven(declaration, EXPORT_DECLARATION);
        documents[1] = _proven(invoice, INVOICE);
        assertEq(gateway.message(1).payload, TradeMessages.milestoneReached(tradeId, 1, documents));
        _assertState(tradeId, ITradeBook.State.Agreed);
    }

    /// @dev What has no value is no evidence, whoever issued it.
    function test_documentAnchored_withoutValue_releasesWithoutIt() public {
        vm.prank(carrier);
        registry.anchor("a bill without a value", BILL_OF_LADING, tradeId);
        assertEq(gateway.message(1).payload, TradeMessages.milestoneReached(tradeId, 0, new ProvenDocument[](0)));
    }

    /// @dev A document that is said twice would be refused as repeated on the finance chain.
    function test_documentAnchored_requiredTwice_isSaidOnce() public {
        ITradeBook.Terms memory terms = _termsWithShares(AMOUNT, _shares(10_000));
        ITradeBook.Requirement memory required = terms.milestones[0].requirements[0];
        terms.milestones[0].requirements = new ITradeBook.Requirement[](2);
        terms.milestones[0].requirements[0] = required;
        terms.milestones[0].requirements[1] = required;
        TradeId other = _agree(terms);
        bytes32 documentHash = _anchor(carrier, MILESTONE_DOCUMENT, other);
        ProvenDocument[] memory documents = new ProvenDocument[](1);
        documents[0] = _proven(documentHash, MILESTONE_DOCUMENT);
        assertEq(gateway.message(2).payload, TradeMessages.milestoneReached(other, 0, documents));
    }

    function test_documentAnchored_allMilestones_completes() public {
        _anchor(broker, EXPORT_DECLARATION, tradeId);
        _anchor(seller, INVOICE, tradeId);
        vm.expectEmit(address(tradeBook));
        emit ITradeBook.TradeCompleted(tradeId);
        _anchor(carrier, BILL_OF_LADING, tradeId);
        _assertState(tradeId, ITradeBook.State.Completed);
    }

    function test_documentAnchored_oneDocumentForTwoMilestones_releasesBoth() public {
        ITradeBook.Terms memory terms = _termsWithShares(AMOUNT, _shares(5_000, 5_000));
        terms.milestones[1].requirements[0].documentType = MILESTONE_DOCUMENT;
        TradeId other = _agree(terms);
        _anchor(carrier, MILESTONE_DOCUMENT, other);
        _assertState(other, ITradeBook.State.Completed);
    }

    function test_documentAnchored_ofAnotherIssuer_doesNotRelease() public {
        _accredit(broker, BILL_OF_LADING);
        _anchor(broker, BILL_OF_LADING, tradeId);
        _assertMilestone(tradeId, 0, ITradeBook.MilestoneState.Pending);
    }

    function test_documentAnchored_ofUnaccreditedIssuer_reverts() public {
        vm.prank(accreditor);
        registry.setAccreditation(carrier, BILL_OF_LADING, false);
        vm.expectRevert(
            abi.encodeWithSelector(IDocumentRegistry.DocumentRegistry_NotAccredited.selector, carrier, BILL_OF_LADING)
        );
        _anchor(carrier, BILL_OF_LADING, tradeId);
        _assertMilestone(tradeId, 0, ITradeBook.MilestoneState.Pending);
    }

    function test_documentAnchored_forAnotherTrade_doesNotRelease() public {
        ITradeBook.Terms memory terms = _terms();
        terms.purchaseReference = "PO-2";
        TradeId other = _agree(terms);
        _anchor(carrier, BILL_OF_LADING, other);
        _assertMilestone(other, 0, ITradeBook.MilestoneState.Reached);
        _assertMilestone(tradeId, 0, ITradeBook.MilestoneState.Pending);
    }

    function test_documentAnchored_atExpiry_releases() public {
        vm.warp(EXPIRY);
        _anchor(carrier, BILL_OF_LADING, tradeId);
        _assertReachedAlone(0);
    }

    function test_documentAnchored_afterExpiry_doesNotRelease() public {
        vm.warp(EXPIRY + 1);
        _anchor(carrier, BILL_OF_LADING, tradeId);
        _assertMilestone(tradeId, 0, ITradeBook.MilestoneState.Pending);
        assertEq(gateway.sent(), 1);
    }

    function test_documentAnchored_beforeAcceptance_releasesWithIt() public {
        ITradeBook.Terms memory terms = _terms();
        terms.purchaseReference = "PO-2";
        TradeId early = tradeBook.tradeIdOf(seller, terms);
        ProvenDocument[] memory documents = new ProvenDocument[](1);
        documents[0] = _proven(_anchor(carrier, BILL_OF_LADING, early), BILL_OF_LADING);
        _propose(terms);
        _assertMilestone(early, 0, ITradeBook.MilestoneState.Pending);
        vm.prank(buyer);
        tradeBook.accept(early);
        _assertMilestone(early, 0, ITradeBook.MilestoneState.Reached);
        assertEq(gateway.message(2).payload, TradeMessages.milestoneReached(early, 0, documents));
    }

    function test_documentAnchored_allBeforeAcceptance_completesWithIt() public {
        ITradeBook.Terms memory terms = _terms();
        terms.purchaseReference = "PO-2";
        TradeId early = _propose(terms);
        _anchorAll(early);
        vm.prank(buyer);
        tradeBook.accept(early);
        _assertState(early, ITradeBook.State.Completed);
    }

    function test_documentAnchored_revokedBeforeMilestone_stopsIt() public {
        bytes32 declaration = _anchor(broker, EXPORT_DECLARATION, tradeId);
        vm.prank(broker);
        registry.revoke(declaration);
        _anchor(seller, INVOICE, tradeId);
        _assertMilestone(tradeId, 1, ITradeBook.MilestoneState.Pending);
        _anchor(broker, EXPORT_DECLARATION, tradeId);
        _assertMilestone(tradeId, 1, ITradeBook.MilestoneState.Pending);
    }

    function test_documentAnchored_supersededBeforeMilestone_stopsIt() public {
        bytes32 declaration = _anchor(broker, EXPORT_DECLARATION, tradeId);
        vm.prank(broker);
        registry.supersede(declaration, "an amended declaration");
        _anchor(seller, INVOICE, tradeId);
        _assertMilestone(tradeId, 1, ITradeBook.MilestoneState.Pending);
    }

    function test_documentAnchored_revokedAfterMilestone_changesNothing() public {
        bytes32 lading = _anchor(carrier, BILL_OF_LADING, tradeId);
        vm.startPrank(carrier);
        registry.revoke(lading);
        registry.anchor("an amended bill", BILL_OF_LADING, tradeId);
        vm.stopPrank();
        _assertReachedAlone(0);
        assertEq(gateway.sent(), 2);
    }

    function testFuzz_documentAnchored_byAnybodyElse_reverts(address caller) public {
        vm.assume(caller != address(registry) && caller != address(vm));
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_NotRegistry.selector, caller));
        vm.prank(caller);
        tradeBook.documentAnchored("a document", tradeId);
    }

    // ------------------------------------------------------------------------------------------------- release

    function test_release_amendedByBuyer_succeeds() public {
        _amendBillOfLading();
        vm.expectEmit(address(tradeBook));
        emit ITradeBook.MilestoneReached(tradeId, 0);
        _release(buyer, 0);
        _assertReachedAlone(0);
    }

    function test_release_amendedBySeller_reverts() public {
        _amendBillOfLading();
        vm.expectRevert(
            abi.encodeWithSelector(ITradeBook.TradeBook_DocumentAmended.selector, tradeId, BILL_OF_LADING, carrier)
        );
        _release(seller, 0);
    }

    function test_release_lastMilestoneByBuyer_completes() public {
        _anchor(broker, EXPORT_DECLARATION, tradeId);
        _anchor(seller, INVOICE, tradeId);
        _amendBillOfLading();
        _release(buyer, 0);
        _assertState(tradeId, ITradeBook.State.Completed);
    }

    function test_release_documentRevoked_reverts() public {
        bytes32 declaration = _anchor(broker, EXPORT_DECLARATION, tradeId);
        _anchor(seller, INVOICE, TradeId.wrap("another trade"));
        vm.prank(broker);
        registry.revoke(declaration);
        _expectDocumentNotActive(EXPORT_DECLARATION, broker);
        _release(buyer, 1);
    }

    function test_release_documentMissing_reverts() public {
        _anchor(broker, EXPORT_DECLARATION, tradeId);
        _expectDocumentNotActive(INVOICE, seller);
        _release(buyer, 1);
    }

    function test_release_unknownMilestone_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_UnknownMilestone.selector, tradeId, 2));
        _release(buyer, 2);
    }

    function test_release_reached_reverts() public {
        _anchor(carrier, BILL_OF_LADING, tradeId);
        vm.expectRevert(
            abi.encodeWithSelector(
                ITradeBook.TradeBook_MilestoneNotPending.selector,
                tradeId,
                0,
                ITradeBook.MilestoneState.Reached
            )
        );
        _release(seller, 0);
    }

    function test_release_afterExpiry_reverts() public {
        _amendBillOfLading();
        vm.warp(EXPIRY + 1);
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_Expired.selector, tradeId, EXPIRY));
        _release(buyer, 0);
    }

    function test_release_atExpiry_succeeds() public {
        _amendBillOfLading();
        vm.warp(EXPIRY);
        _release(buyer, 0);
        _assertReachedAlone(0);
    }

    function test_release_byIssuer_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_NotParty.selector, tradeId, carrier));
        _release(carrier, 0);
    }

    function test_release_stranger_reverts() public {
        _expectNotActive(stranger);
        _release(stranger, 0);
    }

    function test_release_suspendedBuyer_reverts() public {
        _amendBillOfLading();
        _suspend(buyer);
        _expectNotActive(buyer);
        _release(buyer, 0);
    }

    function test_release_proposed_reverts() public {
        ITradeBook.Terms memory terms = _terms();
        terms.purchaseReference = "PO-2";
        TradeId proposed = _propose(terms);
        _expectWrongState(proposed, ITradeBook.State.Proposed);
        vm.prank(seller);
        tradeBook.release(proposed, 0);
    }

    function test_release_unknownTrade_reverts() public {
        TradeId unknown = TradeId.wrap("nothing");
        vm.expectRevert(abi.encodeWithSelector(ITradeBook.TradeBook_NotParty.selector, unknown, buyer));
        vm.prank(buyer);
        tradeBook.release(unknown, 0);
    }

    function test_release_issuerSuspendedAfterwards_reverts() public {
        _amendBillOfLading();
        _suspend(carrier);
        _expectDocumentNotActive(BILL_OF_LADING, carrier);
        _release(buyer, 0);
        _reinstate(carrier);
        _release(buyer, 0);
        _assertReachedAlone(0);
    }

    function test_release_issuerNoLongerAccredited_reverts() public {
        _amendBillOfLading();
        vm.prank(accreditor);
        registry.setAccreditation(carrier, BILL_OF_LADING, false);
        _expectDocumentNotActive(BILL_OF_LADING, carrier);
        _release(buyer, 0);
    }

    function test_documentAnchored_otherIssuerSuspended_doesNotRelease() public {
        _anchor(broker, EXPORT_DECLARATION, tradeId);
        _suspend(broker);
        _anchor(seller, INVOICE, tradeId);
        _assertMilestone(tradeId, 1, ITradeBook.MilestoneState.Pending);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _release(address by, uint256 milestone) private {
        vm.prank(by);
        tradeBook.release(tradeId, milestone);
    }

    /// @dev So that the bill of lading is amended before any milestone could be reached on it.
    function _amendBillOfLading() private {
        vm.prank(buyer);
        tradeBook.dispute(tradeId);
        bytes32 lading = _anchor(carrier, BILL_OF_LADING, tradeId);
        vm.prank(carrier);
        registry.supersede(lading, "an amended bill of lading");
        vm.prank(arbiter);
        tradeBook.resolve(tradeId, true);
        _assertMilestone(tradeId, 0, ITradeBook.MilestoneState.Pending);
    }

    function _anchorAll(TradeId id) private {
        _anchor(carrier, BILL_OF_LADING, id);
        _anchor(broker, EXPORT_DECLARATION, id);
        _anchor(seller, INVOICE, id);
    }

    function _assertReachedAlone(uint256 milestone) private view {
        _assertMilestone(tradeId, milestone, ITradeBook.MilestoneState.Reached);
        _assertMilestone(tradeId, 1 - milestone, ITradeBook.MilestoneState.Pending);
    }

    function _expectDocumentNotActive(uint16 documentType, address by) private {
        vm.expectRevert(
            abi.encodeWithSelector(ITradeBook.TradeBook_DocumentNotActive.selector, tradeId, documentType, by)
        );
    }
}
