// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IParticipants} from "../../access/IParticipants.sol";
import {IClaimRegistry} from "../claims/IClaimRegistry.sol";
import {IDocumentRegistry} from "../documents/IDocumentRegistry.sol";
import {ITitleRegistry} from "./ITitleRegistry.sol";
import {TitleHolds} from "./TitleHolds.sol";
import {TitleLifecycle} from "./TitleLifecycle.sol";

/// @title TitleRegistry
/// @notice Guarantees that a title has exactly one holder, that one content is one title, that nobody but its parties moves it, and that
/// the chain of what became of it has no gap. Trusts ACCREDITOR for who issues titles, COMPLIANCE for courts' orders, which hold a
/// title but move none, and VALIDATOR_ADMIN for which contracts lock titles that their holders entrust to them. Says nothing about
/// whether there are goods.
/// @dev Titles begin and end in {TitleLifecycle}, go from one to the next in {TitleTransfers}, and are held in {TitleHolds}. Every
/// contract that is called here belongs to the consortium.
contract TitleRegistry is TitleLifecycle, TitleHolds {
    constructor(
        address initialAuthority,
        IParticipants participantRegistry,
        IDocumentRegistry documentRegistry,
        IClaimRegistry claimRegistry
    ) AccessManaged(initialAuthority) {
        participants = participantRegistry;
        documents = documentRegistry;
        claims = claimRegistry;
    }

    // --------------------------------------------------------------------------------------- acting for others

    /// @inheritdoc ITitleRegistry
    function setAgent(address agent, uint40 until) external {
        participants.requireActive(msg.sender);
        _agentUntil[msg.sender][agent] = until;
        emit AgentSet(msg.sender, agent, until);
    }

    /// @inheritdoc ITitleRegistry
    function setStandingAcceptance(address sender, uint40 until) external {
        participants.requireActive(msg.sender);
        _acceptsUntil[msg.sender][sender] = until;
        emit StandingAcceptanceSet(msg.sender, sender, until);
    }
}
