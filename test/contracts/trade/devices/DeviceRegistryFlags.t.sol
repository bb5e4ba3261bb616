// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {BatchFlags} from "../../../../contracts/trade/devices/BatchFlags.sol";
import {IDeviceRegistry} from "../../../../contracts/trade/devices/IDeviceRegistry.sol";
import {DeviceWorld} from "../../../support/DeviceWorld.sol";
import {vm} from "../../../support/Test.sol";

/// @notice {IDeviceRegistry-submit}: what is taken and flagged.
contract DeviceRegistryFlagsTest is DeviceWorld {
    function test_submit_gap_flags() public {
        _submit(_firstBatch());
        IDeviceRegistry.Batch memory batch = _batch(_readings(10, 2, NOW - 1 hours + 9 * INTERVAL));
        vm.warp(NOW + 1 hours);
        IDeviceRegistry.Signature memory signature = _signBatch(KEY, batch);
        vm.expectEmit(address(devices));
        emit IDeviceRegistry.BatchAnchored(deviceId, 10, batch, BatchFlags.GAP, 3);
        vm.prank(shipManager);
        devices.submit(batch, signature);
        assertEq(uint256(devices.device(deviceId).flags), BatchFlags.GAP);
        assertEq(uint256(devices.batchWord(deviceId, 10)) & 0xffff, BatchFlags.GAP);
    }

    function test_submit_firstReadingsMissing_flags() public {
        assertEq(uint256(_submit(_batch(_readings(2, 3, NOW - 1 hours)))), BatchFlags.GAP);
    }

    function test_submit_pause_flags() public {
        _submit(_firstBatch());
        uint40 last = devices.device(deviceId).lastTime;
        vm.warp(NOW + 1 days);
        // An eighth of the interval is a clock's tolerance.
        uint40 longest = last + INTERVAL + INTERVAL / 8 + MAX_SILENCE;
        uint256 snapshot = vm.snapshotState();
        assertEq(uint256(_submit(_batch(_readings(7, 2, longest)))), 0);
        vm.revertToState(snapshot);
        assertEq(uint256(_submit(_batch(_readings(7, 2, longest + 1)))), BatchFlags.SILENCE);
    }

    function test_submit_pauseWithin_flags() public {
        IDeviceRegistry.Batch memory batch = _firstBatch();
        batch.from = batch.to - 5 * INTERVAL - (5 * INTERVAL) / 8 - MAX_SILENCE - 1;
        assertEq(uint256(_submit(batch)), BatchFlags.SILENCE);
    }

    function test_submit_tooDense_flags() public {
        IDeviceRegistry.Batch memory batch = _firstBatch();
        batch.to = batch.from + 5 * INTERVAL - (5 * INTERVAL) / 8 - MAX_SILENCE - 1;
        assertEq(uint256(_submit(batch)), BatchFlags.CLOCK_JUMP);
    }

    /// @dev The counter was put forward by a day's readings, the clock was not.
    function test_submit_gapWithoutTime_flags() public {
        _submit(_firstBatch());
        uint40 next = devices.device(deviceId).lastTime + INTERVAL;
        vm.warp(next + INTERVAL);
        uint16 flags = _submit(_batch(_readings(7 + 144, 1, next)));
        assertEq(uint256(flags), BatchFlags.GAP | BatchFlags.CLOCK_JUMP);
    }

    function test_submit_beyondLimits_flags() public {
        IDeviceRegistry.Batch memory batch = _firstBatch();
        uint256 snapshot = vm.snapshotState();
        batch.extents[0].max = -14_99;
        assertEq(uint256(_submit(batch)), BatchFlags.LIMIT);
        vm.revertToState(snapshot);
        batch.extents[0] = IDeviceRegistry.Extent(-30_01, -20_00);
        assertEq(uint256(_submit(batch)), BatchFlags.LIMIT);
    }

    function test_submit_late_flags() public {
        IDeviceRegistry.Batch memory batch = _firstBatch();
        uint256 snapshot = vm.snapshotState();
        vm.warp(batch.to + MAX_DELAY);
        assertEq(uint256(_submit(batch)), 0);
        vm.revertToState(snapshot);
        vm.warp(batch.to + MAX_DELAY + 1);
        assertEq(uint256(_submit(batch)), BatchFlags.LATE);
    }

    function test_submit_flagsAddUp_succeeds() public {
        IDeviceRegistry.Batch memory batch = _firstBatch();
        batch.extents[0].max = 0;
        _submit(batch);
        vm.warp(NOW + 1 days);
        _submit(_batch(_readings(9, 1, NOW - 1 hours + 8 * INTERVAL)));
        assertEq(uint256(devices.device(deviceId).flags), BatchFlags.LIMIT | BatchFlags.GAP);
    }
}
