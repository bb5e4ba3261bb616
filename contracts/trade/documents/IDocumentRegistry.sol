// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Lei} from "../../access/IParticipants.sol";
import {TradeId} from "../sales/TradeId.sol";

/// @notice Is told what becomes of documents that belong to a trade or have a value: the trade book, and what reports them to the
/// finance chain. Of all others, and of batches, it hears nothing.
/// @dev Only the registry may call. An observer that reverts keeps documents from being registered or ended.
interface IDocumentObserver {
    /// @notice A document is active from now on.
    /// @dev `tradeId` is zero, or may be that of a trade which nobody knows.
    function documentAnchored(bytes32 documentHash, TradeId tradeId) external;

    /// @notice A document was revoked or superseded.
    function documentEnded(bytes32 documentHash) external;
}

/// @title The hashes of trade documents, and whether they still stand
/// @notice A hash is that of the document in canonical JSON (RFC 8785). Types are UN/EDIFACT code list 1001 (UNTDID 1001):
/// 380 commercial invoice, 705 bill of lading, 830 goods declaration for exportation.
interface IDocumentRegistry {
    enum Status {
        Unknown,
        Active,
        Superseded,
        Revoked
    }

    /// @notice One storage slot, so that one storage proof shows a document.
    /// @dev From the right: issuer 160 bits, anchoredAt 40, documentType 16, status 8, amended 8.
    /// @param amended Whether the issuer has withdrawn or replaced an earlier document for the same trade and type.
    struct Document {
        address issuer;
        uint40 anchoredAt;
        uint16 documentType;
        Status status;
        bool amended;
    }

    /// @notice What a document is worth, and between whom.
    /// @param currency ISO 4217.
    /// @param creditor Who is owed by it (exporter), `debtor` who owes (importer).
    /// @param amount In millionths of the currency unit.
    struct Value {
        bytes3 currency;
        Lei creditor;
        Lei debtor;
        uint96 amount;
    }

    event IssuerAccredited(address indexed issuer, uint16 indexed documentType, bool accredited);
    event DocumentAnchored(
        bytes32 indexed documentHash,
        TradeId indexed tradeId,
        address indexed issuer,
        uint16 documentType
    );
    event DocumentValued(bytes32 indexed documentHash, Value value);
    event DocumentSuperseded(bytes32 indexed documentHash, bytes32 indexed replacement);
    event DocumentRevoked(bytes32 indexed documentHash);
    event ObserverAdded(IDocumentObserver observer);

    error DocumentRegistry_NotAccredited(address issuer, uint16 documentType);
    /// @dev The hash is registered already, by whomever and whatever became of it.
    error DocumentRegistry_AlreadyAnchored(bytes32 documentHash);
    error DocumentRegistry_EmptyHash();
    /// @dev The issuer has an active document of this type for this trade: supersede or revoke it first.
    error DocumentRegistry_ActiveDocumentExists(bytes32 documentHash);
    error DocumentRegistry_NotIssuer(bytes32 documentHash, address caller);
    error DocumentRegistry_NotActive(bytes32 documentHash, Status status);
    /// @dev No amount, no currency of three capital letters, or not two parties.
    error DocumentRegistry_InvalidValue(Value value);
    error DocumentRegistry_ObserverKnown(IDocumentObserver observer);
    /// @dev Four at most, and none is ever removed.
    error DocumentRegistry_TooManyObservers(uint256 count);

    /// @notice Registers a document for a trade. Only an active participant who is accredited for the type.
    /// @param documentHash Hash of the canonical document, not zero, never seen before.
    /// @param documentType UNTDID 1001 code.
    /// @param tradeId The trade it belongs to; zero when to none.
    function anchor(bytes32 documentHash, uint16 documentType, TradeId tradeId) external;

    /// @notice The same with what the document is worth, for good: a payment can be drawn on it on the finance chain.
    function anchorValued(bytes32 documentHash, uint16 documentType, TradeId tradeId, Value calldata value) external;

    /// @notice Replaces an active document by a new one of the same type for the same trade. Only its issuer.
    function supersede(bytes32 documentHash, bytes32 replacement) external;

    /// @notice The same with what the replacement is worth. What was drawn on the first one does not follow it: the issuer
    /// states the value that may still be drawn.
    function supersedeValued(bytes32 documentHash, bytes32 replacement, Value calldata value) external;

    /// @notice Declares that an active document no longer stands. Only its issuer.
    function revoke(bytes32 documentHash) external;

    /// @notice Says whether an account may issue a type of document. Only ACCREDITOR.
    function setAccreditation(address issuer, uint16 documentType, bool accredited) external;

    /// @notice Adds a contract that is told of documents with a trade or a value from now on. Only OPERATOR.
    function addObserver(IDocumentObserver observer) external;

    function observers() external view returns (IDocumentObserver[] memory);

    function document(bytes32 documentHash) external view returns (Document memory);

    function tradeOf(bytes32 documentHash) external view returns (TradeId);

    /// @notice What a document is worth; all zero when it was registered without a value.
    function valueOf(bytes32 documentHash) external view returns (Value memory);

    /// @notice The document that took another's place; zero when none did.
    function replacementOf(bytes32 documentHash) external view returns (bytes32);

    /// @notice The latest document of a type that an issuer registered for a trade; zero when none, and for no trade.
    function latest(TradeId tradeId, uint16 documentType, address issuer) external view returns (bytes32);

    /// @notice Whether a document is active, its issuer too, and still accredited for its type.
    function stands(bytes32 documentHash) external view returns (bool);

    function isAccredited(address issuer, uint16 documentType) external view returns (bool);
}
