// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {BlockSummary} from "../../bridge/IHeaderVerifier.sol";
import {IGateway, Lane} from "../../bridge/IGateway.sol";
import {StateProof} from "../../bridge/StateProof.sol";
import {IClaimRegistry} from "../../trade/claims/IClaimRegistry.sol";
import {TitleCondition} from "../../trade/sales/TitleCondition.sol";
import {TradeId} from "../../trade/sales/TradeId.sol";
import {ITitleRegistry} from "../../trade/titles/ITitleRegistry.sol";
import {ITitleFacts} from "./ITitleFacts.sol";

/// @title TitleFacts
/// @notice Guarantees that what it returns was so on the trade chain at the end of a block that the gateway's present light client
/// accepts, and that it returns nothing while the lane is paused or the light client frozen. Trusts the light client, OPERATOR for
/// where our own registries and the trade book are, and whoever asks that another title registry is one of TradeTrust v5. Holds nothing.
contract TitleFacts is ITitleFacts, AccessManaged {
    /// @dev Of a registry, whether deployed alone or as a clone: `mapping(uint256 tokenId => address) _owners`.
    uint256 private constant OWNERS_SLOT = 3;

    /// @dev Of a title escrow. The nominee's slot has `active` in byte 20.
    uint256 private constant REGISTRY = 0;
    uint256 private constant TOKEN_ID = 1;
    uint256 private constant BENEFICIARY = 2;
    uint256 private constant HOLDER = 3;
    uint256 private constant PREVIOUS_BENEFICIARY = 4;
    uint256 private constant PREVIOUS_HOLDER = 5;
    uint256 private constant NOMINEE_AND_ACTIVE = 6;
    uint256 private constant SLOTS = 7;

    /// @dev Of our own contracts: titles, pledges, claims, trades that keep titles. The layouts are those that `TitleLedger`,
    /// `IClaimRegistry` and `ForeignTitles` state.
    uint256 private constant TITLES_SLOT = 2;
    uint256 private constant PLEDGES_SLOT = 3;
    uint256 private constant CLAIMS_SLOT = 2;
    uint256 private constant TRADE_OF_TITLE_SLOT = 3;

    uint256 private constant HOLD_PLEDGED = 2;

    /// @dev Where a registry sends what it accepted.
    address private constant BURNT = 0x000000000000000000000000000000000000dEaD;

    IGateway public immutable gateway;
    /// @inheritdoc ITitleFacts
    address public titleRegistry;
    /// @inheritdoc ITitleFacts
    address public claimRegistry;
    /// @inheritdoc ITitleFacts
    address public tradeBook;

    constructor(address initialAuthority, IGateway gateway_) AccessManaged(initialAuthority) {
        gateway = gateway_;
    }

    /// @inheritdoc ITitleFacts
    function requireDelivered(
        TitleCondition calldata condition,
        TradeId tradeId,
        TitleProof calldata proof
    ) external returns (uint256 shownAt) {
        require(proof.slotProofs.length == SLOTS, TitleFacts_WrongProofCount(proof.slotProofs.length));
        BlockSummary memory shown = _accept(proof.header, proof.seal);
        address escrow = _escrowOf(shown.stateRoot, condition, proof);
        _checkEscrow(
            StateProof.storageRootOf(shown.stateRoot, escrow, proof.escrowProof),
            escrow,
            condition,
            proof.slotProofs
        );
        _checkKept(shown.stateRoot, condition, tradeId, proof);
        return shown.timestamp;
    }

    /// @inheritdoc ITitleFacts
    function titleOf(
        bytes32 titleId,
        FactProof calldata proof
    ) external returns (TitleFact memory fact, uint256 shownAt) {
        bytes32 root;
        (root, shownAt) = _rootOf(titleRegistry, 3, proof);
        uint256 slot = _mapped(titleId, TITLES_SLOT);
        uint256 head = _readAt(root, slot, proof.slotProofs[0]);
        fact.holder = _address(head);
        fact.status = ITitleRegistry.Status(uint8(head >> 160));
        fact.form = ITitleRegistry.Form(uint8(head >> 168));
        fact.pledged = uint8(head >> 176) == HOLD_PLEDGED;
        fact.frozen = uint8(head >> 184) != 0;
        fact.owner = _address(_readAt(root, slot + 1, proof.slotProofs[1]));
        fact.issuer = _address(_readAt(root, slot + 2, proof.slotProofs[2]));
    }

    /// @inheritdoc ITitleFacts
    function pledgeOf(
        bytes32 titleId,
        FactProof calldata proof
    ) external returns (ITitleRegistry.Pledge memory pledge, uint256 shownAt) {
        bytes32 root;
        (root, shownAt) = _rootOf(titleRegistry, 1, proof);
        uint256 word = _readAt(root, _mapped(titleId, PLEDGES_SLOT), proof.slotProofs[0]);
        pledge.lender = _address(word);
        pledge.enforceableFrom = uint40(word >> 160);
        pledge.since = uint40(word >> 200);
    }

    /// @inheritdoc ITitleFacts
    function claimOn(
        bytes32 fingerprint,
        FactProof calldata proof
    ) external returns (IClaimRegistry.Claim memory claim, uint256 shownAt) {
        bytes32 root;
        (root, shownAt) = _rootOf(claimRegistry, 2, proof);
        uint256 slot = _mapped(fingerprint, CLAIMS_SLOT);
        uint256 word = _readAt(root, slot, proof.slotProofs[0]);
        claim.claimant = _address(word);
        claim.kind = IClaimRegistry.Kind(uint8(word >> 160));
        claim.since = uint40(word >> 168);
        claim.claimReference = bytes32(_readAt(root, slot + 1, proof.slotProofs[1]));
    }

    // ------------------------------------------------------------------------------------------- administering

    /// @inheritdoc ITitleFacts
    function linkTitleRegistry(address registry) external restricted {
        require(titleRegistry == address(0), TitleFacts_AlreadyLinked(titleRegistry));
        require(registry != address(0), TitleFacts_NotLinked());
        titleRegistry = registry;
        emit TitleRegistryLinked(registry);
    }

    /// @inheritdoc ITitleFacts
    function linkClaimRegistry(address registry) external restricted {
        require(claimRegistry == address(0), TitleFacts_AlreadyLinked(claimRegistry));
        require(registry != address(0), TitleFacts_NotLinked());
        claimRegistry = registry;
        emit ClaimRegistryLinked(registry);
    }

    /// @inheritdoc ITitleFacts
    function linkTradeBook(address book) external restricted {
        require(tradeBook == address(0), TitleFacts_AlreadyLinked(tradeBook));
        require(book != address(0), TitleFacts_NotLinked());
        tradeBook = book;
        emit TradeBookLinked(book);
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _accept(bytes calldata header, bytes calldata seal) private returns (BlockSummary memory) {
        Lane memory lane = gateway.lane();
        require(!lane.paused, IGateway.Gateway_Paused(true));
        require(lane.gateway != address(0), IGateway.Gateway_NotLinked());
        return lane.lightClient.update(header, seal);
    }

    function _escrowOf(
        bytes32 stateRoot,
        TitleCondition calldata condition,
        TitleProof calldata proof
    ) private pure returns (address owner) {
        bytes32 slot = keccak256(abi.encode(condition.tokenId, OWNERS_SLOT));
        owner = _address(
            uint256(StateProof.slotValue(stateRoot, condition.registry, slot, proof.registryProof, proof.ownerProof))
        );
        require(
            owner != condition.registry && owner != BURNT,
            TitleFacts_NotInEscrow(condition.registry, condition.tokenId, owner)
        );
    }

    function _checkEscrow(
        bytes32 root,
        address escrow,
        TitleCondition calldata condition,
        bytes[][] calldata proofs
    ) private pure {
        address registry = _address(_read(root, REGISTRY, proofs));
        uint256 tokenId = _read(root, TOKEN_ID, proofs);
        require(
            registry == condition.registry && tokenId == condition.tokenId,
            TitleFacts_NotItsEscrow(escrow, registry, tokenId)
        );
        require((_read(root, NOMINEE_AND_ACTIVE, proofs) >> 160) == 1, TitleFacts_Inactive(escrow));

        address beneficiary = _address(_read(root, BENEFICIARY, proofs));
        require(beneficiary == condition.beneficiary, TitleFacts_WrongBeneficiary(condition.beneficiary, beneficiary));
        address holder = _address(_read(root, HOLDER, proofs));
        require(holder == condition.holder, TitleFacts_WrongHolder(condition.holder, holder));

        address previousBeneficiary = _address(_read(root, PREVIOUS_BENEFICIARY, proofs));
        address previousHolder = _address(_read(root, PREVIOUS_HOLDER, proofs));
        require(
            previousBeneficiary == address(0) && previousHolder == address(0),
            TitleFacts_StillRejectable(previousBeneficiary, previousHolder)
        );
    }

    function _checkKept(
        bytes32 stateRoot,
        TitleCondition calldata condition,
        TradeId tradeId,
        TitleProof calldata proof
    ) private view {
        address book = tradeBook;
        require(book != address(0), TitleFacts_NotLinked());
        bytes32 root = StateProof.storageRootOf(stateRoot, book, proof.tradeBookProof);
        uint256 titles = _mapped(bytes32(uint256(uint160(condition.registry))), TRADE_OF_TITLE_SLOT);
        uint256 kept = _readAt(root, _mapped(bytes32(condition.tokenId), titles), proof.keptProof);
        require(
            bytes32(kept) == TradeId.unwrap(tradeId),
            TitleFacts_NotKept(condition.registry, condition.tokenId, TradeId.wrap(bytes32(kept)))
        );
    }

    function _rootOf(
        address account,
        uint256 slots,
        FactProof calldata proof
    ) private returns (bytes32 root, uint256 shownAt) {
        require(account != address(0), TitleFacts_NotLinked());
        require(proof.slotProofs.length == slots, TitleFacts_WrongProofCount(proof.slotProofs.length));
        BlockSummary memory shown = _accept(proof.header, proof.seal);
        return (StateProof.storageRootOf(shown.stateRoot, account, proof.accountProof), shown.timestamp);
    }

    /// @dev Which of the escrow's slots a proof is of is its place.
    function _read(bytes32 root, uint256 slot, bytes[][] calldata proofs) private pure returns (uint256) {
        return _readAt(root, slot, proofs[slot]);
    }

    function _readAt(bytes32 root, uint256 slot, bytes[] calldata proof) private pure returns (uint256) {
        return uint256(StateProof.valueIn(root, bytes32(slot), proof));
    }

    function _mapped(bytes32 key, uint256 slot) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(key, slot)));
    }

    function _address(uint256 word) private pure returns (address) {
        return address(uint160(word));
    }
}
