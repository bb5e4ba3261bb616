// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {TradeId} from "./TradeId.sol";

/// @notice Is told when a document becomes active. The trade book is one.
interface IDocumentObserver {
    /// @dev Only the registry may call. Must not revert for a trade that it does not know.
    function documentAnchored(TradeId tradeId, uint16 documentType, address issuer) external;
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
    /// @param amended Whether the issuer has withdrawn or replaced an earlier document for the same trade and type.
    struct Document {
        address issuer;
        uint40 anchoredAt;
        uint16 documentType;
        Status status;
        bool amended;
    }

    event IssuerAccredited(address indexed issuer, uint16 indexed documentType, bool accredited);
    event DocumentAnchored(
        bytes32 indexed documentHash,
        TradeId indexed tradeId,
        address indexed issuer,
        uint16 documentType
    );
    event DocumentSuperseded(bytes32 indexed documentHash, bytes32 indexed replacement);
    event DocumentRevoked(bytes32 indexed documentHash);
    event ObserverSet(IDocumentObserver observer);

    error DocumentRegistry_NotAccredited(address issuer, uint16 documentType);
    /// @dev The hash is registered already, by whomever and whatever became of it.
    error DocumentRegistry_AlreadyAnchored(bytes32 documentHash);
    error DocumentRegistry_EmptyHash();
    /// @dev The issuer has an active document of this type for this trade: supersede or revoke it first.
    error DocumentRegistry_ActiveDocumentExists(bytes32 documentHash);
    error DocumentRegistry_NotIssuer(bytes32 documentHash, address caller);
    error DocumentRegistry_NotActive(bytes32 documentHash, Status status);
    error DocumentRegistry_ObserverAlreadySet(IDocumentObserver observer);

    /// @notice Registers a document for a trade. Only an active participant who is accredited for the type.
    /// @param documentHash Hash of the canonical document, not zero, never seen before.
    /// @param documentType UNTDID 1001 code.
    /// @param tradeId The trade it belongs to; zero when to none.
    function anchor(bytes32 documentHash, uint16 documentType, TradeId tradeId) external;

    /// @notice Replaces an active document by a new one of the same type for the same trade. Only its issuer.
    function supersede(bytes32 documentHash, bytes32 replacement) external;

    /// @notice Declares that an active document no longer stands. Only its issuer.
    function revoke(bytes32 documentHash) external;

    /// @notice Says whether an account may issue a type of document. Only ACCREDITOR.
    function setAccreditation(address issuer, uint16 documentType, bool accredited) external;

    /// @notice Names the contract that is told of every new document, once. Only OPERATOR.
    function setObserver(IDocumentObserver observer) external;

    function document(bytes32 documentHash) external view returns (Document memory);

    function tradeOf(bytes32 documentHash) external view returns (TradeId);

    /// @notice The document that took another's place; zero when none did.
    function replacementOf(bytes32 documentHash) external view returns (bytes32);

    /// @notice The latest document of a type that an issuer registered for a trade; zero when none.
    function latest(TradeId tradeId, uint16 documentType, address issuer) external view returns (bytes32);

    function isAccredited(address issuer, uint16 documentType) external view returns (bool);
}
