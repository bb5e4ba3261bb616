// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IDocumentObserver} from "./IDocumentRegistry.sol";

/// @title What the finance chain hears of documents with an amount
/// @notice A document that belongs to no trade is reported when it is registered; one that belongs to a trade goes with
/// the milestone that it releases, and can be presented before. That it was revoked or superseded is always reported.
interface IEvidenceNotary is IDocumentObserver {
    event EvidenceReported(bytes32[] documentHashes);
    event WithdrawalReported(bytes32 indexed documentHash);

    error EvidenceNotary_NotRegistry(address caller);
    /// @dev None, or more than sixteen.
    error EvidenceNotary_InvalidCount(uint256 count);
    /// @dev Unknown, revoked, superseded, or its issuer is suspended or no longer accredited.
    error EvidenceNotary_DoesNotStand(bytes32 documentHash);
    error EvidenceNotary_NoValue(bytes32 documentHash);
    /// @dev A message that fails on the other chain is kept there, so there is no need to send it again.
    error EvidenceNotary_AlreadyReported(bytes32 documentHash);

    /// @notice Reports documents in one message; the finance chain leaves known ones as they are. Only an active participant,
    /// whoever the documents are of.
    /// @param documentHashes One to sixteen that were not reported before: a message costs somebody its delivery.
    function present(bytes32[] calldata documentHashes) external;

    /// @notice Whether a document was reported by this contract. What a milestone carried does not count.
    function isReported(bytes32 documentHash) external view returns (bool);
}
