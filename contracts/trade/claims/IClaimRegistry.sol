// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title One live claim per thing
/// @notice Invoices, warehouse receipts, equipment, data and titles, by a fingerprint of what makes them the thing they are. Whoever
/// finances, issues or sells one claims it here first; a second claim on the same thing is refused as long as the first one lives.
/// A fingerprint is a keyed hash of normalised fields (see `src/claims/`): who has not the consortium's key can neither guess nor
/// test one. That of a title is its content hash, which is salted.
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

    event ClaimRegistered(
        bytes32 indexed fingerprint,
        Kind indexed kind,
        address indexed claimant,
        bytes32 claimReference
    );
    event ClaimReleased(bytes32 indexed fingerprint, address indexed claimant);

    /// @dev The thing is claimed already, and by whom; nothing is written.
    error ClaimRegistry_AlreadyClaimed(bytes32 fingerprint, address claimant, bytes32 claimReference);
    error ClaimRegistry_NotClaimed(bytes32 fingerprint);
    error ClaimRegistry_NotClaimant(bytes32 fingerprint, address caller);

    /// @notice Claims a title for the registry that keeps it. Only products.
    /// @param contentHash What the title commits to; one title for one content, in whatever registry.
    /// @param registry The contract that keeps the title. The same one may claim it again, which changes nothing.
    function claimTitle(bytes32 contentHash, address registry) external;

    /// @notice Ends the claim on a title that is no more. Only the product that made it.
    function releaseTitle(bytes32 contentHash) external;

    /// @notice The live claim on a thing; all zero when there is none.
    function claimOn(bytes32 fingerprint) external view returns (Claim memory);
}
