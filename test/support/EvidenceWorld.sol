// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {Lei} from "../../contracts/access/IParticipants.sol";
import {Products} from "../../contracts/access/Products.sol";
import {Counterpart} from "../../contracts/bridge/Counterpart.sol";
import {Corridors} from "../../contracts/finance/evidence/Corridors.sol";
import {EvidenceLedger} from "../../contracts/finance/evidence/EvidenceLedger.sol";
import {ICorridors} from "../../contracts/finance/evidence/ICorridors.sol";
import {IEvidenceLedger} from "../../contracts/finance/evidence/IEvidenceLedger.sol";
import {EvidenceMessages} from "../../contracts/trade/documents/EvidenceMessages.sol";
import {ProvenDocument} from "../../contracts/trade/documents/ProvenDocument.sol";
import {LoopbackGateway} from "./LoopbackGateway.sol";
import {ManagedTest} from "./ManagedTest.sol";
import {vm} from "./Test.sol";

/// @title The forex room as deployed, with two products, an importer of two accounts, and an exporter
abstract contract EvidenceWorld is ManagedTest {
    uint64 internal constant FOREX = 11;

    uint256 internal constant TRADE_CHAIN = 1001;
    uint256 internal constant FINANCE_CHAIN = 1002;
    /// @dev How long it is to midnight, UTC.
    uint40 internal constant REST_OF_THE_DAY = 1 days - (NOW % 1 days);

    uint16 internal constant INVOICE = 380;
    uint16 internal constant BILL_OF_LADING = 705;
    uint16 internal constant DECLARATION = 830;

    uint96 internal constant MILLION = 1_000_000e6;

    Corridors internal corridors;
    EvidenceLedger internal ledger;
    LoopbackGateway internal gateway;

    address internal forex;
    address internal approver;
    address internal notary;
    address internal payments;
    address internal financing;
    address internal importer;
    address internal importerElsewhere;
    address internal exporter;

    Lei internal importerLei;
    Lei internal exporterLei;

    uint256 private _hashes;
    uint256 private _claims;

    function setUp() public virtual override {
        super.setUp();
        forex = makeAddr("forex");
        approver = makeAddr("approver");
        notary = makeAddr("notary");
        payments = makeAddr("payments");
        financing = makeAddr("financing");
        importer = makeAddr("importer");
        importerElsewhere = makeAddr("importer elsewhere");
        exporter = makeAddr("exporter");

        corridors = Corridors(_deploy("Corridors.sol:Corridors", abi.encode(manager)));
        bytes memory arguments = abi.encode(manager, participants, corridors, TRADE_CHAIN);
        ledger = EvidenceLedger(_deploy("EvidenceLedger.sol:EvidenceLedger", arguments));
        gateway = new LoopbackGateway();
        gateway.place(notary, TRADE_CHAIN);
        gateway.place(address(ledger), FINANCE_CHAIN);
        _grantRoles();
        vm.prank(operator);
        ledger.linkCounterpart(address(gateway), notary);
        vm.prank(validatorAdmin);
        corridors.setProduct(address(ledger), true);
        _setProduct(payments, true);
        _setProduct(financing, true);

        importerLei = _admit(importer, "DE");
        exporterLei = _admit(exporter, "CN");
        vm.prank(registrar);
        participants.linkAccount(importerElsewhere, importerLei);
        _setRule(_openRule());
    }

    // ------------------------------------------------------------------------------------------- setting it up

    function _grantRoles() private {
        manager.grantRole(FOREX, forex, 0);
        _allow(address(corridors), Corridors.setRule.selector, FOREX);
        _allow(address(corridors), Products.setProduct.selector, VALIDATOR_ADMIN);
        _allow(address(ledger), Products.setProduct.selector, VALIDATOR_ADMIN);
        _allow(address(ledger), Counterpart.linkCounterpart.selector, OPERATOR);
    }

    function _setProduct(address product, bool allowed) internal {
        vm.prank(validatorAdmin);
        ledger.setProduct(product, allowed);
    }

    function _openRule() internal view returns (ICorridors.Rule memory) {
        uint16[4] memory none;
        return ICorridors.Rule(MILLION, 2 * MILLION, 3 * MILLION, none, approver, true);
    }

    /// @dev Of the corridor from the importer to the exporter in dollars.
    function _setRule(ICorridors.Rule memory rule) internal {
        vm.prank(forex);
        corridors.setRule("DE", "CN", "USD", rule);
    }

    // ---------------------------------------------------------------------------------------------- documents

    function _document(uint16 documentType, uint96 amount) internal returns (ProvenDocument memory) {
        bytes32 documentHash = keccak256(abi.encode("document", ++_hashes));
        return ProvenDocument(documentHash, documentType, "USD", amount, importerLei, exporterLei);
    }

    function _register(ProvenDocument memory document) internal returns (bytes32) {
        vm.prank(payments);
        ledger.register(_list(document));
        return document.documentHash;
    }

    /// @dev A declaration that is registered.
    function _declaration(uint96 amount) internal returns (bytes32) {
        return _register(_document(DECLARATION, amount));
    }

    /// @dev What the notary would say.
    function _say(bytes memory payload) internal {
        gateway.inject(notary, address(ledger), payload);
    }

    function _withdraw(bytes32 documentHash) internal {
        _say(EvidenceMessages.withdrawn(documentHash));
    }

    // ------------------------------------------------------------------------------------------------- claims

    /// @dev Of the importer to the exporter, under a reference never used before.
    function _claim(uint256 amount, bytes32[] memory documents) internal returns (IEvidenceLedger.Claim memory) {
        bytes32 claimId = keccak256(abi.encode("claim", ++_claims));
        return IEvidenceLedger.Claim(claimId, importer, exporter, "USD", amount, documents);
    }

    function _draw(IEvidenceLedger.Claim memory claim) internal returns (bytes32) {
        vm.prank(payments);
        ledger.draw(claim);
        return claim.claimId;
    }

    function _tryDraw(IEvidenceLedger.Claim memory claim) internal returns (uint256) {
        vm.prank(payments);
        return ledger.tryDraw(claim);
    }

    function _expectRefused(IEvidenceLedger.Claim memory claim, uint256 reasons) internal {
        assertEq(ledger.assess(claim), reasons, "reasons that are foreseen");
        vm.expectRevert(
            abi.encodeWithSelector(IEvidenceLedger.EvidenceLedger_Refused.selector, claim.claimId, reasons)
        );
        vm.prank(payments);
        ledger.draw(claim);
    }

    function _left(bytes32 documentHash) internal view returns (uint256) {
        IEvidenceLedger.Evidence memory known = ledger.evidence(documentHash);
        return known.amount - known.drawn;
    }

    function _usedToday(Lei payer) internal view returns (uint256 byEntity, uint256 byAll) {
        return corridors.usedToday("DE", "CN", "USD", payer);
    }

    // -------------------------------------------------------------------------------------------- shorthands

    function _expectUnauthorized(address caller) internal {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
    }

    function _expectNotAProduct(address caller) internal {
        vm.expectRevert(abi.encodeWithSelector(Products.Products_NotAProduct.selector, caller));
    }

    function _list(ProvenDocument memory document) internal pure returns (ProvenDocument[] memory documents) {
        documents = new ProvenDocument[](1);
        documents[0] = document;
    }

    function _list(bytes32 first) internal pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[](1);
        hashes[0] = first;
    }

    function _list(bytes32 first, bytes32 second) internal pure returns (bytes32[] memory hashes) {
        hashes = new bytes32[](2);
        (hashes[0], hashes[1]) = (first, second);
    }
}
