// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {DeviceId, IDeviceRegistry} from "../../../../contracts/trade/devices/IDeviceRegistry.sol";
import {DeviceWorld} from "../../../support/DeviceWorld.sol";
import {vm} from "../../../support/Test.sol";

/// @notice {IDeviceRegistry-submit}: what is taken, and what is refused.
contract DeviceRegistrySubmitTest is DeviceWorld {
    // ------------------------------------------------------------------------------------------------ accepted

    function test_submit_first_succeeds() public {
        IDeviceRegistry.Batch memory batch = _firstBatch();
        IDeviceRegistry.Signature memory signature = _signBatch(KEY, batch);
        vm.expectEmit(address(devices));
        emit IDeviceRegistry.BatchAnchored(deviceId, 1, batch, 0, 0);
        vm.prank(shipManager);
        assertEq(uint256(devices.submit(batch, signature)), 0);

        IDeviceRegistry.Device memory device = devices.device(deviceId);
        assertEq(uint256(device.counter), 6);
        assertEq(uint256(device.lastTime), batch.to);
        assertEq(uint256(device.batches), 1);
        assertEq(uint256(device.flags), 0);
        assertEq(devices.batchWord(deviceId, 1), bytes32(bytes30(devices.digestOf(batch))));
        assertEq(devices.batchWord(deviceId, 2), 0);
    }

    function test_submit_next_succeeds() public {
        _submit(_firstBatch());
        assertEq(uint256(_submit(_following())), 0);
        assertEq(uint256(devices.device(deviceId).counter), 8);
        assertEq(uint256(devices.device(deviceId).batches), 2);
    }

    function test_submit_one_succeeds() public {
        assertEq(uint256(_submit(_batch(_readings(1, 1, NOW)))), 0);
    }

    function test_submit_atTheEdges_succeeds() public {
        IDeviceRegistry.Batch memory batch = _batch(_readings(1, 1, NOW));
        (batch.from, batch.to) = (NOW + 5 minutes, NOW + 5 minutes);
        batch.extents[0] = IDeviceRegistry.Extent(-30_00, -15_00);
        assertEq(uint256(_submit(batch)), 0);
    }

    function test_submit_lastCounter_succeeds() public {
        IDeviceRegistry.Batch memory batch = _firstBatch();
        batch.firstCounter = type(uint64).max - 5;
        _submit(batch);
        assertEq(uint256(devices.device(deviceId).counter), type(uint64).max);
    }

    function test_digestOf_isWhatIsDocumented_succeeds() public view {
        IDeviceRegistry.Batch memory batch = _firstBatch();
        bytes32 tag = "huangpu device batch/1";
        assertEq(devices.digestOf(batch), sha256(abi.encode(tag, block.chainid, devices, batch)));
    }

    // ------------------------------------------------------------------------------------------------- refused

    function test_submit_wrongKey_reverts() public {
        IDeviceRegistry.Batch memory batch = _firstBatch();
        _expectRefused(batch, _signBatch(OTHER_KEY, batch), _invalidSignature());
    }

    function test_submit_replacedKey_reverts() public {
        _replaceKey(OTHER_KEY);
        vm.prank(calibrator);
        devices.calibrate(deviceId, keccak256(abi.encode(_publicKey(OTHER_KEY))), CALIBRATED_FROM, CALIBRATED_UNTIL);
        IDeviceRegistry.Batch memory batch = _firstBatch();
        _expectRefused(batch, _signBatch(KEY, batch), _invalidSignature());
        IDeviceRegistry.Signature memory signature = _signBatch(OTHER_KEY, batch);
        vm.prank(shipManager);
        devices.submit(batch, signature);
    }

    function test_submit_highS_reverts() public {
        IDeviceRegistry.Batch memory batch = _firstBatch();
        IDeviceRegistry.Signature memory signature = _signBatch(KEY, batch);
        signature.s = bytes32(N - uint256(signature.s));
        _expectRefused(batch, signature, _invalidSignature());
    }

    function testFuzz_submit_garbledSignature_reverts(bytes32 r, bytes32 s) public {
        _expectRefused(_firstBatch(), IDeviceRegistry.Signature(r, s), _invalidSignature());
    }

    function test_submit_degenerateSignatures_reverts() public {
        IDeviceRegistry.Batch memory batch = _firstBatch();
        bytes32[5] memory values = [bytes32(0), bytes32(uint256(1)), bytes32(N), bytes32(N - 1), bytes32(N / 2)];
        for (uint256 i = 0; i < values.length; ++i) {
            for (uint256 j = 0; j < values.length; ++j) {
                _expectRefused(batch, IDeviceRegistry.Signature(values[i], values[j]), _invalidSignature());
            }
        }
    }

    /// @param field Which one is changed after signing.
    function testFuzz_submit_tampered_reverts(uint256 field, uint256 by) public {
        IDeviceRegistry.Batch memory batch = _firstBatch();
        IDeviceRegistry.Signature memory signature = _signBatch(KEY, batch);
        field = bound(field, 0, 5);
        by = bound(by, 1, 1_000);
        if (field == 0) batch.firstCounter += uint64(by);
        else if (field == 1) batch.count += uint32(by);
        else if (field == 2) batch.from -= uint40(by);
        else if (field == 3) batch.to -= uint40(by);
        else if (field == 4) batch.root ^= bytes32(by);
        else batch.extents[by % 2].max += int64(uint64(by));
        _expectRefused(batch, signature, _invalidSignature());
    }

    function test_submit_signedForAnotherChain_reverts() public {
        IDeviceRegistry.Batch memory batch = _firstBatch();
        IDeviceRegistry.Signature memory signature = _signBatch(KEY, batch);
        vm.chainId(block.chainid + 1);
        _expectRefused(batch, signature, _invalidSignature());
    }

    function test_submit_signedForAnotherRegistry_reverts() public {
        IDeviceRegistry.Batch memory batch = _firstBatch();
        IDeviceRegistry.Signature memory signature = _signBatch(KEY, batch);
        IDeviceRegistry first = devices;
        devices = IDeviceRegistry(_deploy("DeviceRegistry.sol:DeviceRegistry", abi.encode(manager, participants)));
        _allow(address(devices), IDeviceRegistry.setCalibrator.selector, ACCREDITOR);
        vm.prank(accreditor);
        devices.setCalibrator(calibrator, true);
        _register(KEY);
        _calibrate();
        _expectRefused(batch, signature, _invalidSignature());
        vm.prank(shipManager);
        first.submit(batch, signature);
    }

    function test_submit_ofAnotherDevice_reverts() public {
        IDeviceRegistry.Batch memory batch = _firstBatch();
        batch.deviceId = _register(OTHER_KEY);
        vm.prank(calibrator);
        devices.calibrate(batch.deviceId, DeviceId.unwrap(batch.deviceId), CALIBRATED_FROM, CALIBRATED_UNTIL);
        _expectRefused(batch, _signBatch(KEY, batch), _invalidSignature());
    }

    function test_submit_replayed_reverts() public {
        IDeviceRegistry.Batch memory batch = _firstBatch();
        _submit(batch);
        _expectRefused(batch, _oldCounter(1, 6));
    }

    function test_submit_overlapping_reverts() public {
        _submit(_firstBatch());
        _expectRefused(_batch(_readings(6, 3, NOW)), _oldCounter(6, 6));
    }

    function test_submit_passedOver_reverts() public {
        _submit(_batch(_readings(5, 2, NOW - 30 minutes)));
        _expectRefused(_batch(_readings(1, 4, NOW - 15 minutes)), _oldCounter(1, 6));
    }

    function test_submit_counterZero_reverts() public {
        _expectRefused(_batch(_readings(0, 3, NOW - 1 hours)), _oldCounter(0, 0));
    }

    function test_submit_badCounts_reverts() public {
        bytes4 selector = IDeviceRegistry.DeviceRegistry_InvalidCount.selector;
        IDeviceRegistry.Batch memory batch = _firstBatch();
        batch.count = 0;
        _expectRefused(batch, abi.encodeWithSelector(selector, 1, 0));
        batch.count = 65_537;
        _expectRefused(batch, abi.encodeWithSelector(selector, 1, 65_537));
        (batch.firstCounter, batch.count) = (type(uint64).max, 2);
        _expectRefused(batch, abi.encodeWithSelector(selector, type(uint64).max, 2));
    }

    function test_submit_badTimes_reverts() public {
        IDeviceRegistry.Batch memory batch = _firstBatch();
        bytes4 selector = IDeviceRegistry.DeviceRegistry_InvalidTimes.selector;
        batch.to = batch.from + 4; // six readings need five seconds
        _expectRefused(batch, abi.encodeWithSelector(selector, batch.from, batch.to));
        batch.to = batch.from - 1;
        _expectRefused(batch, abi.encodeWithSelector(selector, batch.from, batch.to));
        (batch.count, batch.to) = (1, batch.from + 1);
        _expectRefused(batch, abi.encodeWithSelector(selector, batch.from, batch.to));
    }

    function test_submit_clockWentBack_reverts() public {
        _submit(_firstBatch());
        uint40 last = devices.device(deviceId).lastTime;
        bytes4 selector = IDeviceRegistry.DeviceRegistry_ClockWentBack.selector;
        _expectRefused(_batch(_readings(7, 1, last)), abi.encodeWithSelector(selector, deviceId, last, last));
    }

    function test_submit_fromTheFuture_reverts() public {
        uint40 time = NOW + 5 minutes + 1;
        bytes4 selector = IDeviceRegistry.DeviceRegistry_InFuture.selector;
        _expectRefused(_batch(_readings(1, 1, time)), abi.encodeWithSelector(selector, time));
    }

    function test_submit_badExtents_reverts() public {
        bytes4 selector = IDeviceRegistry.DeviceRegistry_InvalidExtents.selector;
        IDeviceRegistry.Batch memory batch = _firstBatch();
        batch.extents[1].min = batch.extents[1].max + 1;
        _expectRefused(batch, abi.encodeWithSelector(selector));
        batch.extents = new IDeviceRegistry.Extent[](1);
        _expectRefused(batch, abi.encodeWithSelector(selector));
        batch.extents = new IDeviceRegistry.Extent[](3);
        _expectRefused(batch, abi.encodeWithSelector(selector));
    }

    function test_submit_calibrationExpired_reverts() public {
        vm.warp(CALIBRATED_UNTIL + 1);
        _expectRefused(
            _batch(_readings(1, 1, CALIBRATED_UNTIL + 1)),
            _notCalibrated(CALIBRATED_FROM, CALIBRATED_UNTIL)
        );
        assertEq(uint256(_submit(_batch(_readings(1, 1, CALIBRATED_UNTIL)))), 0);
    }

    function test_submit_beforeCalibration_reverts() public {
        _expectRefused(_batch(_readings(1, 2, CALIBRATED_FROM - 1)), _notCalibrated(CALIBRATED_FROM, CALIBRATED_UNTIL));
    }

    function test_submit_keyReplaced_reverts() public {
        _replaceKey(OTHER_KEY);
        IDeviceRegistry.Batch memory batch = _firstBatch();
        _expectRefused(batch, _signBatch(OTHER_KEY, batch), _notCalibrated(0, 0));
    }

    function test_submit_calibratorNotAccredited_reverts() public {
        vm.prank(accreditor);
        devices.setCalibrator(calibrator, false);
        bytes4 selector = IDeviceRegistry.DeviceRegistry_NotCalibrator.selector;
        _expectRefused(_firstBatch(), abi.encodeWithSelector(selector, calibrator));
    }

    function test_submit_calibratorSuspended_reverts() public {
        _suspend(calibrator);
        bytes4 selector = IDeviceRegistry.DeviceRegistry_NotCalibrator.selector;
        _expectRefused(_firstBatch(), abi.encodeWithSelector(selector, calibrator));
    }

    function test_submit_suspendedDevice_reverts() public {
        vm.prank(shipManager);
        devices.suspend(deviceId);
        _expectRefused(_firstBatch(), _wrongStatus(deviceId, IDeviceRegistry.Status.Suspended));
    }

    function test_submit_retiredDevice_reverts() public {
        vm.prank(shipOwner);
        devices.retire(deviceId);
        _expectRefused(_firstBatch(), _wrongStatus(deviceId, IDeviceRegistry.Status.Retired));
    }

    function test_submit_suspendedOperator_reverts() public {
        _suspend(shipManager);
        _expectRefused(_firstBatch(), _notActive(shipManager));
    }

    function testFuzz_submit_notOperator_reverts(address caller) public {
        vm.assume(caller != shipManager && caller != address(vm));
        IDeviceRegistry.Batch memory batch = _firstBatch();
        _expectRefusedBy(caller, batch, _signBatch(KEY, batch), _notOperator(deviceId, caller));
    }

    function test_submit_unknownDevice_reverts() public {
        IDeviceRegistry.Batch memory batch = _firstBatch();
        batch.deviceId = DeviceId.wrap("no device");
        _expectRefused(batch, _notOperator(batch.deviceId, shipManager));
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _following() private returns (IDeviceRegistry.Batch memory) {
        uint40 next = devices.device(deviceId).lastTime + INTERVAL;
        vm.warp(next + INTERVAL);
        return _batch(_readings(7, 2, next));
    }

    function _expectRefused(IDeviceRegistry.Batch memory batch, bytes memory refusal) private {
        _expectRefused(batch, _signBatch(KEY, batch), refusal);
    }

    function _expectRefused(
        IDeviceRegistry.Batch memory batch,
        IDeviceRegistry.Signature memory signature,
        bytes memory refusal
    ) private {
        _expectRefusedBy(shipManager, batch, signature, refusal);
    }

    /// @dev Nothing changes either.
    function _expectRefusedBy(
        address caller,
        IDeviceRegistry.Batch memory batch,
        IDeviceRegistry.Signature memory signature,
        bytes memory refusal
    ) private {
        bytes32 before = keccak256(abi.encode(devices.device(batch.deviceId)));
        vm.expectRevert(refusal);
        vm.prank(caller);
        devices.submit(batch, signature);
        assertEq(keccak256(abi.encode(devices.device(batch.deviceId))), before);
    }

    function _oldCounter(uint64 counter, uint64 last) private view returns (bytes memory) {
        return abi.encodeWithSelector(IDeviceRegistry.DeviceRegistry_OldCounter.selector, deviceId, counter, last);
    }

    function _notCalibrated(uint40 from, uint40 until) private view returns (bytes memory) {
        return abi.encodeWithSelector(IDeviceRegistry.DeviceRegistry_NotCalibrated.selector, deviceId, from, until);
    }

    function _notOperator(DeviceId id, address caller) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IDeviceRegistry.DeviceRegistry_NotOperator.selector, id, caller);
    }
}
