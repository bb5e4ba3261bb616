// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {BlockSummary} from "../../bridge/IHeaderVerifier.sol";
import {IGateway, Lane} from "../../bridge/IGateway.sol";
import {StateProof} from "../../bridge/StateProof.sol";
import {TitleCondition} from "../../trade/sales/TitleCondition.sol";
import {ITitleFacts} from "./ITitleFacts.sol";

/// @title TitleFacts
/// @notice Guarantees that what it returns was so on the trade chain at the end of a block that the gateway's present light client
/// accepts, and that it returns nothing while the lane is paused or the light client frozen. Trusts the light client, and that the
/// registry it is asked about is one of TradeTrust v5, whose storage it reads. Holds nothing.
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

    /// @dev Where a registry sends what it accepted.
    address private constant BURNT = 0x000000000000000000000000000000000000dEaD;

    IGateway public immutable gateway;

    constructor(address initialAuthority, IGateway gateway_) AccessManaged(initialAuthority) {
        gateway = gateway_;
    }

    /// @inheritdoc ITitleFacts
    function requireDelivered(
        TitleCondition calldata condition,
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
        return shown.timestamp;
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
            StateProof.slotValue(stateRoot, condition.registry, slot, proof.registryProof, proof.ownerProof)
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
        uint256 tokenId = uint256(_read(root, TOKEN_ID, proofs));
        require(
            registry == condition.registry && tokenId == condition.tokenId,
            TitleFacts_NotItsEscrow(escrow, registry, tokenId)
        );
        require((uint256(_read(root, NOMINEE_AND_ACTIVE, proofs)) >> 160) == 1, TitleFacts_Inactive(escrow));

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

    /// @dev What a slot's proof is for is its place.
    function _read(bytes32 root, uint256 slot, bytes[][] calldata proofs) private pure returns (bytes32) {
        return StateProof.valueIn(root, bytes32(slot), proofs[slot]);
    }

    function _address(bytes32 word) private pure returns (address) {
        return address(uint160(uint256(word)));
    }
}
