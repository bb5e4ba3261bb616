// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {CrosschainLinked} from "@openzeppelin/contracts/crosschain/CrosschainLinked.sol";

import {IParticipants, Lei} from "../../access/IParticipants.sol";
import {Products} from "../../access/Products.sol";
import {Counterpart} from "../../bridge/Counterpart.sol";
import {EvidenceMessages} from "../../trade/documents/EvidenceMessages.sol";
import {ProvenDocument} from "../../trade/documents/ProvenDocument.sol";
import {EvidenceUse, EvidenceUses, EvidenceWord} from "./EvidenceWord.sol";
import {ForexReasons} from "./ForexReasons.sol";
import {ICorridors} from "./ICorridors.sol";
import {IEvidenceLedger} from "./IEvidenceLedger.sol";

/// @title EvidenceLedger
/// @notice Guarantees that all products together never draw more on a document than its amount; that a document enters only
/// as the trade chain proved it, with one value for good; that a withdrawn one is never drawn on again, whichever message
/// came first; and that a draw is given back at most once, by the product that made it. Trusts products for who pays
/// whom, the evidence notary, through the gateway, for documents, and the corridors for limits. Holds no money.
contract EvidenceLedger is IEvidenceLedger, Counterpart, Products {
    uint256 private constant MAX_DOCUMENTS = 16;

    /// @dev Two slots: a payment reads no others of a document, and writes the second.
    struct Entry {
        EvidenceWord word;
        EvidenceUse use;
    }

    IParticipants public immutable participants;
    ICorridors public immutable corridors;

    mapping(bytes32 documentHash => Entry) private _entries;
    /// @dev Of claims that may be given back.
    mapping(address product => mapping(bytes32 claimId => bytes32)) private _commitments;

    constructor(
        address initialAuthority,
        IParticipants participantRegistry,
        ICorridors corridorRules,
        uint256 tradeChainId
    ) AccessManaged(initialAuthority) CrosschainLinked(new Link[](0)) Counterpart(tradeChainId) {
        participants = participantRegistry;
        corridors = corridorRules;
    }

    // ----------------------------------------------------------------------------------------------- verifying

    /// @inheritdoc IEvidenceLedger
    function assess(Claim calldata claim) external view returns (uint256 reasons) {
        (ICorridors.Passage memory passage, uint16[] memory types, uint256 found) = _examine(claim);
        return found | corridors.assess(passage, types);
    }

    /// @inheritdoc IEvidenceLedger
    function draw(Claim calldata claim) external onlyProduct {
        bytes32 committed = _commitments[msg.sender][claim.claimId];
        require(committed == 0, EvidenceLedger_AlreadyDrawn(claim.claimId));
        _requirePassed(claim, _tryDraw(claim));
        _commitments[msg.sender][claim.claimId] = _commitment(claim.amount, claim.documents);
    }

    /// @inheritdoc IEvidenceLedger
    function drawForGood(Claim calldata claim) external onlyProduct {
        _requirePassed(claim, _tryDraw(claim));
    }

    /// @inheritdoc IEvidenceLedger
    function tryDraw(Claim calldata claim) external onlyProduct returns (uint256 reasons) {
        return _tryDraw(claim);
    }

    /// @inheritdoc IEvidenceLedger
    function restore(bytes32 claimId, uint256 amount, bytes32[] calldata documents) external onlyProduct {
        bytes32 commitment = _commitment(amount, documents);
        require(_commitments[msg.sender][claimId] == commitment, EvidenceLedger_NothingDrawn(claimId));
        delete _commitments[msg.sender][claimId];
        for (uint256 i = 0; i < documents.length; ++i) {
            Entry storage entry = _entries[documents[i]];
            EvidenceUse use = entry.use.giveBack(amount); // was drawn on each of them
            entry.use = use;
            emit EvidenceRestored(documents[i], claimId, amount, _left(entry.word, use));
        }
    }

    // --------------------------------------------------------------------------------------------- registering

    /// @inheritdoc IEvidenceLedger
    function register(ProvenDocument[] calldata documents) external onlyProduct {
        for (uint256 i = 0; i < documents.length; ++i) _register(documents[i]);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc IEvidenceLedger
    function evidence(bytes32 documentHash) external view returns (Evidence memory) {
        EvidenceWord word = _entries[documentHash].word;
        EvidenceUse use = _entries[documentHash].use;
        return
            Evidence({
                amount: uint96(word.amount()), // as it is stored
                drawn: uint96(use.drawn()),
                currency: word.currency(),
                documentType: use.documentType(),
                status: word.status(),
                uses: use.uses()
            });
    }

    /// @inheritdoc IEvidenceLedger
    function firstUser(bytes32 documentHash) external view returns (bytes16) {
        return _entries[documentHash].use.firstUser();
    }

    // ---------------------------------------------------------------------------- internal: the notary's word

    function _processMessage(address, bytes32, bytes calldata, bytes calldata payload) internal override {
        uint8 kind = EvidenceMessages.kindOf(payload);
        if (kind == EvidenceMessages.EVIDENCE) {
            ProvenDocument[] memory documents = EvidenceMessages.readEvidence(payload);
            for (uint256 i = 0; i < documents.length; ++i) _register(documents[i]);
        } else if (kind == EvidenceMessages.WITHDRAWN) {
            _withdraw(EvidenceMessages.readWithdrawn(payload));
        } else {
            revert EvidenceMessages.EvidenceMessages_UnknownKind(kind);
        }
    }

    function _register(ProvenDocument memory proven) private {
        Entry storage entry = _entries[proven.documentHash];
        EvidenceWord word = entry.word;
        bytes16 parties = _partiesOf(proven.debtor, proven.creditor);
        if (word.parties() != 0) {
            bool same = word.hasValue(proven, parties) && entry.use.documentType() == proven.documentType;
            require(same, EvidenceLedger_Contradiction(proven.documentHash));
            return;
        }
        if (word.status() == Status.Unknown) word = word.withStatus(Status.Valid);
        entry.word = word.withValue(proven, parties);
        entry.use = EvidenceUses.ofType(proven.documentType);
        emit EvidenceRegistered(
            proven.documentHash,
            proven.documentType,
            proven.currency,
            proven.amount,
            proven.debtor,
            proven.creditor
        );
    }

    function _withdraw(bytes32 documentHash) private {
        Entry storage entry = _entries[documentHash];
        EvidenceWord word = entry.word;
        if (word.status() == Status.Withdrawn) return;
        entry.word = word.withStatus(Status.Withdrawn);
        emit EvidenceWithdrawn(documentHash);
    }

    // -------------------------------------------------------------------------------------- internal: verdicts

    /// @dev Everything is looked at before anything is written.
    function _tryDraw(Claim calldata claim) private returns (uint256 reasons) {
        ICorridors.Passage memory passage;
        uint16[] memory types;
        (passage, types, reasons) = _examine(claim);
        if (reasons == 0) reasons = corridors.pass(passage, types);
        else reasons |= corridors.assess(passage, types);
        emit ForexVerdict(claim.claimId, claim.payer, claim.payee, claim.currency, claim.amount, reasons);
        if (reasons == 0) _draw(claim);
    }

    function _draw(Claim calldata claim) private {
        bytes32[] calldata documents = claim.documents;
        bytes32 claimId = claim.claimId;
        uint256 amount = claim.amount;
        for (uint256 i = 0; i < documents.length; ++i) {
            bytes32 documentHash = documents[i];
            Entry storage entry = _entries[documentHash];
            EvidenceUse use = entry.use.draw(amount, claimId);
            entry.use = use;
            emit EvidenceDrawn(documentHash, claimId, amount, _left(entry.word, use));
        }
    }

    function _requirePassed(Claim calldata claim, uint256 reasons) private view {
        if (reasons & ForexReasons.EVIDENCE_EXHAUSTED != 0) _revertExhausted(claim);
        require(reasons == 0, EvidenceLedger_Refused(claim.claimId, reasons));
    }

    function _examine(
        Claim calldata claim
    ) private view returns (ICorridors.Passage memory passage, uint16[] memory types, uint256 reasons) {
        (Lei payer, bytes2 from, bool payerActive) = _entityOf(claim.payer);
        (Lei payee, bytes2 to, bool payeeActive) = _entityOf(claim.payee);
        passage = ICorridors.Passage(claim.claimId, payer, from, to, claim.currency, claim.amount);
        (types, reasons) = _examineDocuments(claim, _partiesOf(payer, payee));
        if (!payerActive) reasons |= ForexReasons.PAYER_NOT_ACTIVE;
        if (!payeeActive) reasons |= ForexReasons.PAYEE_NOT_ACTIVE;
        if (claim.amount == 0) reasons |= ForexReasons.NO_AMOUNT;
    }

    function _examineDocuments(
        Claim calldata claim,
        bytes16 parties
    ) private view returns (uint16[] memory types, uint256 reasons) {
        bytes32[] calldata documents = claim.documents;
        uint256 count = documents.length;
        require(count <= MAX_DOCUMENTS, EvidenceLedger_TooManyDocuments(count));
        if (count == 0) reasons = ForexReasons.NO_EVIDENCE;
        types = new uint16[](count);
        for (uint256 i = 0; i < count; ++i) {
            bytes32 documentHash = documents[i];
            for (uint256 j = 0; j < i; ++j) {
                if (documents[j] == documentHash) reasons |= ForexReasons.EVIDENCE_REPEATED;
            }
            Entry storage entry = _entries[documentHash];
            EvidenceUse use = entry.use;
            types[i] = use.documentType();
            reasons |= _reasonsAgainst(entry.word, use, claim, parties);
        }
    }

    function _reasonsAgainst(
        EvidenceWord word,
        EvidenceUse use,
        Claim calldata claim,
        bytes16 parties
    ) private pure returns (uint256 reasons) {
        Status status = word.status();
        if (status == Status.Unknown) return ForexReasons.EVIDENCE_UNKNOWN;
        if (status == Status.Withdrawn) return ForexReasons.EVIDENCE_WITHDRAWN;
        if (claim.amount > _left(word, use)) reasons |= ForexReasons.EVIDENCE_EXHAUSTED;
        if (claim.currency != word.currency()) reasons |= ForexReasons.EVIDENCE_CURRENCY;
        if (word.parties() != parties) reasons |= ForexReasons.EVIDENCE_PARTIES;
    }

    function _revertExhausted(Claim calldata claim) private view {
        for (uint256 i = 0; i < claim.documents.length; ++i) {
            bytes32 documentHash = claim.documents[i];
            EvidenceWord word = _entries[documentHash].word;
            EvidenceUse use = _entries[documentHash].use;
            uint256 left = _left(word, use);
            if (word.status() == Status.Valid && claim.amount > left) {
                revert EvidenceLedger_Exhausted(documentHash, left, claim.amount, use.firstUser());
            }
        }
    }

    function _entityOf(address account) private view returns (Lei lei, bytes2 country, bool active) {
        IParticipants.Status status;
        (lei, country, status) = participants.standingOf(account);
        active = status == IParticipants.Status.Active;
    }

    function _left(EvidenceWord word, EvidenceUse use) private pure returns (uint256) {
        return word.amount() - use.drawn(); // never more is drawn
    }

    /// @dev Half a hash is enough: both entities are known to the registrar, so nobody can try out many.
    function _partiesOf(Lei debtor, Lei creditor) private pure returns (bytes16) {
        return bytes16(keccak256(bytes.concat(Lei.unwrap(debtor), Lei.unwrap(creditor))));
    }

    function _commitment(uint256 amount, bytes32[] calldata documents) private pure returns (bytes32) {
        return keccak256(abi.encode(amount, documents));
    }
}
