// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IClaimRegistry} from "../../trade/claims/IClaimRegistry.sol";
import {TitleCondition} from "../../trade/sales/TitleCondition.sol";
import {TradeId} from "../../trade/sales/TradeId.sol";
import {ITitleRegistry} from "../../trade/titles/ITitleRegistry.sol";

/// @title What is true of titles and claims on the trade chain
/// @notice Shown by storage proofs under one header that the gateway's light client accepts. What is shown was so at the end of that
/// block; how old a block may be is for the caller to say.
interface ITitleFacts {
    /// @notice Shows who has a title of a TradeTrust v5 registry, and which trade keeps it.
    /// @dev The first two as in a {HeadProof}; proofs are those of `eth_getProof` at that block.
    /// @param registryProof Account proof of the title registry.
    /// @param ownerProof Storage proof of the token's owner in it.
    /// @param escrowProof Account proof of that owner, the title escrow.
    /// @param slotProofs Storage proofs of the title escrow's slots 0 to 6, in that order.
    /// @param tradeBookProof Account proof of the trade book.
    /// @param keptProof Storage proof of `tradeOfTitle` in it; see `ForeignTitles`.
    struct TitleProof {
        bytes header;
        bytes seal;
        bytes[] registryProof;
        bytes[] ownerProof;
        bytes[] escrowProof;
        bytes[][] slotProofs;
        bytes[] tradeBookProof;
        bytes[] keptProof;
    }

    /// @notice Shows slots of one contract.
    /// @param accountProof Account proof of the contract.
    /// @param slotProofs Storage proofs of its slots, in the order that the function names.
    struct FactProof {
        bytes header;
        bytes seal;
        bytes[] accountProof;
        bytes[][] slotProofs;
    }

    /// @notice A title of our own registry; see {ITitleRegistry-Title}.
    struct TitleFact {
        address holder;
        ITitleRegistry.Status status;
        ITitleRegistry.Form form;
        bool pledged;
        bool frozen;
        address owner;
        address issuer;
    }

    event TitleRegistryLinked(address indexed titleRegistry);
    event ClaimRegistryLinked(address indexed claimRegistry);
    event TradeBookLinked(address indexed tradeBook);

    /// @dev Named once and for all.
    error TitleFacts_AlreadyLinked(address linked);
    error TitleFacts_NotLinked();
    /// @dev The registry has it itself (surrendered), or nobody will again (accepted and burnt).
    error TitleFacts_NotInEscrow(address registry, uint256 tokenId, address owner);
    /// @dev The owner says that it keeps another title.
    error TitleFacts_NotItsEscrow(address escrow, address registry, uint256 tokenId);
    error TitleFacts_WrongBeneficiary(address expected, address beneficiary);
    error TitleFacts_WrongHolder(address expected, address holder);
    /// @dev Whoever has the title now has not acted on it, and can still send it back to these.
    error TitleFacts_StillRejectable(address previousBeneficiary, address previousHolder);
    error TitleFacts_Inactive(address escrow);
    /// @dev Another trade kept it then, or none (zero). `TradeBook.keepTitle` keeps it while the seller has it: before it is delivered,
    /// or once it is back.
    error TitleFacts_NotKept(address registry, uint256 tokenId, TradeId keptFor);
    error TitleFacts_WrongProofCount(uint256 count);

    /// @notice Returns when an active title was where the condition says, so that no transfer of it could be rejected any more, and was
    /// kept for that trade: one trade at a time keeps a title, and only one whose seller had it.
    /// @param tradeId That keeps the title; zero shows that none does.
    /// @return shownAt Time of the block that shows it, by the trade chain's clock, in Unix seconds.
    /// @dev Reverts with an error from above, of `StateProof`, of the light client, or, when the lane is paused or not linked, of the
    /// gateway. Open to anyone.
    function requireDelivered(
        TitleCondition calldata condition,
        TradeId tradeId,
        TitleProof calldata proof
    ) external returns (uint256 shownAt);

    /// @notice A title of our own registry at the end of a block; `Unknown` when there is none.
    /// @param proof Of three slots of the title's record: head, owner, issuer.
    function titleOf(
        bytes32 titleId,
        FactProof calldata proof
    ) external returns (TitleFact memory fact, uint256 shownAt);

    /// @notice The pledge on a title of our own registry at the end of a block; all zero when there is none.
    /// @param proof Of one slot: the title's pledge. A pledged title is an active one.
    function pledgeOf(
        bytes32 titleId,
        FactProof calldata proof
    ) external returns (ITitleRegistry.Pledge memory pledge, uint256 shownAt);

    /// @notice The claim on a thing, no title, at the end of a block; all zero when there is none.
    /// @param proof Of two slots of the claim: the first, and its reference.
    function claimOn(
        bytes32 fingerprint,
        FactProof calldata proof
    ) external returns (IClaimRegistry.Claim memory claim, uint256 shownAt);

    /// @notice Names our own title registry on the trade chain, once. Only OPERATOR.
    function linkTitleRegistry(address registry) external;

    /// @notice Names the claim registry on the trade chain, once. Only OPERATOR.
    function linkClaimRegistry(address registry) external;

    /// @notice Names the trade book on the trade chain, once. Only OPERATOR.
    function linkTradeBook(address book) external;

    function titleRegistry() external view returns (address);

    function claimRegistry() external view returns (address);

    function tradeBook() external view returns (address);
}
