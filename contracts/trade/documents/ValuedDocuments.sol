// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IDocumentRegistry} from "./IDocumentRegistry.sol";
import {ProvenDocument} from "./ProvenDocument.sol";

/// @title What a document is to the finance chain
library ValuedDocuments {
    /// @return proven Its amount is zero when the document was registered without a value.
    function read(
        IDocumentRegistry registry,
        bytes32 documentHash
    ) internal view returns (ProvenDocument memory proven) {
        IDocumentRegistry.Value memory value = registry.valueOf(documentHash);
        return
            ProvenDocument({
                documentHash: documentHash,
                documentType: registry.document(documentHash).documentType,
                currency: value.currency,
                amount: value.amount,
                debtor: value.debtor,
                creditor: value.creditor
            });
    }

    /// @notice Those of the documents that have a value, each once: a milestone may require one document twice.
    function collect(
        IDocumentRegistry registry,
        bytes32[] memory documentHashes
    ) internal view returns (ProvenDocument[] memory documents) {
        documents = new ProvenDocument[](documentHashes.length);
        uint256 count = 0;
        for (uint256 i = 0; i < documentHashes.length; ++i) {
            ProvenDocument memory proven = read(registry, documentHashes[i]);
            if (proven.amount > 0 && !_contains(documents, count, proven.documentHash)) documents[count++] = proven;
        }
        assembly ("memory-safe") {
            mstore(documents, count) // at most the length it had
        }
    }

    function _contains(
        ProvenDocument[] memory documents,
        uint256 count,
        bytes32 documentHash
    ) private pure returns (bool) {
        for (uint256 i = 0; i < count; ++i) if (documents[i].documentHash == documentHash) return true;
        return false;
    }
}
