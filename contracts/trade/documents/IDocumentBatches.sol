// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IDocumentRegistry} from "./IDocumentRegistry.sol";

/// @title Many documents under one root
/// @notice Documents of one type by one issuer, registered with one transaction (see `BatchTree`). They belong to no trade and have
/// no value on the chain; a document that is to do either is registered by itself, which may be in a batch too. What becomes of a
/// document under one root says nothing of it under another, or by itself.
interface IDocumentBatches {
    /// @notice One storage slot, so that one storage proof shows a batch.
    /// @dev From the right: issuer 160 bits, anchoredAt 40, documentType 16, status 8, size 32.
    /// @param status Active or revoked: a batch is superseded by none.
    /// @param size How many documents it has.
    struct Batch {
        address issuer;
        uint40 anchoredAt;
        uint16 documentType;
        IDocumentRegistry.Status status;
        uint32 size;
    }

    event BatchAnchored(bytes32 indexed root, address indexed issuer, uint16 indexed documentType, uint32 size);
    event BatchRevoked(bytes32 indexed root);
    event DocumentRevokedInBatch(bytes32 indexed root, bytes32 indexed documentHash);

    /// @dev No document, or more than 2^20.
    error DocumentBatches_InvalidSize(uint32 size);
    error DocumentBatches_EmptyRoot();
    /// @dev The root is registered already, by whomever and whatever became of it.
    error DocumentBatches_AlreadyAnchored(bytes32 root);
    error DocumentBatches_NotActive(bytes32 root, IDocumentRegistry.Status status);
    error DocumentBatches_NotIssuer(bytes32 root, address caller);
    /// @dev Another document, index or path than the batch of that size has.
    error DocumentBatches_NotInBatch(bytes32 root, bytes32 documentHash);
    error DocumentBatches_AlreadyRevoked(bytes32 root, bytes32 documentHash);

    /// @notice Registers a batch. Only an active participant who is accredited for the type of its documents.
    /// @param root Root of the batch, not zero, never seen before.
    /// @param size How many documents it has, 1 to 2^20. A wrong one makes all of them unprovable.
    /// @param documentType UNTDID 1001 code of each of them.
    function anchorBatch(bytes32 root, uint32 size, uint16 documentType) external;

    /// @notice Declares that one document of an active batch no longer stands. Only the batch's issuer.
    /// @param index Its place in the batch, from zero.
    /// @param path Its neighbours from the leaf up.
    function revokeInBatch(bytes32 root, bytes32 documentHash, uint32 index, bytes32[] calldata path) external;

    /// @notice Declares that no document of a batch stands any longer. Only its issuer.
    function revokeBatch(bytes32 root) external;

    /// @notice Whether a document stands under this root: Active, Revoked, or Unknown when it is not shown to be in the batch.
    function statusInBatch(
        bytes32 root,
        bytes32 documentHash,
        uint32 index,
        bytes32[] calldata path
    ) external view returns (IDocumentRegistry.Status);

    function batch(bytes32 root) external view returns (Batch memory);

    /// @notice Whether a document was revoked by itself under this root.
    function isRevokedInBatch(bytes32 root, bytes32 documentHash) external view returns (bool);
}
