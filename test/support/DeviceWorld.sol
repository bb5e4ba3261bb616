// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IParticipants} from "../../contracts/access/IParticipants.sol";
import {DeviceId, IDeviceRegistry} from "../../contracts/trade/devices/IDeviceRegistry.sol";
import {ManagedTest} from "./ManagedTest.sol";
import {vm} from "./Test.sol";

/// @dev Knows the interface alone: the curve's library does not compile without the optimiser.
/// @title A registry of devices as deployed, with one device of a ship in it, and keys to sign with
abstract contract DeviceWorld is ManagedTest {
    uint64 internal constant ACCREDITOR = 4;
    uint256 internal constant KEY = 0xC0FFEE;
    uint256 internal constant OTHER_KEY = 0xBADC0DE;
    /// @dev Order of the curve.
    uint256 internal constant N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551;

    uint32 internal constant INTERVAL = 600;
    uint32 internal constant MAX_SILENCE = 1_200;
    uint32 internal constant MAX_DELAY = 1 days;
    uint40 internal constant CALIBRATED_FROM = NOW - 1 days;
    uint40 internal constant CALIBRATED_UNTIL = NOW + 365 days;

    IDeviceRegistry internal devices;

    address internal accreditor;
    address internal calibrator;
    address internal shipOwner;
    address internal shipManager;

    DeviceId internal deviceId;

    function setUp() public virtual override {
        super.setUp();
        accreditor = makeAddr("accreditor");
        calibrator = makeAddr("calibrator");
        shipOwner = makeAddr("ship owner");
        shipManager = makeAddr("ship manager");
        manager.grantRole(ACCREDITOR, accreditor, 0);
        devices = IDeviceRegistry(_deploy("DeviceRegistry.sol:DeviceRegistry", abi.encode(manager, participants)));
        _allow(address(devices), IDeviceRegistry.setCalibrator.selector, ACCREDITOR);
        _admit(calibrator);
        _admit(shipOwner);
        _admit(shipManager);
        vm.prank(accreditor);
        devices.setCalibrator(calibrator, true);
        deviceId = _register(KEY);
        _calibrate();
    }

    // --------------------------------------------------------------------------------------------- registering

    /// @dev A temperature in hundredths of a degree and a position's latitude.
    function _registration(uint256 key) internal view returns (IDeviceRegistry.Registration memory registration) {
        registration.key = _publicKey(key);
        registration.operator = shipManager;
        registration.profile = IDeviceRegistry.Profile(INTERVAL, MAX_SILENCE, MAX_DELAY);
        registration.quantities = new IDeviceRegistry.Quantity[](2);
        registration.quantities[0] = IDeviceRegistry.Quantity(3, "CEL", 2, -30_00, -15_00, 500);
        registration.quantities[1] = IDeviceRegistry.Quantity(1, "DD", 7, -90e7, 90e7, 0);
    }

    function _register(uint256 key) internal returns (DeviceId) {
        IDeviceRegistry.Registration memory registration = _registration(key);
        IDeviceRegistry.Signature memory signature = _signRegistration(key, shipOwner, registration);
        vm.prank(shipOwner);
        return devices.register(registration, signature);
    }

    function _calibrate() internal {
        vm.prank(calibrator);
        devices.calibrate(deviceId, DeviceId.unwrap(deviceId), CALIBRATED_FROM, CALIBRATED_UNTIL);
    }

    function _replaceKey(uint256 key) internal {
        IDeviceRegistry.Key memory replacement = _publicKey(key);
        IDeviceRegistry.Signature memory signature = _signKey(key, deviceId, replacement);
        vm.prank(shipOwner);
        devices.replaceKey(deviceId, replacement, signature);
    }

    // ------------------------------------------------------------------------------------------------ readings

    /// @dev Readings from a counter on, one each interval.
    function _readings(
        uint64 firstCounter,
        uint256 count,
        uint40 from
    ) internal pure returns (IDeviceRegistry.Reading[] memory readings) {
        readings = new IDeviceRegistry.Reading[](count);
        for (uint256 i = 0; i < count; ++i) {
            readings[i].counter = uint64(firstCounter + i);
            readings[i].time = uint40(from + i * INTERVAL);
            readings[i].salt = bytes16(keccak256(abi.encode("salt", firstCounter + i)));
            readings[i].values = new int64[](2);
            readings[i].values[0] = -20_00 - int64(uint64(i % 7));
            readings[i].values[1] = 31e7 + int64(uint64(i));
        }
    }

    /// @dev What a device says of these readings.
    function _batch(
        IDeviceRegistry.Reading[] memory readings
    ) internal view returns (IDeviceRegistry.Batch memory batch) {
        batch.deviceId = deviceId;
        batch.firstCounter = readings[0].counter;
        batch.count = uint32(readings.length);
        batch.from = readings[0].time;
        batch.to = readings[readings.length - 1].time;
        batch.root = _rootOf(readings);
        batch.extents = new IDeviceRegistry.Extent[](2);
        for (uint256 j = 0; j < 2; ++j) {
            batch.extents[j] = IDeviceRegistry.Extent(readings[0].values[j], readings[0].values[j]);
            for (uint256 i = 1; i < readings.length; ++i) {
                int64 value = readings[i].values[j];
                if (value < batch.extents[j].min) batch.extents[j].min = value;
                if (value > batch.extents[j].max) batch.extents[j].max = value;
            }
        }
    }

    /// @dev The first six readings, half an hour before now at the latest.
    function _firstBatch() internal view returns (IDeviceRegistry.Batch memory) {
        return _batch(_readings(1, 6, NOW - 1 hours));
    }

    function _submit(IDeviceRegistry.Batch memory batch) internal returns (uint16 flags) {
        IDeviceRegistry.Signature memory signature = _signBatch(KEY, batch);
        vm.prank(shipManager);
        return devices.submit(batch, signature);
    }

    function _leafOf(IDeviceRegistry.Reading memory reading) internal pure returns (bytes32) {
        bytes memory leaf = abi.encodePacked(bytes1(0x06), reading.counter, reading.time, reading.salt);
        for (uint256 i = 0; i < reading.values.length; ++i) leaf = abi.encodePacked(leaf, reading.values[i]);
        return sha256(leaf);
    }

    function _rootOf(IDeviceRegistry.Reading[] memory readings) internal pure returns (bytes32) {
        (bytes32 root, ) = _prove(readings, 0);
        return root;
    }

    /// @dev Level by level, as the documentation says it; the path of one reading on the way.
    function _prove(
        IDeviceRegistry.Reading[] memory readings,
        uint256 index
    ) internal pure returns (bytes32 root, bytes32[] memory path) {
        uint256 width = readings.length;
        bytes32[] memory level = new bytes32[](width);
        for (uint256 i = 0; i < width; ++i) level[i] = _leafOf(readings[i]);
        bytes32[] memory siblings = new bytes32[](32);
        uint256 used = 0;
        while (width > 1) {
            uint256 sibling = index % 2 == 0 ? index + 1 : index - 1;
            if (sibling < width) siblings[used++] = level[sibling];
            for (uint256 i = 0; i < width; i += 2) {
                level[i / 2] = i + 1 == width ? level[i] : sha256(bytes.concat(bytes1(0x07), level[i], level[i + 1]));
            }
            index /= 2;
            width = (width + 1) / 2;
        }
        path = new bytes32[](used);
        for (uint256 i = 0; i < used; ++i) path[i] = siblings[i];
        root = sha256(bytes.concat(bytes1(0x08), bytes4(uint32(readings.length)), level[0]));
    }

    // ------------------------------------------------------------------------------------------------- signing

    function _publicKey(uint256 key) internal pure returns (IDeviceRegistry.Key memory) {
        (uint256 x, uint256 y) = vm.publicKeyP256(key);
        return IDeviceRegistry.Key(bytes32(x), bytes32(y));
    }

    function _signRegistration(
        uint256 key,
        address owner,
        IDeviceRegistry.Registration memory registration
    ) internal view returns (IDeviceRegistry.Signature memory) {
        bytes32 tag = "huangpu device registration/1";
        return _sign(key, sha256(abi.encode(tag, block.chainid, devices, owner, registration)));
    }

    function _signKey(
        uint256 key,
        DeviceId id,
        IDeviceRegistry.Key memory replacement
    ) internal view returns (IDeviceRegistry.Signature memory) {
        bytes32 tag = "huangpu device key/1";
        return _sign(key, sha256(abi.encode(tag, block.chainid, devices, id, replacement)));
    }

    function _signBatch(
        uint256 key,
        IDeviceRegistry.Batch memory batch
    ) internal view returns (IDeviceRegistry.Signature memory) {
        bytes32 tag = "huangpu device batch/1";
        return _sign(key, sha256(abi.encode(tag, block.chainid, devices, batch)));
    }

    function _sign(uint256 key, bytes32 digest) internal pure returns (IDeviceRegistry.Signature memory) {
        (bytes32 r, bytes32 s) = vm.signP256(key, digest);
        if (uint256(s) > N / 2) s = bytes32(N - uint256(s));
        return IDeviceRegistry.Signature(r, s);
    }

    // ------------------------------------------------------------------------------------------------ refusals

    function _invalidSignature() internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IDeviceRegistry.DeviceRegistry_InvalidSignature.selector);
    }

    function _notActive(address account) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IParticipants.Participants_NotActive.selector, account);
    }

    function _notIndependent(address account, address party) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IDeviceRegistry.DeviceRegistry_NotIndependent.selector, account, party);
    }

    function _notOwner(address caller) internal view returns (bytes memory) {
        return abi.encodeWithSelector(IDeviceRegistry.DeviceRegistry_NotOwner.selector, deviceId, caller);
    }

    function _wrongStatus(DeviceId id, IDeviceRegistry.Status status) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(IDeviceRegistry.DeviceRegistry_WrongStatus.selector, id, status);
    }
}
