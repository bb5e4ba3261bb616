// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IParticipants} from "../access/IParticipants.sol";
import {IDocumentObserver, IDocumentRegistry} from "./IDocumentRegistry.sol";
import {TradeId} from "./TradeId.sol";

/// @title DocumentRegistry
/// @notice Guarantees that a hash is registered once, that only its issuer changes its status, and that a document
/// which was superseded or revoked is never active again. Trusts ACCREDITOR for who may issue what, and says nothing
/// about whether a document is true.
contract DocumentRegistry is IDocumentRegistry, AccessManaged {
    IParticipants public immutable participants;

    IDocumentObserver public observer;
    mapping(bytes32 documentHash => Document) private _documents;
    /// @inheritdoc IDocumentRegistry
    mapping(bytes32 documentHash => TradeId) public tradeOf;
    /// @inheritdoc IDocumentRegistry
    mapping(bytes32 documentHash => bytes32) public replacementOf;
    /// @inheritdoc IDocumentRegistry
    mapping(TradeId tradeId => mapping(uint16 documentType => mapping(address issuer => bytes32))) public latest;
    /// @inheritdoc IDocumentRegistry
    mapping(address issuer => mapping(uint16 documentType => bool)) public isAccredited;

    constructor(address initialAuthority, IParticipants participantRegistry) AccessManaged(initialAuthority) {
        participants = participantRegistry;
    }

    // ------------------------------------------------------------------------------------------------- issuing

    /// @inheritdoc IDocumentRegistry
    function anchor(bytes32 documentHash, uint16 documentType, TradeId tradeId) external {
        bytes32 previous = latest[tradeId][documentType][msg.sender];
        require(
            TradeId.unwrap(tradeId) == 0 || _documents[previous].status != Status.Active,
            DocumentRegistry_ActiveDocumentExists(previous)
        );
        _anchor(documentHash, documentType, tradeId, TradeId.unwrap(tradeId) != 0 && previous != 0);
    }

    /// @inheritdoc IDocumentRegistry
    function supersede(bytes32 documentHash, bytes32 replacement) external {
        Document storage superseded = _activeDocument(documentHash);
        superseded.status = Status.Superseded;
        replacementOf[documentHash] = replacement;
        emit DocumentSuperseded(documentHash, replacement);
        _anchor(replacement, superseded.documentType, tradeOf[documentHash], true);
    }

    /// @inheritdoc IDocumentRegistry
    function revoke(bytes32 documentHash) external {
        participants.requireActive(msg.sender);
        _activeDocument(documentHash).status = Status.Revoked;
        emit DocumentRevoked(documentHash);
    }

    // ------------------------------------------------------------------------------------------- administering

    /// @inheritdoc IDocumentRegistry
    function setAccreditation(address issuer, uint16 documentType, bool accredited) external restricted {
        isAccredited[issuer][documentType] = accredited;
        emit IssuerAccredited(issuer, documentType, accredited);
    }

    /// @inheritdoc IDocumentRegistry
    function setObserver(IDocumentObserver newObserver) external restricted {
        require(address(observer) == address(0), DocumentRegistry_ObserverAlreadySet(observer));
        observer = newObserver;
        emit ObserverSet(newObserver);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc IDocumentRegistry
    function document(bytes32 documentHash) external view returns (Document memory) {
        return _documents[documentHash];
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _anchor(bytes32 documentHash, uint16 documentType, TradeId tradeId, bool amended) private {
        participants.requireActive(msg.sender);
        require(isAccredited[msg.sender][documentType], DocumentRegistry_NotAccredited(msg.sender, documentType));
        require(documentHash != 0, DocumentRegistry_EmptyHash());
        require(_documents[documentHash].status == Status.Unknown, DocumentRegistry_AlreadyAnchored(documentHash));

        _documents[documentHash] = Document({
            issuer: msg.sender,
            anchoredAt: uint40(block.timestamp), // until the year 36812
            documentType: documentType,
            status: Status.Active,
            amended: amended
        });
        tradeOf[documentHash] = tradeId;
        latest[tradeId][documentType][msg.sender] = documentHash;
        emit DocumentAnchored(documentHash, tradeId, msg.sender, documentType);

        if (TradeId.unwrap(tradeId) != 0 && address(observer) != address(0)) {
            observer.documentAnchored(tradeId, documentType, msg.sender);
        }
    }

    function _activeDocument(bytes32 documentHash) private view returns (Document storage found) {
        found = _documents[documentHash];
        require(found.status == Status.Active, DocumentRegistry_NotActive(documentHash, found.status));
        require(found.issuer == msg.sender, DocumentRegistry_NotIssuer(documentHash, msg.sender));
    }
}
