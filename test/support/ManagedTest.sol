// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

import {Lei} from "../../contracts/access/IParticipants.sol";
import {Participants} from "../../contracts/access/Participants.sol";
import {Leis} from "./Leis.sol";
import {Test, vm} from "./Test.sol";

/// @title Roles and participants, as deployed, for contracts that need no more than these
abstract contract ManagedTest is Test {
    uint64 internal constant REGISTRAR = 1;
    uint64 internal constant OPERATOR = 2;
    uint64 internal constant VALIDATOR_ADMIN = 3;

    uint40 internal constant NOW = 1_800_000_000;

    AccessManager internal manager;
    Participants internal participants;

    address internal registrar;
    address internal operator;
    address internal validatorAdmin;
    address internal stranger;

    uint256 private _entities;

    function setUp() public virtual {
        vm.warp(NOW);
        registrar = makeAddr("registrar");
        operator = makeAddr("operator");
        validatorAdmin = makeAddr("validator admin");
        stranger = makeAddr("stranger");
        manager = AccessManager(_deploy("AccessManager.sol:AccessManager", abi.encode(address(this))));
        participants = Participants(_deploy("Participants.sol:Participants", abi.encode(manager)));
        manager.grantRole(REGISTRAR, registrar, 0);
        manager.grantRole(OPERATOR, operator, 0);
        manager.grantRole(VALIDATOR_ADMIN, validatorAdmin, 0);
        _allow(address(participants), Participants.admit.selector, REGISTRAR);
        _allow(address(participants), Participants.suspend.selector, REGISTRAR);
        _allow(address(participants), Participants.reinstate.selector, REGISTRAR);
        _allow(address(participants), Participants.linkAccount.selector, REGISTRAR);
        _allow(address(participants), Participants.unlinkAccount.selector, REGISTRAR);
    }

    function _allow(address target, bytes4 selector, uint64 role) internal {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        manager.setTargetFunctionRole(target, selectors, role);
    }

    /// @dev Admits an entity of its own for the account.
    function _admit(address account) internal returns (Lei) {
        return _admit(account, "CN");
    }

    function _admit(address account, bytes2 country) internal returns (Lei lei) {
        lei = Leis.nth(++_entities);
        vm.startPrank(registrar);
        participants.admit(lei, country);
        participants.linkAccount(account, lei);
        vm.stopPrank();
    }

    function _suspend(address account) internal {
        Lei lei = participants.leiOf(account);
        vm.prank(registrar);
        participants.suspend(lei);
    }

    function _reinstate(address account) internal {
        Lei lei = participants.leiOf(account);
        vm.prank(registrar);
        participants.reinstate(lei);
    }
}
