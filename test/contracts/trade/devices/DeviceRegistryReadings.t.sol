// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {BatchFlags} from "../../../../contracts/trade/devices/BatchFlags.sol";
import {DeviceId, IDeviceRegistry} from "../../../../contracts/trade/devices/IDeviceRegistry.sol";
import {DeviceWorld} from "../../../support/DeviceWorld.sol";
import {vm} from "../../../support/Test.sol";

/// @notice {IDeviceRegistry-verifyReading}, {IDeviceRegistry-contradict}, and the slots that other chains prove.
contract DeviceRegistryReadingsTest is DeviceWorld {
    // ------------------------------------------------------------------------------------------- verifyReading

    /// @dev Every reading of batches of every small size, with its own path and no other.
    function test_verifyReading_everyPlace_succeeds() public {
        for (uint256 size = 1; size <= 9; ++size) {
            (IDeviceRegistry.Reading[] memory readings, IDeviceRegistry.Batch memory batch) = _anchored(size);
            for (uint256 i = 0; i < size; ++i) {
                for (uint256 j = 0; j < size; ++j) {
                    (, bytes32[] memory path) = _prove(readings, j);
                    assertEq(_isProven(batch, readings[i], path), i == j);
                }
            }
            setUp();
        }
    }

    function testFuzz_verifyReading_changed_fails(uint256 size, uint256 index, uint256 field, uint256 by) public {
        size = bound(size, 1, 33);
        (IDeviceRegistry.Reading[] memory readings, IDeviceRegistry.Batch memory batch) = _anchored(size);
        index = bound(index, 0, size - 1);
        (, bytes32[] memory path) = _prove(readings, index);
        IDeviceRegistry.Reading memory reading = readings[index];
        assertTrue(_isProven(batch, reading, path));

        field = bound(field, 0, 4);
        by = bound(by, 1, 1_000);
        if (field == 0) reading.counter += uint64(by);
        else if (field == 1) reading.time += uint40(by);
        else if (field == 2) reading.salt ^= bytes16(uint128(by));
        else if (field == 3) reading.values[by % 2] += int64(uint64(by));
        else reading.values = new int64[](by % 2 == 0 ? 1 : 3);
        assertFalse(_isProven(batch, reading, path));
    }

    function testFuzz_verifyReading_otherPath_fails(uint256 size, uint256 index, uint256 place, uint256 by) public {
        size = bound(size, 2, 33);
        (IDeviceRegistry.Reading[] memory readings, IDeviceRegistry.Batch memory batch) = _anchored(size);
        index = bound(index, 0, size - 1);
        (, bytes32[] memory path) = _prove(readings, index);

        assertFalse(_isProven(batch, readings[index], _resized(path, path.length + 1)));
        assertFalse(_isProven(batch, readings[index], _resized(path, path.length - 1)));
        path[bound(place, 0, path.length - 1)] ^= bytes32(bound(by, 1, type(uint256).max));
        assertFalse(_isProven(batch, readings[index], path));
    }

    /// @dev The same readings in a batch of another device, another size, or that was never anchored.
    function test_verifyReading_ofAnotherBatch_fails() public {
        (IDeviceRegistry.Reading[] memory readings, IDeviceRegistry.Batch memory batch) = _anchored(5);
        (, bytes32[] memory path) = _prove(readings, 2);
        batch.deviceId = DeviceId.wrap("another");
        assertFalse(_isProven(batch, readings[2], path));
        batch.deviceId = deviceId;
        batch.count = 6;
        assertFalse(_isProven(batch, readings[2], path));
        batch.count = 5;
        batch.extents[0].max += 1;
        assertFalse(_isProven(batch, readings[2], path));
        batch.extents[0].max -= 1;
        assertTrue(_isProven(batch, readings[2], path));
    }

    function test_verifyReading_unknownBatch_fails() public view {
        IDeviceRegistry.Reading[] memory readings = _readings(1, 1, NOW);
        assertFalse(_isProven(_batch(readings), readings[0], new bytes32[](0)));
    }

    /// @dev A reading of a number outside of the batch, on the path of the one in its place modulo the size.
    function test_verifyReading_counterOutside_fails() public {
        IDeviceRegistry.Reading[] memory readings = _readings(3, 4, NOW - 1 hours);
        IDeviceRegistry.Batch memory batch = _batch(readings);
        _submit(batch);
        (, bytes32[] memory path) = _prove(readings, 0);
        assertTrue(_isProven(batch, readings[0], path));
        readings[0].counter = 2;
        assertFalse(_isProven(batch, readings[0], path));
        readings[0].counter = 7;
        assertFalse(_isProven(batch, readings[0], path));
    }

    function test_verifyReading_tellsFlags_succeeds() public {
        IDeviceRegistry.Reading[] memory readings = _readings(5, 2, NOW - 1 hours);
        IDeviceRegistry.Batch memory batch = _batch(readings);
        _submit(batch);
        (, bytes32[] memory path) = _prove(readings, 0);
        (bool proven, uint16 flags) = devices.verifyReading(batch, readings[0], path);
        assertTrue(proven);
        assertEq(uint256(flags), BatchFlags.GAP);
    }

    // ---------------------------------------------------------------------------------------------- contradict

    function test_contradict_valueOutside_succeeds() public {
        (IDeviceRegistry.Batch memory batch, IDeviceRegistry.Reading memory reading, bytes32[] memory path) = _lie(0);
        assertFalse(_isProven(batch, reading, path));
        vm.expectEmit(address(devices));
        emit IDeviceRegistry.BatchContradicted(deviceId, 1, 2, calibrator);
        vm.expectEmit(address(devices));
        emit IDeviceRegistry.DeviceSuspended(deviceId, calibrator);
        vm.prank(calibrator);
        devices.contradict(batch, reading, path);

        IDeviceRegistry.Device memory device = devices.device(deviceId);
        assertEq(uint256(device.status), uint256(IDeviceRegistry.Status.Suspended));
        assertEq(uint256(device.flags), BatchFlags.CONTRADICTED);
        assertEq(uint256(devices.batchWord(deviceId, 1)) & 0xffff, BatchFlags.CONTRADICTED);
        assertEq(bytes32(bytes30(devices.batchWord(deviceId, 1))), bytes32(bytes30(devices.digestOf(batch))));
    }

    function test_contradict_otherLies_succeeds() public {
        for (uint256 kind = 1; kind < 5; ++kind) {
            setUp();
            (IDeviceRegistry.Batch memory batch, IDeviceRegistry.Reading memory reading, bytes32[] memory path) = _lie(
                kind
            );
            vm.prank(shipManager);
            devices.contradict(batch, reading, path);
            assertEq(uint256(devices.device(deviceId).flags), BatchFlags.CONTRADICTED);
        }
    }

    function test_contradict_suspendedOrRetired_succeeds() public {
        (IDeviceRegistry.Batch memory batch, IDeviceRegistry.Reading memory reading, bytes32[] memory path) = _lie(0);
        vm.prank(shipOwner);
        devices.retire(deviceId);
        vm.prank(calibrator);
        devices.contradict(batch, reading, path);
        assertEq(uint256(devices.device(deviceId).status), uint256(IDeviceRegistry.Status.Retired));
        assertEq(uint256(devices.device(deviceId).flags), BatchFlags.CONTRADICTED);
    }

    /// @dev A falsehood that is known already does not suspend a device again that was calibrated since.
    function test_contradict_again_reverts() public {
        (IDeviceRegistry.Batch memory batch, IDeviceRegistry.Reading memory reading, bytes32[] memory path) = _lie(0);
        vm.prank(calibrator);
        devices.contradict(batch, reading, path);
        _calibrate();
        bytes4 selector = IDeviceRegistry.DeviceRegistry_AlreadyContradicted.selector;
        _expectContradictReverts(batch, reading, path, abi.encodeWithSelector(selector, deviceId, 1));
        assertEq(uint256(devices.device(deviceId).status), uint256(IDeviceRegistry.Status.Active));
    }

    function test_contradict_honestReading_reverts() public {
        (IDeviceRegistry.Reading[] memory readings, IDeviceRegistry.Batch memory batch) = _anchored(3);
        (, bytes32[] memory path) = _prove(readings, 1);
        _expectContradictReverts(batch, readings[1], path, _noContradiction(2));
        // What was made up is not in the tree.
        readings[1].values[0] = 0;
        _expectContradictReverts(batch, readings[1], path, _noContradiction(2));
    }

    function test_contradict_unknownBatch_reverts() public {
        (IDeviceRegistry.Batch memory batch, IDeviceRegistry.Reading memory reading, bytes32[] memory path) = _lie(0);
        batch.extents[0].min -= 1;
        bytes memory refusal = abi.encodeWithSelector(
            IDeviceRegistry.DeviceRegistry_UnknownBatch.selector,
            deviceId,
            1
        );
        _expectContradictReverts(batch, reading, path, refusal);
        batch.firstCounter = 2;
        refusal = abi.encodeWithSelector(IDeviceRegistry.DeviceRegistry_UnknownBatch.selector, deviceId, 2);
        _expectContradictReverts(batch, reading, path, refusal);
    }

    function test_contradict_stranger_reverts() public {
        (IDeviceRegistry.Batch memory batch, IDeviceRegistry.Reading memory reading, bytes32[] memory path) = _lie(0);
        vm.expectRevert(_notActive(stranger));
        vm.prank(stranger);
        devices.contradict(batch, reading, path);
    }

    // --------------------------------------------------------------------------------------- what others prove

    /// @dev As docs/devices.md says it: mappings in slots 1 and 2, and the first slot of a device from its lowest bits up.
    function test_slots_areWhereDocumented_succeeds() public {
        IDeviceRegistry.Batch memory batch = _batch(_readings(3, 6, NOW - 1 hours));
        _submit(batch);
        IDeviceRegistry.Device memory device = devices.device(deviceId);
        uint256 word = uint256(vm.load(address(devices), keccak256(abi.encode(deviceId, uint256(1)))));
        assertEq(word & 0xff, uint256(device.status));
        assertEq((word >> 8) & 0xffff, BatchFlags.GAP);
        assertEq((word >> 24) & type(uint64).max, 8);
        assertEq((word >> 88) & type(uint40).max, batch.to);
        assertEq((word >> 128) & type(uint40).max, CALIBRATED_FROM);
        assertEq((word >> 168) & type(uint40).max, CALIBRATED_UNTIL);
        assertEq(word >> 208, 1);

        bytes32 batches = keccak256(abi.encode(deviceId, uint256(2)));
        bytes32 stored = vm.load(address(devices), keccak256(abi.encode(uint64(3), batches)));
        assertEq(stored, devices.batchWord(deviceId, 3));
        assertEq(stored, bytes32(bytes30(devices.digestOf(batch))) | bytes32(uint256(BatchFlags.GAP)));
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _anchored(
        uint256 size
    ) private returns (IDeviceRegistry.Reading[] memory readings, IDeviceRegistry.Batch memory batch) {
        readings = _readings(1, size, NOW - 10 hours);
        batch = _batch(readings);
        _submit(batch);
    }

    /// @dev A batch that the device signed, and its second reading, which is not as the batch says.
    function _lie(
        uint256 kind
    )
        private
        returns (IDeviceRegistry.Batch memory batch, IDeviceRegistry.Reading memory reading, bytes32[] memory path)
    {
        IDeviceRegistry.Reading[] memory readings = _readings(1, 3, NOW - 1 hours);
        batch = _batch(readings);
        reading = readings[1];
        if (kind == 0) reading.values[0] = batch.extents[0].max + 1;
        else if (kind == 1) reading.values[1] = batch.extents[1].min - 1;
        else if (kind == 2) reading.time = batch.to + 1;
        else if (kind == 3) reading.time = batch.from - 1;
        else reading.values = new int64[](3);
        (batch.root, path) = _prove(readings, 1);
        _submit(batch);
    }

    function _isProven(
        IDeviceRegistry.Batch memory batch,
        IDeviceRegistry.Reading memory reading,
        bytes32[] memory path
    ) private view returns (bool proven) {
        (proven, ) = devices.verifyReading(batch, reading, path);
    }

    function _expectContradictReverts(
        IDeviceRegistry.Batch memory batch,
        IDeviceRegistry.Reading memory reading,
        bytes32[] memory path,
        bytes memory refusal
    ) private {
        vm.expectRevert(refusal);
        vm.prank(calibrator);
        devices.contradict(batch, reading, path);
    }

    function _noContradiction(uint64 counter) private view returns (bytes memory) {
        return abi.encodeWithSelector(IDeviceRegistry.DeviceRegistry_NoContradiction.selector, deviceId, counter);
    }

    function _resized(bytes32[] memory path, uint256 length) private pure returns (bytes32[] memory resized) {
        resized = new bytes32[](length);
        for (uint256 i = 0; i < length && i < path.length; ++i) resized[i] = path[i];
    }
}
