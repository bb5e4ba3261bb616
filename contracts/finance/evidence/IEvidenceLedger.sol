// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Lei} from "../../access/IParticipants.sol";
import {ProvenDocument} from "../../trade/documents/ProvenDocument.sol";

/// @title What every proven document is still good for
/// @notice A document that was proven from the trade chain enters with its amount and currency. Every payment, and every
/// financing, draws on it; together they never draw more than its amount, whichever product they belong to.
interface IEvidenceLedger {
    enum Status {
        Unknown,
        Valid,
        Withdrawn
    }

    /// @param amount In millionths of the currency unit.
    /// @param drawn Of it, by all products together.
    /// @param documentType UNTDID 1001 code.
    /// @param status A document can be withdrawn before it is known: then it has no amount yet, and never becomes valid.
    /// @param uses How many draws there were, given back or not. Stops at 65,535.
    struct Evidence {
        uint96 amount;
        uint96 drawn;
        bytes3 currency;
        uint16 documentType;
        Status status;
        uint16 uses;
    }

    /// @notice A payment that asks for a verdict.
    /// @param claimId What the product calls it, unique for the product, best in its first half: the first user of a document is
    /// named by that.
    /// @param currency Of the payee's coin.
    /// @param amount In millionths of the currency unit; not zero.
    /// @param documents Hashes, each at most once; the whole amount is drawn on each of them.
    struct Claim {
        bytes32 claimId;
        address payer;
        address payee;
        bytes3 currency;
        uint256 amount;
        bytes32[] documents;
    }

    event EvidenceRegistered(
        bytes32 indexed documentHash,
        uint16 indexed documentType,
        bytes3 currency,
        uint256 amount,
        Lei debtor,
        Lei creditor
    );
    event EvidenceWithdrawn(bytes32 indexed documentHash);
    event EvidenceDrawn(bytes32 indexed documentHash, bytes32 indexed claimId, uint256 amount, uint256 left);
    event EvidenceRestored(bytes32 indexed documentHash, bytes32 indexed claimId, uint256 amount, uint256 left);
    /// @notice The verdict on a payment, in the payment's own transaction. Zero reasons: approved.
    event ForexVerdict(
        bytes32 indexed claimId,
        address indexed payer,
        address indexed payee,
        bytes3 currency,
        uint256 amount,
        uint256 reasons
    );

    /// @dev The payment may not be made; `reasons` are bits of `ForexReasons`.
    error EvidenceLedger_Refused(bytes32 claimId, uint256 reasons);
    /// @dev Less is left of a document than the payment needs; `firstUser` is the first half of the reference that
    /// drew first; the others are in {EvidenceDrawn}, by the document. Zero: nobody has drawn.
    error EvidenceLedger_Exhausted(bytes32 documentHash, uint256 left, uint256 needed, bytes16 firstUser);
    /// @dev The same hash was proven with another amount, currency, type or parties.
    error EvidenceLedger_Contradiction(bytes32 documentHash);
    /// @dev At most sixteen documents support one payment.
    error EvidenceLedger_TooManyDocuments(uint256 count);
    /// @dev The calling product has drawn under this reference before, by {draw}, and not given it back.
    error EvidenceLedger_AlreadyDrawn(bytes32 claimId);
    /// @dev The calling product has not drawn, by {draw}, just this amount on just these documents under this reference, or has given it
    /// back already.
    error EvidenceLedger_NothingDrawn(bytes32 claimId);

    /// @notice Enters documents that a product has from a proven message. Known ones are left as they are, and one that was
    /// withdrawn before stays so. Only products.
    function register(ProvenDocument[] calldata documents) external;

    /// @notice The reasons against a payment, as of now; zero when {draw} would pass.
    function assess(Claim calldata claim) external view returns (uint256 reasons);

    /// @notice Draws the amount on every document and counts it in the corridor, or reverts: with `EvidenceLedger_Exhausted` when
    /// a document has less left, else with all reasons. Only products.
    function draw(Claim calldata claim) external;

    /// @notice The same for a payment that is never taken back: it cannot be restored, and costs a slot less. The product answers
    /// for its claim being made once.
    function drawForGood(Claim calldata claim) external;

    /// @notice As {drawForGood}, without reverting for what the verdict says: nothing is drawn unless the reasons are zero.
    function tryDraw(Claim calldata claim) external returns (uint256 reasons);

    /// @notice Gives back what a cancelled payment has drawn, on the documents in the order of the claim. Only the product that
    /// drew it. The corridor's count of the day, and the first user, stay.
    function restore(bytes32 claimId, uint256 amount, bytes32[] calldata documents) external;

    function evidence(bytes32 documentHash) external view returns (Evidence memory);

    /// @notice First half of the reference that drew on a document first, even if it has given it back since; zero if none has.
    function firstUser(bytes32 documentHash) external view returns (bytes16);
}
