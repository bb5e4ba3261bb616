// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {DeviceId, IDeviceRegistry} from "../../../../contracts/trade/devices/IDeviceRegistry.sol";
import {DeviceWorld} from "../../../support/DeviceWorld.sol";
import {vm} from "../../../support/Test.sol";

/// @notice {IDeviceRegistry-setOperator}, {IDeviceRegistry-suspend}, {IDeviceRegistry-retire} and {IDeviceRegistry-setCalibrator}.
contract DeviceRegistryEndsTest is DeviceWorld {
    // ------------------------------------------------------------------------------------ setOperator and ends

    function test_setOperator_succeeds() public {
        vm.expectEmit(address(devices));
        emit IDeviceRegistry.OperatorChanged(deviceId, shipOwner);
        vm.prank(shipOwner);
        devices.setOperator(deviceId, shipOwner);
        assertEq(devices.device(deviceId).operator, shipOwner);
    }

    function test_setOperator_calibrator_reverts() public {
        vm.expectRevert(_notIndependent(calibrator, calibrator));
        vm.prank(shipOwner);
        devices.setOperator(deviceId, calibrator);
    }

    function test_setOperator_beforeCalibration_succeeds() public {
        DeviceId other = _register(OTHER_KEY);
        vm.prank(shipOwner);
        devices.setOperator(other, shipOwner);
        assertEq(devices.device(other).operator, shipOwner);
    }

    function testFuzz_ownersFunctions_notOwner_revert(address caller) public {
        vm.assume(caller != shipOwner && caller != address(vm));
        vm.expectRevert(_notOwner(caller));
        vm.prank(caller);
        devices.setOperator(deviceId, caller);
        vm.expectRevert(_notOwner(caller));
        vm.prank(caller);
        devices.retire(deviceId);
    }

    function test_ownersFunctions_suspendedOwner_revert() public {
        IDeviceRegistry.Key memory key = _publicKey(OTHER_KEY);
        IDeviceRegistry.Signature memory signature = _signKey(OTHER_KEY, deviceId, key);
        _suspend(shipOwner);
        vm.expectRevert(_notActive(shipOwner));
        vm.prank(shipOwner);
        devices.replaceKey(deviceId, key, signature);
        vm.expectRevert(_notActive(shipOwner));
        vm.prank(shipOwner);
        devices.setOperator(deviceId, shipOwner);
        vm.expectRevert(_notActive(shipOwner));
        vm.prank(shipOwner);
        devices.retire(deviceId);
    }

    function test_retire_succeeds() public {
        vm.expectEmit(address(devices));
        emit IDeviceRegistry.DeviceRetired(deviceId);
        vm.prank(shipOwner);
        devices.retire(deviceId);
        assertEq(uint256(devices.device(deviceId).status), uint256(IDeviceRegistry.Status.Retired));
    }

    /// @dev For good: nothing brings it back.
    function test_retired_everything_reverts() public {
        vm.prank(shipOwner);
        devices.retire(deviceId);
        bytes memory refusal = _wrongStatus(deviceId, IDeviceRegistry.Status.Retired);
        vm.startPrank(shipOwner);
        vm.expectRevert(refusal);
        devices.retire(deviceId);
        vm.expectRevert(refusal);
        devices.suspend(deviceId);
        vm.expectRevert(refusal);
        devices.setOperator(deviceId, shipOwner);
        vm.stopPrank();
        IDeviceRegistry.Key memory key = _publicKey(OTHER_KEY);
        IDeviceRegistry.Signature memory signature = _signKey(OTHER_KEY, deviceId, key);
        vm.expectRevert(refusal);
        vm.prank(shipOwner);
        devices.replaceKey(deviceId, key, signature);
    }

    function test_suspend_byEachConcerned_succeeds() public {
        address[3] memory callers = [shipOwner, shipManager, calibrator];
        for (uint256 i = 0; i < callers.length; ++i) {
            vm.expectEmit(address(devices));
            emit IDeviceRegistry.DeviceSuspended(deviceId, callers[i]);
            vm.prank(callers[i]);
            devices.suspend(deviceId);
            assertEq(uint256(devices.device(deviceId).status), uint256(IDeviceRegistry.Status.Suspended));
            _calibrate();
        }
    }

    function test_suspend_suspended_reverts() public {
        vm.startPrank(shipOwner);
        devices.suspend(deviceId);
        vm.expectRevert(_wrongStatus(deviceId, IDeviceRegistry.Status.Suspended));
        devices.suspend(deviceId);
        vm.stopPrank();
    }

    function test_suspend_suspendedCaller_reverts() public {
        _suspend(shipManager);
        vm.expectRevert(_notActive(shipManager));
        vm.prank(shipManager);
        devices.suspend(deviceId);
    }

    function testFuzz_suspend_notConcerned_reverts(address caller) public {
        vm.assume(caller != shipOwner && caller != shipManager && caller != calibrator && caller != address(vm));
        vm.expectRevert(abi.encodeWithSelector(IDeviceRegistry.DeviceRegistry_NotConcerned.selector, deviceId, caller));
        vm.prank(caller);
        devices.suspend(deviceId);
    }

    // ------------------------------------------------------------------------------------------- setCalibrator

    function test_setCalibrator_succeeds() public {
        vm.expectEmit(address(devices));
        emit IDeviceRegistry.CalibratorSet(stranger, true);
        vm.prank(accreditor);
        devices.setCalibrator(stranger, true);
        assertTrue(devices.isCalibrator(stranger));
    }

    function testFuzz_setCalibrator_notAccreditor_reverts(address caller) public {
        vm.assume(caller != accreditor && caller != address(this) && caller != address(vm));
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller));
        vm.prank(caller);
        devices.setCalibrator(caller, true);
    }
}
