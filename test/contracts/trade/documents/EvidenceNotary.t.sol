// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Counterpart} from "../../../../contracts/bridge/Counterpart.sol";
import {EvidenceMessages} from "../../../../contracts/trade/documents/EvidenceMessages.sol";
import {EvidenceNotary} from "../../../../contracts/trade/documents/EvidenceNotary.sol";
import {IDocumentRegistry} from "../../../../contracts/trade/documents/IDocumentRegistry.sol";
import {IEvidenceNotary} from "../../../../contracts/trade/documents/IEvidenceNotary.sol";
import {ProvenDocument} from "../../../../contracts/trade/documents/ProvenDocument.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {vm} from "../../../support/Test.sol";
import {TradeWorld} from "../../../support/TradeWorld.sol";

contract EvidenceNotaryTest is TradeWorld {
    TradeId internal constant TRADE = TradeId.wrap("a trade");
    TradeId internal constant NO_TRADE = TradeId.wrap(0);

    EvidenceNotary internal evidenceNotary;
    address internal evidenceLedger;

    function setUp() public override {
        super.setUp();
        evidenceLedger = makeAddr("evidence ledger");
        bytes memory arguments = abi.encode(manager, participants, registry, FINANCE_CHAIN);
        evidenceNotary = EvidenceNotary(_deploy("EvidenceNotary.sol:EvidenceNotary", arguments));
        _allow(address(evidenceNotary), Counterpart.linkCounterpart.selector, OPERATOR);
        gateway.place(address(evidenceNotary), TRADE_CHAIN);
        gateway.place(evidenceLedger, FINANCE_CHAIN);
        vm.startPrank(operator);
        evidenceNotary.linkCounterpart(address(gateway), evidenceLedger);
        registry.addObserver(evidenceNotary);
        vm.stopPrank();
    }

    // ----------------------------------------------------------------------------------------------- by itself

    function test_documentAnchored_ofNoTrade_isReported() public {
        bytes32 documentHash = _anchor(broker, EXPORT_DECLARATION, NO_TRADE);
        assertEq(gateway.sent(), 1);
        assertEq(gateway.message(0).sender, address(evidenceNotary));
        assertEq(gateway.message(0).recipient, evidenceLedger);
        assertEq(gateway.message(0).payload, _evidencePayload(documentHash, EXPORT_DECLARATION));
    }

    function test_documentAnchored_ofATrade_isLeftToItsMilestone() public {
        _anchor(broker, EXPORT_DECLARATION, TRADE);
        assertEq(gateway.sent(), 0);
    }

    function test_documentAnchored_withoutValue_isNotReported() public {
        vm.startPrank(broker);
        registry.anchor("a document", EXPORT_DECLARATION, NO_TRADE);
        registry.revoke("a document");
        registry.anchor("a document of a trade", EXPORT_DECLARATION, TRADE);
        registry.revoke("a document of a trade");
        vm.stopPrank();
        assertEq(gateway.sent(), 0);
    }

    /// @dev A hostile issuer's document never leaves the trade chain.
    function test_documentAnchored_notAccredited_isNotReported() public {
        IDocumentRegistry.Value memory value = _worth();
        vm.expectRevert(
            abi.encodeWithSelector(
                IDocumentRegistry.DocumentRegistry_NotAccredited.selector,
                carrier,
                EXPORT_DECLARATION
            )
        );
        vm.prank(carrier);
        registry.anchorValued("a forged declaration", EXPORT_DECLARATION, NO_TRADE, value);
        _expectDoesNotStand("a forged declaration");
        _present(carrier, "a forged declaration");
        assertEq(gateway.sent(), 0);
    }

    function testFuzz_documentAnchored_byAnybodyElse_reverts(address caller) public {
        vm.assume(caller != address(registry) && caller != address(vm));
        bytes memory expected = abi.encodeWithSelector(IEvidenceNotary.EvidenceNotary_NotRegistry.selector, caller);
        vm.startPrank(caller);
        vm.expectRevert(expected);
        evidenceNotary.documentAnchored("a document", NO_TRADE);
        vm.expectRevert(expected);
        evidenceNotary.documentEnded("a document");
        vm.stopPrank();
    }

    function test_documentEnded_revoked_isReported() public {
        bytes32 documentHash = _anchor(broker, EXPORT_DECLARATION, NO_TRADE);
        vm.expectEmit(address(evidenceNotary));
        emit IEvidenceNotary.WithdrawalReported(documentHash);
        vm.prank(broker);
        registry.revoke(documentHash);
        assertEq(gateway.sent(), 2);
        assertEq(gateway.message(1).payload, EvidenceMessages.withdrawn(documentHash));
    }

    function test_documentEnded_ofATrade_isReported() public {
        bytes32 documentHash = _anchor(broker, EXPORT_DECLARATION, TRADE);
        vm.prank(broker);
        registry.revoke(documentHash);
        assertEq(gateway.sent(), 1);
        assertEq(gateway.message(0).payload, EvidenceMessages.withdrawn(documentHash));
    }

    /// @dev The old one ends before the new one is known: at no time are both good.
    function test_documentEnded_superseded_isReportedBeforeItsReplacement() public {
        bytes32 documentHash = _anchor(broker, EXPORT_DECLARATION, NO_TRADE);
        IDocumentRegistry.Value memory value = _worth();
        vm.prank(broker);
        registry.supersedeValued(documentHash, "a replacement", value);
        assertEq(gateway.sent(), 3);
        assertEq(gateway.message(1).payload, EvidenceMessages.withdrawn(documentHash));
        assertEq(gateway.message(2).payload, _evidencePayload("a replacement", EXPORT_DECLARATION));
    }

    /// @dev An issuer who may issue no more can still say that a document no longer stands.
    function test_documentEnded_issuerNoLongerAccredited_isReported() public {
        bytes32 documentHash = _anchor(broker, EXPORT_DECLARATION, NO_TRADE);
        vm.prank(accreditor);
        registry.setAccreditation(broker, EXPORT_DECLARATION, false);
        vm.prank(broker);
        registry.revoke(documentHash);
        assertEq(gateway.message(1).payload, EvidenceMessages.withdrawn(documentHash));
    }

    // ------------------------------------------------------------------------------------------------ presenting

    function test_present_documentsOfATrade_goInOneMessage() public {
        bytes32[] memory hashes = new bytes32[](2);
        hashes[0] = _anchor(broker, EXPORT_DECLARATION, TRADE);
        hashes[1] = _anchor(seller, INVOICE, TRADE);
        vm.expectEmit(address(evidenceNotary));
        emit IEvidenceNotary.EvidenceReported(hashes);
        vm.prank(buyer);
        evidenceNotary.present(hashes);

        ProvenDocument[] memory documents = new ProvenDocument[](2);
        documents[0] = _proven(hashes[0], EXPORT_DECLARATION);
        documents[1] = _proven(hashes[1], INVOICE);
        assertEq(gateway.sent(), 1);
        assertEq(gateway.message(0).payload, EvidenceMessages.evidence(documents));
    }

    function test_present_sixteen_fitIntoOneMessage() public {
        bytes32[] memory hashes = new bytes32[](16);
        for (uint256 i = 0; i < 16; ++i) hashes[i] = _anchor(carrier, BILL_OF_LADING, TradeId.wrap(bytes32(1 + i)));
        vm.prank(carrier);
        evidenceNotary.present(hashes);
        assertEq(gateway.sent(), 1);
        assertEq(gateway.message(0).payload.length, 96 + 16 * 192);
    }

    function test_present_noneOrSeventeen_reverts() public {
        vm.startPrank(carrier);
        vm.expectRevert(abi.encodeWithSelector(IEvidenceNotary.EvidenceNotary_InvalidCount.selector, uint256(0)));
        evidenceNotary.present(new bytes32[](0));
        vm.expectRevert(abi.encodeWithSelector(IEvidenceNotary.EvidenceNotary_InvalidCount.selector, uint256(17)));
        evidenceNotary.present(new bytes32[](17));
        vm.stopPrank();
    }

    /// @dev Else any participant could keep the relayers busy with one document.
    function test_present_again_reverts() public {
        bytes32 documentHash = _anchor(carrier, BILL_OF_LADING, TRADE);
        _present(buyer, documentHash);
        assertTrue(evidenceNotary.isReported(documentHash));
        _expectAlreadyReported(documentHash);
        _present(carrier, documentHash);
    }

    function test_present_twiceInOneMessage_reverts() public {
        bytes32[] memory hashes = new bytes32[](2);
        (hashes[0], hashes[1]) = (
            _anchor(carrier, BILL_OF_LADING, TRADE),
            registry.latest(TRADE, BILL_OF_LADING, carrier)
        );
        _expectAlreadyReported(hashes[0]);
        vm.prank(carrier);
        evidenceNotary.present(hashes);
    }

    function test_present_ofNoTrade_reverts() public {
        bytes32 documentHash = _anchor(carrier, BILL_OF_LADING, NO_TRADE);
        _expectAlreadyReported(documentHash);
        _present(carrier, documentHash);
    }

    function test_present_withoutValue_reverts() public {
        vm.prank(carrier);
        registry.anchor("a bill", BILL_OF_LADING, NO_TRADE);
        vm.expectRevert(abi.encodeWithSelector(IEvidenceNotary.EvidenceNotary_NoValue.selector, bytes32("a bill")));
        _present(carrier, "a bill");
    }

    function test_present_revoked_reverts() public {
        bytes32 documentHash = _anchor(carrier, BILL_OF_LADING, NO_TRADE);
        vm.prank(carrier);
        registry.revoke(documentHash);
        _expectDoesNotStand(documentHash);
        _present(carrier, documentHash);
    }

    function test_present_issuerSuspended_reverts() public {
        bytes32 documentHash = _anchor(carrier, BILL_OF_LADING, TRADE);
        _suspend(carrier);
        _expectDoesNotStand(documentHash);
        _present(buyer, documentHash);
    }

    function test_present_issuerNoLongerAccredited_reverts() public {
        bytes32 documentHash = _anchor(carrier, BILL_OF_LADING, TRADE);
        vm.prank(accreditor);
        registry.setAccreditation(carrier, BILL_OF_LADING, false);
        _expectDoesNotStand(documentHash);
        _present(buyer, documentHash);
    }

    function test_present_stranger_reverts() public {
        bytes32 documentHash = _anchor(carrier, BILL_OF_LADING, TRADE);
        _expectNotActive(stranger);
        _present(stranger, documentHash);
    }

    // --------------------------------------------------------------------------------------------------- hearing

    function test_receiveMessage_anything_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(EvidenceMessages.EvidenceMessages_UnknownKind.selector, uint8(1)));
        gateway.inject(evidenceLedger, address(evidenceNotary), abi.encode(uint8(1)));
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _present(address by, bytes32 documentHash) private {
        bytes32[] memory hashes = new bytes32[](1);
        hashes[0] = documentHash;
        vm.prank(by);
        evidenceNotary.present(hashes);
    }

    function _expectDoesNotStand(bytes32 documentHash) private {
        vm.expectRevert(abi.encodeWithSelector(IEvidenceNotary.EvidenceNotary_DoesNotStand.selector, documentHash));
    }

    function _expectAlreadyReported(bytes32 documentHash) private {
        vm.expectRevert(abi.encodeWithSelector(IEvidenceNotary.EvidenceNotary_AlreadyReported.selector, documentHash));
    }

    function _evidencePayload(bytes32 documentHash, uint16 documentType) private view returns (bytes memory) {
        ProvenDocument[] memory documents = new ProvenDocument[](1);
        documents[0] = _proven(documentHash, documentType);
        return EvidenceMessages.evidence(documents);
    }
}
