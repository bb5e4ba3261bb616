// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {AttestedHeaders} from "../../../contracts/bridge/AttestedHeaders.sol";
import {Gateway} from "../../../contracts/bridge/Gateway.sol";
import {HeadProof, IGateway, Lane} from "../../../contracts/bridge/IGateway.sol";
import {ILightClient} from "../../../contracts/bridge/ILightClient.sol";
import {LightClient} from "../../../contracts/bridge/LightClient.sol";
import {vm} from "../../support/Test.sol";
import {BridgeTest} from "./BridgeTest.sol";

contract GatewayAdministrationTest is BridgeTest {
    Gateway internal unlinked;
    LightClient internal other;

    function setUp() public override {
        super.setUp();
        unlinked = _deployGateway();
        other = _newLightClient(verifier);
    }

    // ---------------------------------------------------------------------------------------------------- link

    function test_link_byOperator_succeeds() public {
        assertEq(unlinked.lane().gateway, address(0));
        vm.expectEmit(address(unlinked));
        emit IGateway.Linked(remoteGateway, client);
        vm.prank(operator);
        unlinked.link(remoteGateway, client);

        Lane memory lane = unlinked.lane();
        assertEq(lane.chainId, REMOTE_CHAIN_ID);
        assertEq(lane.gateway, remoteGateway);
        assertEq(address(lane.lightClient), address(client));
        assertEq(lane.messageGasLimit, MESSAGE_GAS);
        assertFalse(lane.paused);
        assertEq(unlinked.cursor(tradeBook), _headAfter(0));
    }

    function test_link_twice_reverts() public {
        _assertRevertsFrom(
            operator,
            address(gateway),
            abi.encodeCall(Gateway.link, (stranger, client)),
            abi.encodeWithSelector(IGateway.Gateway_AlreadyLinked.selector, remoteGateway)
        );
    }

    function test_link_zeroGateway_reverts() public {
        _assertRevertsFrom(
            operator,
            address(unlinked),
            abi.encodeCall(Gateway.link, (address(0), client)),
            abi.encodeWithSelector(IGateway.Gateway_NotLinked.selector)
        );
    }

    function test_link_otherChain_reverts() public {
        LightClient wrong = _clientOf(block.chainid);
        _assertRevertsFrom(
            operator,
            address(unlinked),
            abi.encodeCall(Gateway.link, (remoteGateway, wrong)),
            abi.encodeWithSelector(IGateway.Gateway_WrongChain.selector, REMOTE_CHAIN_ID, block.chainid)
        );
    }

    // ------------------------------------------------------------------------------------------ setLightClient

    function test_setLightClient_afterDelay_succeeds() public {
        bytes memory data = abi.encodeCall(Gateway.setLightClient, (ILightClient(other)));
        vm.prank(validatorAdmin);
        authority.schedule(address(gateway), data, 0);
        vm.warp(block.timestamp + VALIDATOR_DELAY);
        vm.expectEmit(address(gateway));
        emit IGateway.LightClientChanged(other);
        vm.prank(validatorAdmin);
        gateway.setLightClient(other);
        assertEq(address(gateway.lane().lightClient), address(other));
    }

    /// @dev A frozen client set again is as frozen as it was.
    function test_setLightClient_frozenClient_succeeds() public {
        _send(1);
        bytes memory data = _deliverCall(0, 1, remote.prove(tradeBook));
        _freeze();
        _replaceLightClient();
        _afterDelay(address(gateway), abi.encodeCall(Gateway.setLightClient, (ILightClient(client))));
        _assertReverts(address(gateway), data, abi.encodeWithSelector(ILightClient.LightClient_Frozen.selector));
    }

    function test_setLightClient_withoutSchedule_reverts() public {
        bytes memory data = abi.encodeCall(Gateway.setLightClient, (ILightClient(other)));
        _assertRevertsFrom(
            validatorAdmin,
            address(gateway),
            data,
            abi.encodeWithSelector(
                IAccessManager.AccessManagerNotScheduled.selector,
                authority.hashOperation(validatorAdmin, address(gateway), data)
            )
        );
    }

    function test_setLightClient_beforeDelay_reverts() public {
        bytes memory data = abi.encodeCall(Gateway.setLightClient, (ILightClient(other)));
        vm.prank(validatorAdmin);
        authority.schedule(address(gateway), data, 0);
        vm.warp(block.timestamp + VALIDATOR_DELAY - 1);
        _assertRevertsFrom(
            validatorAdmin,
            address(gateway),
            data,
            abi.encodeWithSelector(
                IAccessManager.AccessManagerNotReady.selector,
                authority.hashOperation(validatorAdmin, address(gateway), data)
            )
        );
    }

    function test_setLightClient_otherChain_reverts() public {
        LightClient wrong = _clientOf(REMOTE_CHAIN_ID + 1);
        _assertScheduledReverts(
            address(gateway),
            abi.encodeCall(Gateway.setLightClient, (ILightClient(wrong))),
            abi.encodeWithSelector(IGateway.Gateway_WrongChain.selector, REMOTE_CHAIN_ID, REMOTE_CHAIN_ID + 1)
        );
    }

    function test_setLightClient_notLinked_reverts() public {
        _assertScheduledReverts(
            address(unlinked),
            abi.encodeCall(Gateway.setLightClient, (ILightClient(other))),
            abi.encodeWithSelector(IGateway.Gateway_NotLinked.selector)
        );
    }

    // ------------------------------------------------------------------------------------------- pause, unpause

    function test_pause_byGuardian_succeeds() public {
        vm.expectEmit(address(gateway));
        emit IGateway.LanePaused(guardian);
        vm.prank(guardian);
        gateway.pause();
        assertTrue(gateway.lane().paused);
    }

    function test_pause_twice_reverts() public {
        vm.prank(guardian);
        gateway.pause();
        _assertRevertsFrom(
            guardian,
            address(gateway),
            abi.encodeCall(Gateway.pause, ()),
            abi.encodeWithSelector(IGateway.Gateway_Paused.selector, true)
        );
    }

    function test_unpause_byOperator_succeeds() public {
        vm.prank(guardian);
        gateway.pause();
        vm.expectEmit(address(gateway));
        emit IGateway.LaneUnpaused(operator);
        vm.prank(operator);
        gateway.unpause();
        assertFalse(gateway.lane().paused);
    }

    function test_unpause_notPaused_reverts() public {
        _assertRevertsFrom(
            operator,
            address(gateway),
            abi.encodeCall(Gateway.unpause, ()),
            abi.encodeWithSelector(IGateway.Gateway_Paused.selector, false)
        );
    }

    function test_unpause_byGuardian_reverts() public {
        vm.prank(guardian);
        gateway.pause();
        _assertUnauthorized(guardian, abi.encodeCall(Gateway.unpause, ()));
        assertTrue(gateway.lane().paused);
    }

    // ------------------------------------------------------------------------------------------------- strangers

    function test_restricted_byOthers_reverts() public {
        bytes memory link = abi.encodeCall(Gateway.link, (remoteGateway, client));
        bytes memory setLightClient = abi.encodeCall(Gateway.setLightClient, (ILightClient(other)));
        bytes memory openLog = abi.encodeCall(Gateway.openLog, (stranger));
        bytes memory pause = abi.encodeCall(Gateway.pause, ());
        bytes memory unpause = abi.encodeCall(Gateway.unpause, ());

        bytes[5] memory all = [link, setLightClient, openLog, pause, unpause];
        for (uint256 i = 0; i < all.length; ++i) _assertUnauthorized(stranger, all[i]);

        bytes[4] memory notForGuardian = [link, setLightClient, openLog, unpause];
        for (uint256 i = 0; i < notForGuardian.length; ++i) _assertUnauthorized(guardian, notForGuardian[i]);

        bytes[2] memory notForOperator = [setLightClient, pause];
        for (uint256 i = 0; i < notForOperator.length; ++i) _assertUnauthorized(operator, notForOperator[i]);

        bytes[4] memory notForValidatorAdmin = [link, openLog, pause, unpause];
        for (uint256 i = 0; i < notForValidatorAdmin.length; ++i) {
            _assertUnauthorized(validatorAdmin, notForValidatorAdmin[i]);
        }
    }

    function testFuzz_restricted_byAnyone_reverts(address caller) public {
        vm.assume(caller != operator && caller != guardian && caller != validatorAdmin);
        vm.assume(caller != address(this) && caller != address(vm) && caller != address(authority));
        _assertUnauthorized(caller, abi.encodeCall(Gateway.openLog, (caller)));
        _assertUnauthorized(caller, abi.encodeCall(Gateway.pause, ()));
    }

    // ---------------------------------------------------------------------------------- after an equivocation

    /// @dev The lane stands still when its validators contradict themselves, and goes on from where it stood.
    function test_equivocation_lifecycle_succeeds() public {
        _send(1);
        _deliverFrom(0);
        _send(1);
        HeadProof memory proof = remote.prove(tradeBook);
        bytes memory data = _deliverCall(1, 2, proof);
        _freeze();
        _assertReverts(address(gateway), data, abi.encodeWithSelector(ILightClient.LightClient_Frozen.selector));
        LightClient replacement = _replaceLightClient();
        assertEq(replacement.blockHashAt(remote.height()), 0);
        (bool success, ) = address(gateway).call(data);
        assertTrue(success);
        assertEq(inbox.count(), 2);
        assertEq(replacement.blockHashAt(remote.height()), keccak256(proof.header));
    }

    // -------------------------------------------------------------------------------------------------- internal

    function _clientOf(uint256 chainId) private returns (LightClient) {
        return _newLightClient(new AttestedHeaders(address(authority), chainId, remote.validators()));
    }

    function _assertUnauthorized(address caller, bytes memory data) private {
        _assertRevertsFrom(
            caller,
            address(gateway),
            data,
            abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller)
        );
    }

    function _assertScheduledReverts(address target, bytes memory data, bytes memory expected) private {
        vm.prank(validatorAdmin);
        authority.schedule(target, data, 0);
        vm.warp(block.timestamp + VALIDATOR_DELAY);
        _assertRevertsFrom(
            validatorAdmin,
            address(authority),
            abi.encodeCall(authority.execute, (target, data)),
            expected
        );
    }
}
