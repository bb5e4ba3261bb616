// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title One live claim per thing
/// @notice Invoices, warehouse receipts, equipment, data and titles, by a fingerprint of what makes them the thing they are. Whoever
/// finances, issues or sells one claims it here first; a second claim on the same thing is refused as long as the first one lives.
/// A fingerprint is a keyed hash of normalised fields (see `src/claims/`): who has not the consortium's key can neither guess nor
/// test one. That a fingerprint is that of the thing is the claimant's word, which whoever has the key and the document can check.
/// Titles are claimed by their content hash, which is salted, apart from all other things.
interface IClaimRegistry {
    enum Kind {
        Unknown,
        Invoice,
        WarehouseReceipt,
        Equipment,
        DataAsset,
        Title
    }

    /// @param claimant Who claimed it, and who alone can release it.
    /// @param since Unix seconds.
    /// @param claimReference What the claimant calls it: of a financing, of an asset, of a title's registry.
    struct Claim {
        address claimant;
        Kind kind;
        uint40 since;
        bytes32 claimReference;
    }

    /// @notice What a thing is known by under a key. One key is current; claims made under the former one live on until they are
    /// released or moved, so a claimant says what the thing was known by then, too.
    /// @param keyId The current key's.
    /// @param exact Of the thing, under the current key; not zero.
    /// @param near Of what a thing that was slightly altered still shares with it; zero for none.
    /// @param formerExact Under the former key: not zero while claims live under it.
    /// @param formerNear Under the former key; zero for none.
    struct Fingerprints {
        uint16 keyId;
        bytes32 exact;
        bytes32 near;
        bytes32 formerExact;
        bytes32 formerNear;
    }

    struct NearClaim {
        bytes32 fingerprint;
        Claim claim;
    }

    event ClaimRegistered(
        bytes32 indexed fingerprint,
        Kind indexed kind,
        address indexed claimant,
        bytes32 claimReference
    );
    event ClaimReleased(bytes32 indexed fingerprint, address indexed claimant);
    /// @notice A thing was claimed that resembles others which are claimed already: {nearOf} says which.
    /// @param near The near fingerprint they share with it.
    /// @param live How many there are, the new one not counted.
    event NearDuplicateFound(bytes32 indexed fingerprint, bytes32 indexed near, uint256 live);
    event ClaimMoved(bytes32 indexed formerFingerprint, bytes32 indexed fingerprint);
    /// @param grounds Hash of the decision by which the registrar did it.
    event ClaimLifted(bytes32 indexed fingerprint, address indexed claimant, bytes32 grounds);
    event ClaimantSet(address indexed account, Kind indexed kind, bool allowed);
    event KeyRotated(uint16 indexed keyId);

    /// @dev The thing is claimed already, and by whom; nothing is written.
    error ClaimRegistry_AlreadyClaimed(bytes32 fingerprint, address claimant, bytes32 claimReference);
    error ClaimRegistry_NotClaimed(bytes32 fingerprint);
    error ClaimRegistry_NotClaimant(bytes32 fingerprint, address caller);
    /// @dev Titles and unknown kinds are nobody's to register.
    error ClaimRegistry_NotAllowed(address account, Kind kind);
    error ClaimRegistry_InvalidKind(Kind kind);
    error ClaimRegistry_EmptyFingerprint();
    error ClaimRegistry_EmptyReference();
    error ClaimRegistry_WrongKey(uint16 keyId, uint16 current);
    /// @dev The thing may be claimed under the former key, and the caller does not say what it was known by.
    error ClaimRegistry_FormerFingerprintMissing(uint16 formerKeyId);
    /// @dev The claim was made under the current key.
    error ClaimRegistry_NotUnderFormerKey(bytes32 fingerprint, uint16 keyId);
    /// @dev Claims live under the former key, which would be forgotten.
    error ClaimRegistry_FormerKeyInUse(uint16 formerKeyId, uint256 live);
    /// @dev Whoever can act releases their claims themselves.
    error ClaimRegistry_ClaimantActive(bytes32 fingerprint, address claimant);
    error ClaimRegistry_InvalidPage(uint256 count);

    // ------------------------------------------------------------------------------------------- for participants

    /// @notice Claims a thing. Only an active participant whom ACCREDITOR allowed for the kind.
    /// @param claimReference What the claimant calls the claim, not zero: whoever comes second is told.
    /// @return nearDuplicates How many live claims share a near fingerprint with it. They are no reason to refuse: instalments
    /// and regular deliveries look like this, too.
    function register(
        Kind kind,
        Fingerprints calldata thing,
        bytes32 claimReference
    ) external returns (uint256 nearDuplicates);

    /// @notice Ends a claim: the thing can be claimed again. Only its claimant, while active, even if no longer allowed.
    function release(bytes32 fingerprint) external;

    /// @notice Moves a claim that was made under the former key to the current one. Only its claimant.
    /// @param thing `formerExact` is the claim's fingerprint, `exact` and `near` the new ones; `formerNear` is not looked at.
    function move(Fingerprints calldata thing) external;

    // ------------------------------------------------------------------------------------------ for administrators

    /// @notice Says whether an account may claim things of a kind. Only ACCREDITOR.
    function setClaimant(address account, Kind kind, bool allowed) external;

    /// @notice Makes the next key the current one; its number is the next. Only VALIDATOR_ADMIN, after a delay in which every claimant
    /// gets the key, and only when nothing is claimed under the former one, so that a thing never has more than two fingerprints.
    function rotateKey() external;

    /// @notice Ends the claim of an account that is suspended or belongs to no entity any more. Only REGISTRAR.
    /// @param grounds Hash of the decision.
    function lift(bytes32 fingerprint, bytes32 grounds) external;

    // ----------------------------------------------------------------------------------------------- for products

    /// @notice Claims a title for the registry that keeps it. Only products.
    /// @param contentHash What the title commits to; one title for one content, in whatever registry.
    /// @param registry The contract that keeps the title. Claimed for the same one again, by whichever other product, nothing changes:
    /// the claim stays the first product's. A registry that claims for itself does so once.
    function claimTitle(bytes32 contentHash, address registry) external;

    /// @notice Ends the claim on a title that is no more. Only the product that made it.
    function releaseTitle(bytes32 contentHash) external;

    // --------------------------------------------------------------------------------------------------- reading

    /// @notice The live claim on a thing that is no title; all zero when there is none.
    /// @dev One storage proof shows it: slot keccak256(fingerprint ‖ 2), from the right claimant 160 bits, kind 8, since 40,
    /// keyId 16, and 32 that are the registry's own. The reference is in the next slot.
    function claimOn(bytes32 fingerprint) external view returns (Claim memory);

    /// @notice The live claim on a title; all zero when there is none. Its reference is the registry's address.
    /// @dev Slot keccak256(contentHash ‖ 3), laid out as that of {claimOn}; the next slot is empty when the claimant is the registry.
    function titleClaimOn(bytes32 contentHash) external view returns (Claim memory);

    /// @notice The live claims that share a near fingerprint, in pages and no order.
    /// @param start The first one, from zero.
    /// @param count At most 64.
    /// @return page Those from `start`, fewer than `count` at the end.
    /// @return live How many there are in all.
    function nearOf(
        bytes32 near,
        uint256 start,
        uint256 count
    ) external view returns (NearClaim[] memory page, uint256 live);

    function mayClaim(address account, Kind kind) external view returns (bool);

    /// @notice The current key's number, from 1.
    function currentKey() external view returns (uint16);

    /// @notice How many claims live that were made under a key; titles are under none.
    function liveUnder(uint16 keyId) external view returns (uint256);
}
