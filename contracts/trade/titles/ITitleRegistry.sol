// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title Electronic bills of lading that are titles
/// @notice Control (possession) and ownership apart, each change recorded. Terms of the UNCITRAL Model Law on Electronic
/// Transferable Records (MLETR) and of DCSA's transfer chain (PINT, action codes).
interface ITitleRegistry {
    /// @notice Where a title stands. Only an active one can be acted on by its holder.
    /// @dev `Locked`: offered against payment, and only the contract that locked it can move it. `Surrendered…`: waits for the
    /// issuer's answer. The last four are final.
    enum Status {
        Unknown,
        Active,
        Locked,
        SurrenderedForDelivery,
        SurrenderedForAmendment,
        SurrenderedForPaper,
        Delivered,
        Amended,
        Paper,
        Void
    }

    /// @param holder Who has control (MLETR article 11).
    /// @param status See {Status}.
    /// @param lastBlock Block of the newest entry of the title's chain; that entry names the block of the one before.
    /// @param entries How many entries the chain has.
    /// @param frozen Whether a court's order holds it.
    /// @param pledged Whether a lender's pledge holds it.
    /// @param owner To whose order it is; zero when it was endorsed in blank, and then who holds it owns it.
    /// @param issuer The carrier, who alone delivers, amends, or turns it into paper.
    struct Title {
        address holder;
        Status status;
        uint40 lastBlock;
        uint32 entries;
        bool frozen;
        bool pledged;
        address owner;
        address issuer;
    }

    function title(bytes32 titleId) external view returns (Title memory);

    // --------------------------------------------------------------------------------------- for products (offers)

    /// @notice Locks an active title, neither frozen nor pledged, whose holder and owner `seller` is (or holder, if blank). Only products.
    function lock(bytes32 titleId, address seller) external;

    /// @notice Gives a title that the caller locked back to its holder. Only the product that locked it. Works on a frozen one:
    /// nothing moves.
    function unlock(bytes32 titleId) external;

    /// @notice Hands control and ownership of a title that the caller locked to `to`, and unlocks it. Only the product that locked it.
    /// @dev Reverts while a court's order holds the title.
    function deliverLocked(bytes32 titleId, address to) external;
}
