// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IParticipants} from "../../access/IParticipants.sol";
import {BatchTree} from "./BatchTree.sol";
import {IDocumentBatches} from "./IDocumentBatches.sol";
import {IDocumentRegistry} from "./IDocumentRegistry.sol";

/// @title The batches of the document registry
/// @notice Guarantees that a root is registered once, that only its issuer ends it or a document under it, and that nothing which
/// was ended is active again. Says nothing about whether the size is right: with a wrong one, nothing is in the batch.
/// @dev Roots and documents are kept apart. A root that somebody registers as a document, or the reverse, keeps nobody from
/// registering it as what it is, and is worth nothing: no document has a hash of a batch's tag.
abstract contract DocumentBatches is IDocumentBatches {
    IParticipants public immutable participants;

    /// @dev Slot 1 of the registry: a batch is at keccak256(root ‖ 1).
    mapping(bytes32 root => Batch) private _batches;
    /// @inheritdoc IDocumentBatches
    /// @dev Slot 2 of the registry: at keccak256(documentHash ‖ keccak256(root ‖ 2)); nothing is stored as long as it stands.
    mapping(bytes32 root => mapping(bytes32 documentHash => bool)) public isRevokedInBatch;

    constructor(IParticipants participantRegistry) {
        participants = participantRegistry;
    }

    // ------------------------------------------------------------------------------------------------- issuing

    /// @inheritdoc IDocumentBatches
    function anchorBatch(bytes32 root, uint32 size, uint16 documentType) external {
        _requireIssuer(documentType);
        require(root != 0, DocumentBatches_EmptyRoot());
        require(BatchTree.isSize(size), DocumentBatches_InvalidSize(size));
        require(_batches[root].status == IDocumentRegistry.Status.Unknown, DocumentBatches_AlreadyAnchored(root));

        _batches[root] = Batch({
            issuer: msg.sender,
            anchoredAt: uint40(block.timestamp), // until the year 36812
            documentType: documentType,
            status: IDocumentRegistry.Status.Active,
            size: size
        });
        emit BatchAnchored(root, msg.sender, documentType, size);
    }

    /// @inheritdoc IDocumentBatches
    function revokeInBatch(bytes32 root, bytes32 documentHash, uint32 index, bytes32[] calldata path) external {
        Batch storage found = _activeBatch(root);
        require(
            BatchTree.contains(root, found.size, documentHash, index, path),
            DocumentBatches_NotInBatch(root, documentHash)
        );
        require(!isRevokedInBatch[root][documentHash], DocumentBatches_AlreadyRevoked(root, documentHash));
        isRevokedInBatch[root][documentHash] = true;
        emit DocumentRevokedInBatch(root, documentHash);
    }

    /// @inheritdoc IDocumentBatches
    function revokeBatch(bytes32 root) external {
        _activeBatch(root).status = IDocumentRegistry.Status.Revoked;
        emit BatchRevoked(root);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc IDocumentBatches
    function statusInBatch(
        bytes32 root,
        bytes32 documentHash,
        uint32 index,
        bytes32[] calldata path
    ) external view returns (IDocumentRegistry.Status) {
        Batch storage found = _batches[root];
        if (!BatchTree.contains(root, found.size, documentHash, index, path)) return IDocumentRegistry.Status.Unknown;
        return isRevokedInBatch[root][documentHash] ? IDocumentRegistry.Status.Revoked : found.status;
    }

    /// @inheritdoc IDocumentBatches
    function batch(bytes32 root) external view returns (Batch memory) {
        return _batches[root];
    }

    // ------------------------------------------------------------------------------------------------ internal

    /// @dev Reverts unless the caller is an active participant who is accredited for the type.
    function _requireIssuer(uint16 documentType) internal view virtual;

    function _activeBatch(bytes32 root) private view returns (Batch storage found) {
        participants.requireActive(msg.sender);
        found = _batches[root];
        require(found.status == IDocumentRegistry.Status.Active, DocumentBatches_NotActive(root, found.status));
        require(found.issuer == msg.sender, DocumentBatches_NotIssuer(root, msg.sender));
    }
}
