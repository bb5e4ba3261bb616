// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Lei} from "../../../../contracts/access/IParticipants.sol";
import {DeviceId, IDeviceRegistry} from "../../../../contracts/trade/devices/IDeviceRegistry.sol";
import {DeviceWorld} from "../../../support/DeviceWorld.sol";
import {vm} from "../../../support/Test.sol";

/// @notice {IDeviceRegistry-register}, {IDeviceRegistry-calibrate} and {IDeviceRegistry-replaceKey}.
contract DeviceRegistryOwnersTest is DeviceWorld {
    uint256 internal constant THIRD_KEY = 0xF00D;

    // ------------------------------------------------------------------------------------------------ register

    function test_register_succeeds() public {
        IDeviceRegistry.Registration memory registration = _registration(OTHER_KEY);
        IDeviceRegistry.Signature memory signature = _signRegistration(OTHER_KEY, shipOwner, registration);
        bytes32 id = keccak256(abi.encode(registration.key));
        vm.expectEmit(address(devices));
        emit IDeviceRegistry.DeviceRegistered(DeviceId.wrap(id), shipOwner, registration);
        vm.prank(shipOwner);
        assertEq(DeviceId.unwrap(devices.register(registration, signature)), id);

        IDeviceRegistry.Device memory device = devices.device(DeviceId.wrap(id));
        assertEq(uint256(device.status), uint256(IDeviceRegistry.Status.Active));
        assertEq(device.owner, shipOwner);
        assertEq(device.operator, shipManager);
        assertEq(device.key.x, registration.key.x);
        assertEq(device.key.y, registration.key.y);
        assertEq(uint256(device.profile.maxDelay), MAX_DELAY);
        assertEq(uint256(device.calibratedUntil), 0);
        assertTrue(devices.isKeyUsed(id));
        assertEq(
            keccak256(abi.encode(devices.quantitiesOf(DeviceId.wrap(id)))),
            keccak256(abi.encode(registration.quantities))
        );
    }

    /// @dev Somebody else's device cannot be registered, whatever was overheard.
    function test_register_anothersDevice_reverts() public {
        IDeviceRegistry.Registration memory registration = _registration(OTHER_KEY);
        IDeviceRegistry.Signature memory signature = _signRegistration(OTHER_KEY, shipOwner, registration);
        _expectRegisterReverts(shipManager, registration, signature, _invalidSignature());
        signature = _signRegistration(KEY, shipOwner, registration);
        _expectRegisterReverts(shipOwner, registration, signature, _invalidSignature());
    }

    function test_register_otherLimitsThanSigned_reverts() public {
        IDeviceRegistry.Registration memory registration = _registration(OTHER_KEY);
        IDeviceRegistry.Signature memory signature = _signRegistration(OTHER_KEY, shipOwner, registration);
        registration.quantities[0].max = 100_00;
        _expectRegisterReverts(shipOwner, registration, signature, _invalidSignature());
    }

    function test_register_keyOffTheCurve_reverts() public {
        IDeviceRegistry.Registration memory registration = _registration(OTHER_KEY);
        registration.key.y = bytes32(uint256(registration.key.y) ^ 1);
        IDeviceRegistry.Signature memory signature = _signRegistration(OTHER_KEY, shipOwner, registration);
        _expectRegisterReverts(shipOwner, registration, signature, _invalidSignature());
        registration.key = IDeviceRegistry.Key(0, 0);
        _expectRegisterReverts(shipOwner, registration, signature, _invalidSignature());
    }

    function test_register_twice_reverts() public {
        IDeviceRegistry.Registration memory registration = _registration(KEY);
        bytes memory refusal = _keyUsed(DeviceId.unwrap(deviceId));
        _expectRegisterReverts(shipOwner, registration, _signRegistration(KEY, shipOwner, registration), refusal);
    }

    function test_register_afterRetirement_reverts() public {
        vm.prank(shipOwner);
        devices.retire(deviceId);
        IDeviceRegistry.Registration memory registration = _registration(KEY);
        bytes memory refusal = _keyUsed(DeviceId.unwrap(deviceId));
        _expectRegisterReverts(shipOwner, registration, _signRegistration(KEY, shipOwner, registration), refusal);
    }

    function test_register_noInterval_reverts() public {
        IDeviceRegistry.Registration memory registration = _registration(OTHER_KEY);
        registration.profile.interval = 0;
        bytes memory refusal = abi.encodeWithSelector(IDeviceRegistry.DeviceRegistry_InvalidProfile.selector);
        _expectRegisterReverts(shipOwner, registration, _signRegistration(OTHER_KEY, shipOwner, registration), refusal);
    }

    function test_register_badQuantities_reverts() public {
        for (uint256 fault = 0; fault < 6; ++fault) {
            IDeviceRegistry.Registration memory registration = _registration(OTHER_KEY);
            if (fault == 0) registration.quantities = new IDeviceRegistry.Quantity[](0);
            else if (fault == 1) registration.quantities = _nine(registration.quantities[0]);
            else if (fault == 2) registration.quantities[1].kind = 0;
            else if (fault == 3) registration.quantities[1].unit = 0;
            else if (fault == 4) registration.quantities[1].decimals = 10;
            else registration.quantities[1].min = registration.quantities[1].max + 1;
            IDeviceRegistry.Signature memory signature = _signRegistration(OTHER_KEY, shipOwner, registration);
            bytes memory refusal = abi.encodeWithSelector(IDeviceRegistry.DeviceRegistry_InvalidQuantities.selector);
            _expectRegisterReverts(shipOwner, registration, signature, refusal);
        }
    }

    function test_register_stranger_reverts() public {
        IDeviceRegistry.Registration memory registration = _registration(OTHER_KEY);
        IDeviceRegistry.Signature memory signature = _signRegistration(OTHER_KEY, stranger, registration);
        _expectRegisterReverts(stranger, registration, signature, _notActive(stranger));
    }

    // ----------------------------------------------------------------------------------------------- calibrate

    function test_calibrate_succeeds() public {
        uint40 until = NOW + 5 * 365 days;
        vm.expectEmit(address(devices));
        emit IDeviceRegistry.DeviceCalibrated(deviceId, calibrator, NOW, until);
        vm.prank(calibrator);
        devices.calibrate(deviceId, DeviceId.unwrap(deviceId), NOW, until);
        IDeviceRegistry.Device memory device = devices.device(deviceId);
        assertEq(uint256(device.calibratedFrom), NOW);
        assertEq(uint256(device.calibratedUntil), until);
        assertEq(device.calibrator, calibrator);
    }

    function test_calibrate_suspended_succeeds() public {
        vm.prank(shipOwner);
        devices.suspend(deviceId);
        _calibrate();
        assertEq(uint256(devices.device(deviceId).status), uint256(IDeviceRegistry.Status.Active));
    }

    function test_calibrate_badTimes_reverts() public {
        _expectBadCalibration(NOW + 1, NOW + 2);
        _expectBadCalibration(NOW - 1, NOW);
        _expectBadCalibration(NOW, NOW + 5 * 365 days + 1);
    }

    /// @dev The owner exchanges the key while the calibrator signs.
    function test_calibrate_keyExchanged_reverts() public {
        _replaceKey(OTHER_KEY);
        bytes32 seen = DeviceId.unwrap(deviceId);
        vm.expectRevert(
            abi.encodeWithSelector(IDeviceRegistry.DeviceRegistry_OtherKey.selector, deviceId, seen),
            address(devices)
        );
        vm.prank(calibrator);
        devices.calibrate(deviceId, seen, CALIBRATED_FROM, CALIBRATED_UNTIL);
    }

    function test_calibrate_notAccredited_reverts() public {
        address[4] memory callers = [shipOwner, shipManager, accreditor, stranger];
        for (uint256 i = 0; i < callers.length; ++i) {
            _expectCalibrateReverts(callers[i], deviceId, _notCalibrator(callers[i]));
        }
    }

    function test_calibrate_suspendedCalibrator_reverts() public {
        _suspend(calibrator);
        _expectCalibrateReverts(calibrator, deviceId, _notCalibrator(calibrator));
    }

    function test_calibrate_ownDevice_reverts() public {
        address[2] memory parties = [shipOwner, shipManager];
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(accreditor);
            devices.setCalibrator(parties[i], true);
            _expectCalibrateReverts(parties[i], deviceId, _notIndependent(parties[i], parties[i]));
        }
    }

    function test_calibrate_colleaguesDevice_reverts() public {
        address colleague = makeAddr("colleague of the owner");
        Lei lei = participants.leiOf(shipOwner);
        vm.prank(registrar);
        participants.linkAccount(colleague, lei);
        vm.prank(accreditor);
        devices.setCalibrator(colleague, true);
        _expectCalibrateReverts(colleague, deviceId, _notIndependent(colleague, shipOwner));
    }

    function test_calibrate_unknownOrRetired_reverts() public {
        DeviceId unknown = DeviceId.wrap("no device");
        _expectCalibrateReverts(calibrator, unknown, _wrongStatus(unknown, IDeviceRegistry.Status.Unknown));
        vm.prank(shipOwner);
        devices.retire(deviceId);
        _expectCalibrateReverts(calibrator, deviceId, _wrongStatus(deviceId, IDeviceRegistry.Status.Retired));
    }

    // ---------------------------------------------------------------------------------------------- replaceKey

    function test_replaceKey_succeeds() public {
        _submit(_firstBatch());
        IDeviceRegistry.Key memory key = _publicKey(OTHER_KEY);
        IDeviceRegistry.Signature memory signature = _signKey(OTHER_KEY, deviceId, key);
        vm.expectEmit(address(devices));
        emit IDeviceRegistry.KeyReplaced(deviceId, key);
        vm.prank(shipOwner);
        devices.replaceKey(deviceId, key, signature);
        IDeviceRegistry.Device memory device = devices.device(deviceId);
        assertEq(device.key.x, key.x);
        assertEq(uint256(device.calibratedUntil), 0);
        assertEq(uint256(device.counter), 6); // goes on
    }

    function test_replaceKey_notSignedByNewKey_reverts() public {
        IDeviceRegistry.Key memory key = _publicKey(OTHER_KEY);
        _expectReplaceReverts(shipOwner, key, _signKey(KEY, deviceId, key), _invalidSignature());
        _expectReplaceReverts(shipOwner, key, _signKey(OTHER_KEY, DeviceId.wrap("x"), key), _invalidSignature());
    }

    function test_replaceKey_usedKey_reverts() public {
        IDeviceRegistry.Key memory key = _publicKey(KEY);
        _expectReplaceReverts(shipOwner, key, _signKey(KEY, deviceId, key), _keyUsed(DeviceId.unwrap(deviceId)));
        _replaceKey(OTHER_KEY);
        _replaceKey(THIRD_KEY);
        key = _publicKey(OTHER_KEY);
        _expectReplaceReverts(shipOwner, key, _signKey(OTHER_KEY, deviceId, key), _keyUsed(keccak256(abi.encode(key))));
    }

    function testFuzz_replaceKey_notOwner_reverts(address caller) public {
        vm.assume(caller != shipOwner && caller != address(vm));
        IDeviceRegistry.Key memory key = _publicKey(OTHER_KEY);
        _expectReplaceReverts(caller, key, _signKey(OTHER_KEY, deviceId, key), _notOwner(caller));
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _nine(
        IDeviceRegistry.Quantity memory quantity
    ) private pure returns (IDeviceRegistry.Quantity[] memory quantities) {
        quantities = new IDeviceRegistry.Quantity[](9);
        for (uint256 i = 0; i < 9; ++i) quantities[i] = quantity;
    }

    function _expectRegisterReverts(
        address caller,
        IDeviceRegistry.Registration memory registration,
        IDeviceRegistry.Signature memory signature,
        bytes memory refusal
    ) private {
        vm.expectRevert(refusal);
        vm.prank(caller);
        devices.register(registration, signature);
    }

    function _expectCalibrateReverts(address caller, DeviceId id, bytes memory refusal) private {
        vm.expectRevert(refusal);
        vm.prank(caller);
        devices.calibrate(id, DeviceId.unwrap(id), CALIBRATED_FROM, CALIBRATED_UNTIL);
    }

    function _expectBadCalibration(uint40 from, uint40 until) private {
        vm.expectRevert(
            abi.encodeWithSelector(IDeviceRegistry.DeviceRegistry_InvalidCalibration.selector, from, until)
        );
        vm.prank(calibrator);
        devices.calibrate(deviceId, DeviceId.unwrap(deviceId), from, until);
    }

    function _expectReplaceReverts(
        address caller,
        IDeviceRegistry.Key memory key,
        IDeviceRegistry.Signature memory signature,
        bytes memory refusal
    ) private {
        vm.expectRevert(refusal);
        vm.prank(caller);
        devices.replaceKey(deviceId, key, signature);
    }

    function _keyUsed(bytes32 keyHash) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IDeviceRegistry.DeviceRegistry_KeyUsed.selector, keyHash);
    }

    function _notCalibrator(address account) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IDeviceRegistry.DeviceRegistry_NotCalibrator.selector, account);
    }
}
