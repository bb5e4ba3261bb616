// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {Lei} from "../../contracts/access/IParticipants.sol";
import {Participants} from "../../contracts/access/Participants.sol";
import {Products} from "../../contracts/access/Products.sol";
import {Counterpart} from "../../contracts/bridge/Counterpart.sol";
import {Corridors} from "../../contracts/finance/evidence/Corridors.sol";
import {EvidenceLedger} from "../../contracts/finance/evidence/EvidenceLedger.sol";
import {ICorridors} from "../../contracts/finance/evidence/ICorridors.sol";
import {IEvidenceLedger} from "../../contracts/finance/evidence/IEvidenceLedger.sol";
import {EvidenceMessages} from "../../contracts/trade/EvidenceMessages.sol";
import {ProvenDocument} from "../../contracts/trade/ProvenDocument.sol";
import {LoopbackGateway} from "./LoopbackGateway.sol";
import {Test, vm} from "./Test.sol";

interface VmCode {
    function getCode(string calldata artifact) external view returns (bytes memory);
}

/// @title The forex room as deployed, with two products, an importer of two accounts, and an exporter
abstract contract EvidenceWorld is Test {
    uint64 internal constant REGISTRAR = 1;
    uint64 internal constant FOREX = 2;
    uint64 internal constant GOVERNANCE = 3;
    uint64 internal constant OPERATOR = 4;

    uint256 internal constant TRADE_CHAIN = 1001;
    uint256 internal constant FINANCE_CHAIN = 1002;
    /// @dev Noon, UTC.
    uint40 internal constant NOW = 1_800_014_400 - (1_800_014_400 % 1 days) + 12 hours;

    uint16 internal constant INVOICE = 380;
    uint16 internal constant BILL_OF_LADING = 705;
    uint16 internal constant DECLARATION = 830;

    uint96 internal constant MILLION = 1_000_000e6;

    AccessManager internal manager;
    Participants internal participants;
    Corridors internal corridors;
    EvidenceLedger internal ledger;
    LoopbackGateway internal gateway;

    address internal registrar;
    address internal forex;
    address internal approver;
    address internal notary;
    address internal payments;
    address internal financing;
    address internal importer;
    address internal importerElsewhere;
    address internal exporter;
    address internal stranger;

    Lei internal importerLei;
    Lei internal exporterLei;

    uint256 private _entities;
    uint256 private _hashes;
    uint256 private _claims;

    function setUp() public virtual {
        vm.warp(NOW);
        registrar = makeAddr("registrar");
        forex = makeAddr("forex");
        approver = makeAddr("approver");
        notary = makeAddr("notary");
        payments = makeAddr("payments");
        financing = makeAddr("financing");
        importer = makeAddr("importer");
        importerElsewhere = makeAddr("importer elsewhere");
        exporter = makeAddr("exporter");
        stranger = makeAddr("stranger");

        manager = AccessManager(_deploy("AccessManager.sol:AccessManager", abi.encode(address(this))));
        participants = Participants(_deploy("Participants.sol:Participants", abi.encode(manager)));
        corridors = Corridors(_deploy("Corridors.sol:Corridors", abi.encode(manager)));
        ledger = EvidenceLedger(
            _deploy("EvidenceLedger.sol:EvidenceLedger", abi.encode(manager, participants, corridors, TRADE_CHAIN))
        );
        _grantRoles();
        corridors.setProduct(address(ledger), true);
        ledger.setProduct(payments, true);
        ledger.setProduct(financing, true);
        gateway = new LoopbackGateway();
        gateway.place(notary, TRADE_CHAIN);
        gateway.place(address(ledger), FINANCE_CHAIN);
        ledger.linkCounterpart(address(gateway), notary);

        importerLei = _admit(importer, "DE");
        exporterLei = _admit(exporter, "CN");
        vm.prank(registrar);
        participants.linkAccount(importerElsewhere, importerLei);
        _setRule(_openRule());
    }

    // ------------------------------------------------------------------------------------------- setting it up

    function _deploy(string memory artifact, bytes memory arguments) internal returns (address deployed) {
        bytes memory code = bytes.concat(VmCode(address(vm)).getCode(artifact), arguments);
        assembly ("memory-safe") {
            deployed := create(0, add(code, 0x20), mload(code))
        }
        require(deployed != address(0), "not deployed");
    }

    function _grantRoles() private {
        manager.grantRole(REGISTRAR, registrar, 0);
        manager.grantRole(FOREX, forex, 0);
        manager.grantRole(GOVERNANCE, address(this), 0);
        manager.grantRole(OPERATOR, address(this), 0);
        _allow(address(participants), Participants.admit.selector, REGISTRAR);
        _allow(address(participants), Participants.suspend.selector, REGISTRAR);
        _allow(address(participants), Participants.reinstate.selector, REGISTRAR);
        _allow(address(participants), Participants.linkAccount.selector, REGISTRAR);
        _allow(address(corridors), Corridors.setRule.selector, FOREX);
        _allow(address(corridors), Products.setProduct.selector, GOVERNANCE);
        _allow(address(ledger), Products.setProduct.selector, GOVERNANCE);
        _allow(address(ledger), Counterpart.linkCounterpart.selector, OPERATOR);
    }

    function _allow(address target, bytes4 selector, uint64 role) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        manager.setTargetFunctionRole(target, selectors, role);
    }

    /// @dev Eighteen digits that count the entities, then 98 less their hundredfold modulo 97.
    function _admit(address account, bytes2 country) internal returns (Lei lei) {
        uint256 number = (200_000_000_000_000_000 + ++_entities) * 100;
        lei = Lei.wrap(bytes20(bytes(vm.toString(number + 98 - (number % 97)))));
        vm.startPrank(registrar);
        participants.admit(lei, country);
        participants.linkAccount(account, lei);
        vm.stopPrank();
    }

    function _suspend(Lei lei) internal {
        vm.prank(registrar);
        participants.suspend(lei);
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
