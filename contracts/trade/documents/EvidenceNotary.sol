// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";

import {IParticipants} from "../../access/IParticipants.sol";
import {Counterpart} from "../../bridge/Counterpart.sol";
import {EvidenceMessages} from "./EvidenceMessages.sol";
import {IDocumentObserver, IDocumentRegistry} from "./IDocumentRegistry.sol";
import {IEvidenceNotary} from "./IEvidenceNotary.sol";
import {ProvenDocument} from "./ProvenDocument.sol";
import {TradeId} from "../sales/TradeId.sol";
import {ValuedDocuments} from "./ValuedDocuments.sol";

/// @title EvidenceNotary
/// @notice Guarantees that the finance chain hears only of documents that an accredited, active issuer registered with a
/// value and that stand at that time, of each at most once, and of the end of every such document. Trusts the document
/// registry alone.
contract EvidenceNotary is IEvidenceNotary, Counterpart {
    using ValuedDocuments for IDocumentRegistry;

    uint256 private constant MAX_DOCUMENTS = 16;

    IParticipants public immutable participants;
    IDocumentRegistry public immutable registry;

    /// @inheritdoc IEvidenceNotary
    mapping(bytes32 documentHash => bool) public isReported;

    modifier onlyRegistry() {
        require(msg.sender == address(registry), EvidenceNotary_NotRegistry(msg.sender));
        _;
    }

    constructor(
        address initialAuthority,
        IParticipants participantRegistry,
        IDocumentRegistry documentRegistry,
        uint256 ledgerChainId
    ) AccessManaged(initialAuthority) CrosschainLinked(new Link[](0)) Counterpart(ledgerChainId) {
        participants = participantRegistry;
        registry = documentRegistry;
    }

    // ----------------------------------------------------------------------------------------------- reporting

    /// @inheritdoc IDocumentObserver
    /// @dev The registry tells of no document that has neither a trade nor a value.
    function documentAnchored(bytes32 documentHash, TradeId tradeId) external onlyRegistry {
        if (TradeId.unwrap(tradeId) != 0) return;
        bytes32[] memory hashes = new bytes32[](1);
        ProvenDocument[] memory documents = new ProvenDocument[](1);
        (hashes[0], documents[0]) = (documentHash, registry.read(documentHash));
        _report(hashes, documents);
    }

    /// @inheritdoc IDocumentObserver
    function documentEnded(bytes32 documentHash) external onlyRegistry {
        if (registry.valueOf(documentHash).amount == 0) return;
        emit WithdrawalReported(documentHash);
        _send(EvidenceMessages.withdrawn(documentHash));
    }

    /// @inheritdoc IEvidenceNotary
    function present(bytes32[] calldata documentHashes) external {
        participants.requireActive(msg.sender);
        uint256 count = documentHashes.length;
        require(count > 0 && count <= MAX_DOCUMENTS, EvidenceNotary_InvalidCount(count));

        ProvenDocument[] memory documents = new ProvenDocument[](count);
        for (uint256 i = 0; i < count; ++i) {
            bytes32 documentHash = documentHashes[i];
            require(registry.stands(documentHash), EvidenceNotary_DoesNotStand(documentHash));
            documents[i] = registry.read(documentHash);
            require(documents[i].amount > 0, EvidenceNotary_NoValue(documentHash));
        }
        _report(documentHashes, documents);
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _report(bytes32[] memory documentHashes, ProvenDocument[] memory documents) private {
        for (uint256 i = 0; i < documentHashes.length; ++i) {
            bytes32 documentHash = documentHashes[i];
            require(!isReported[documentHash], EvidenceNotary_AlreadyReported(documentHash));
            isReported[documentHash] = true;
        }
        emit EvidenceReported(documentHashes);
        _send(EvidenceMessages.evidence(documents));
    }

    /// @dev The evidence ledger has nothing to say to the notary.
    function _processMessage(address, bytes32, bytes calldata, bytes calldata payload) internal pure override {
        revert EvidenceMessages.EvidenceMessages_UnknownKind(EvidenceMessages.kindOf(payload));
    }
}
