// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IParticipants, Lei} from "../../access/IParticipants.sol";
import {IsoCodes} from "../../access/IsoCodes.sol";
import {DocumentBatches} from "./DocumentBatches.sol";
import {IDocumentObserver, IDocumentRegistry} from "./IDocumentRegistry.sol";
import {TradeId} from "../sales/TradeId.sol";

/// @title DocumentRegistry
/// @notice Guarantees that a hash is registered once, that only its issuer changes its status, and that a document
/// which was superseded or revoked is never active again, and that what it is worth never changes. Trusts ACCREDITOR
/// for who may issue what, and says nothing about whether a document is true.
contract DocumentRegistry is IDocumentRegistry, AccessManaged, DocumentBatches {
    uint256 private constant MAX_OBSERVERS = 4;

    IDocumentObserver[] private _observers;
    /// @dev Slot 4: a document is at keccak256(documentHash ‖ 4).
    mapping(bytes32 documentHash => Document) private _documents;
    /// @inheritdoc IDocumentRegistry
    mapping(bytes32 documentHash => TradeId) public tradeOf;
    /// @inheritdoc IDocumentRegistry
    mapping(bytes32 documentHash => bytes32) public replacementOf;
    /// @inheritdoc IDocumentRegistry
    mapping(TradeId tradeId => mapping(uint16 documentType => mapping(address issuer => bytes32))) public latest;
    /// @inheritdoc IDocumentRegistry
    mapping(address issuer => mapping(uint16 documentType => bool)) public isAccredited;
    mapping(bytes32 documentHash => Value) private _values;

    constructor(
        address initialAuthority,
        IParticipants participantRegistry
    ) AccessManaged(initialAuthority) DocumentBatches(participantRegistry) {}

    // ------------------------------------------------------------------------------------------------- issuing

    /// @inheritdoc IDocumentRegistry
    function anchor(bytes32 documentHash, uint16 documentType, TradeId tradeId) external {
        _anchor(documentHash, documentType, tradeId);
        if (_isSome(tradeId)) _tellAnchored(documentHash, tradeId);
    }

    /// @inheritdoc IDocumentRegistry
    function anchorValued(bytes32 documentHash, uint16 documentType, TradeId tradeId, Value calldata value) external {
        _anchor(documentHash, documentType, tradeId);
        _setValue(documentHash, value);
        _tellAnchored(documentHash, tradeId);
    }

    /// @inheritdoc IDocumentRegistry
    function supersede(bytes32 documentHash, bytes32 replacement) external {
        TradeId tradeId = _supersede(documentHash, replacement);
        if (_isSome(tradeId)) _tellAnchored(replacement, tradeId);
    }

    /// @inheritdoc IDocumentRegistry
    function supersedeValued(bytes32 documentHash, bytes32 replacement, Value calldata value) external {
        TradeId tradeId = _supersede(documentHash, replacement);
        _setValue(replacement, value);
        _tellAnchored(replacement, tradeId);
    }

    /// @inheritdoc IDocumentRegistry
    function revoke(bytes32 documentHash) external {
        participants.requireActive(msg.sender);
        _activeDocument(documentHash).status = Status.Revoked;
        emit DocumentRevoked(documentHash);
        _tellEnded(documentHash);
    }

    // ------------------------------------------------------------------------------------------- administering

    /// @inheritdoc IDocumentRegistry
    function setAccreditation(address issuer, uint16 documentType, bool accredited) external restricted {
        isAccredited[issuer][documentType] = accredited;
        emit IssuerAccredited(issuer, documentType, accredited);
    }

    /// @inheritdoc IDocumentRegistry
    function addObserver(IDocumentObserver observer) external restricted {
        uint256 count = _observers.length;
        require(count < MAX_OBSERVERS, DocumentRegistry_TooManyObservers(count));
        for (uint256 i = 0; i < count; ++i) {
            require(address(_observers[i]) != address(observer), DocumentRegistry_ObserverKnown(observer));
        }
        _observers.push(observer);
        emit ObserverAdded(observer);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc IDocumentRegistry
    function document(bytes32 documentHash) external view returns (Document memory) {
        return _documents[documentHash];
    }

    /// @inheritdoc IDocumentRegistry
    function valueOf(bytes32 documentHash) external view returns (Value memory) {
        return _values[documentHash];
    }

    /// @inheritdoc IDocumentRegistry
    function stands(bytes32 documentHash) external view returns (bool) {
        Document memory found = _documents[documentHash];
        return
            found.status == Status.Active &&
            isAccredited[found.issuer][found.documentType] &&
            participants.isActive(found.issuer);
    }

    /// @inheritdoc IDocumentRegistry
    function observers() external view returns (IDocumentObserver[] memory) {
        return _observers;
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _anchor(bytes32 documentHash, uint16 documentType, TradeId tradeId) private {
        bool amended = false;
        if (_isSome(tradeId)) {
            bytes32 previous = latest[tradeId][documentType][msg.sender];
            amended = previous != 0;
            require(
                !amended || _documents[previous].status != Status.Active,
                DocumentRegistry_ActiveDocumentExists(previous)
            );
        }
        _register(documentHash, documentType, tradeId, amended);
    }

    function _supersede(bytes32 documentHash, bytes32 replacement) private returns (TradeId tradeId) {
        Document storage superseded = _activeDocument(documentHash);
        tradeId = tradeOf[documentHash];
        superseded.status = Status.Superseded;
        replacementOf[documentHash] = replacement;
        emit DocumentSuperseded(documentHash, replacement);
        _register(replacement, superseded.documentType, tradeId, true);
        _tellEnded(documentHash);
    }

    function _register(bytes32 documentHash, uint16 documentType, TradeId tradeId, bool amended) private {
        _requireIssuer(documentType);
        require(documentHash != 0, DocumentRegistry_EmptyHash());
        require(_documents[documentHash].status == Status.Unknown, DocumentRegistry_AlreadyAnchored(documentHash));

        _documents[documentHash] = Document({
            issuer: msg.sender,
            anchoredAt: uint40(block.timestamp), // until the year 36812
            documentType: documentType,
            status: Status.Active,
            amended: amended
        });
        if (_isSome(tradeId)) {
            tradeOf[documentHash] = tradeId;
            latest[tradeId][documentType][msg.sender] = documentHash;
        }
        emit DocumentAnchored(documentHash, tradeId, msg.sender, documentType);
    }

    function _setValue(bytes32 documentHash, Value calldata value) private {
        bytes20 debtor = Lei.unwrap(value.debtor);
        bytes20 creditor = Lei.unwrap(value.creditor);
        require(
            value.amount > 0 &&
                IsoCodes.isCurrency(value.currency) &&
                debtor != 0 &&
                creditor != 0 &&
                debtor != creditor,
            DocumentRegistry_InvalidValue(value)
        );
        _values[documentHash] = value;
        emit DocumentValued(documentHash, value);
    }

    function _tellAnchored(bytes32 documentHash, TradeId tradeId) private {
        uint256 count = _observers.length;
        for (uint256 i = 0; i < count; ++i) _observers[i].documentAnchored(documentHash, tradeId);
    }

    /// @dev Whoever was told of it when it was registered, and nobody of what nobody was told.
    function _tellEnded(bytes32 documentHash) private {
        if (!_isSome(tradeOf[documentHash]) && _values[documentHash].amount == 0) return;
        uint256 count = _observers.length;
        for (uint256 i = 0; i < count; ++i) _observers[i].documentEnded(documentHash);
    }

    /// @inheritdoc DocumentBatches
    function _requireIssuer(uint16 documentType) internal view override {
        participants.requireActive(msg.sender);
        require(isAccredited[msg.sender][documentType], DocumentRegistry_NotAccredited(msg.sender, documentType));
    }

    function _activeDocument(bytes32 documentHash) private view returns (Document storage found) {
        found = _documents[documentHash];
        require(found.status == Status.Active, DocumentRegistry_NotActive(documentHash, found.status));
        require(found.issuer == msg.sender, DocumentRegistry_NotIssuer(documentHash, msg.sender));
    }

    function _isSome(TradeId tradeId) private pure returns (bool) {
        return TradeId.unwrap(tradeId) != 0;
    }
}
