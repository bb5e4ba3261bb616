// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {BatchFlags} from "../../contracts/trade/devices/BatchFlags.sol";
import {DeviceId, IDeviceRegistry} from "../../contracts/trade/devices/IDeviceRegistry.sol";
import {DeviceWorld} from "../support/DeviceWorld.sol";
import {vm} from "../support/Test.sol";

/// @notice Three devices whose batches come in any order, are replayed and tampered with, while they are suspended, calibrated and
/// given other keys. Keeps its own books and knows from {IDeviceRegistry} what has to be refused, and why.
contract DevicesHandler is DeviceWorld {
    uint256 internal constant DEVICES = 3;

    struct Books {
        uint256 key;
        uint64 counter;
        uint40 lastTime;
        uint32 batches;
        uint64 missing;
        uint64 anchored;
        bool calibrated;
        IDeviceRegistry.Status status;
    }

    mapping(bytes32 path => uint256) public times;

    DeviceId[DEVICES] private _ids;
    Books[DEVICES] private _books;
    /// @dev How often each counter was anchored.
    mapping(uint256 device => mapping(uint256 counter => uint256)) private _anchored;
    /// @dev Calls that anchored something.
    bytes[] private _taken;
    uint256[] private _takenOf;
    uint256 private _keys = 0xAAAA;
    uint256 private _now = NOW;

    /// @dev Time goes only as this contract lets it.
    modifier atNow() {
        vm.warp(_now);
        _;
    }

    function setUp() public override {
        super.setUp();
        for (uint256 i = 0; i < DEVICES; ++i) {
            _books[i].key = ++_keys;
            _ids[i] = _register(_keys);
            _books[i].status = IDeviceRegistry.Status.Active;
            _calibrate(i);
        }
    }

    // ----------------------------------------------------------------------------------- what the runner calls

    /// @param step Where it begins after the last counter; seldom before.
    /// @param time Where it begins after the last time; seldom before or in the future.
    function submit(uint256 device, uint256 step, uint256 time, uint256 count) external atNow {
        device %= DEVICES;
        Books storage books = _books[device];
        count = bound(count, 1, 5);
        uint64 first =
            books.counter + uint64(step % 16 < 12 ? 1 : step % 7) - (step % 16 == 15 && books.counter > 0 ? 1 : 0);
        uint40 from = uint40(books.lastTime == 0 ? _now - 1 hours : books.lastTime);
        if (time % 16 == 15) from = uint40(_now + 6 minutes);
        else if (time % 16 == 14) from -= uint40(time % 900);
        else from += uint40(1 + (time % 900));
        IDeviceRegistry.Reading[] memory readings = _readings(first, count, from);
        for (uint256 i = 0; i < count; ++i) readings[i].time = uint40(from + i);
        deviceId = _ids[device];
        IDeviceRegistry.Batch memory batch = _batch(readings);
        IDeviceRegistry.Signature memory signature = _signBatch(books.key, batch);

        (bytes4 refusal, bytes32 path) = _refusalOf(books, batch);
        ++times[path];
        if (refusal != 0) vm.expectPartialRevert(refusal);
        vm.prank(shipManager);
        uint16 flags = devices.submit(batch, signature);
        if (refusal != 0) return;
        _book(device, batch, signature, flags);
    }

    /// @dev The same words once more.
    function replay(uint256 which) external atNow {
        if (_taken.length == 0) return;
        which %= _taken.length;
        Books storage books = _books[_takenOf[which]];
        bytes4 refusal =
            books.status == IDeviceRegistry.Status.Active
                ? IDeviceRegistry.DeviceRegistry_OldCounter.selector
                : IDeviceRegistry.DeviceRegistry_WrongStatus.selector;
        ++times["replayed"];
        vm.prank(shipManager);
        (bool taken, bytes memory answer) = address(devices).call(_taken[which]);
        assertFalse(taken);
        assertEq(bytes32(bytes4(answer)), bytes32(refusal));
    }

    /// @dev What was signed for one batch, on another one that would be taken.
    function tamper(uint256 device, uint256 by) external atNow {
        device %= DEVICES;
        Books storage books = _books[device];
        uint40 from = uint40(books.lastTime == 0 ? _now - 1 hours : books.lastTime + 1);
        deviceId = _ids[device];
        IDeviceRegistry.Batch memory batch = _batch(_readings(books.counter + 1, 1, from));
        (bytes4 refusal, ) = _refusalOf(books, batch);
        if (refusal != 0) return;
        IDeviceRegistry.Signature memory signature = _signBatch(books.key, batch);
        batch.root = keccak256(abi.encode(batch.root, by));
        ++times["tampered"];
        vm.expectRevert(IDeviceRegistry.DeviceRegistry_InvalidSignature.selector);
        vm.prank(shipManager);
        devices.submit(batch, signature);
    }

    function govern(uint256 device, uint256 action) external atNow {
        device %= DEVICES;
        Books storage books = _books[device];
        action %= 8;
        if (action < 5) {
            _calibrate(device);
        } else if (action < 7) {
            if (books.status != IDeviceRegistry.Status.Active) return;
            vm.prank(shipOwner);
            devices.suspend(_ids[device]);
            books.status = IDeviceRegistry.Status.Suspended;
        } else {
            books.key = ++_keys;
            deviceId = _ids[device];
            _replaceKey(_keys);
            books.calibrated = false;
            ++times["key replaced"];
        }
    }

    /// @dev A device that says of its one reading what is not so.
    function contradict(uint256 device) external atNow {
        device %= DEVICES;
        Books storage books = _books[device];
        uint40 from = uint40(books.lastTime == 0 ? _now - 1 hours : books.lastTime + 1);
        deviceId = _ids[device];
        IDeviceRegistry.Reading[] memory readings = _readings(books.counter + 1, 1, from);
        IDeviceRegistry.Batch memory batch = _batch(readings);
        (bytes4 refusal, ) = _refusalOf(books, batch);
        if (refusal != 0) return;
        batch.extents[0].max -= 1;
        batch.extents[0].min -= 1;
        IDeviceRegistry.Signature memory signature = _signBatch(books.key, batch);
        vm.prank(shipManager);
        _book(device, batch, signature, devices.submit(batch, signature));
        vm.prank(calibrator);
        devices.contradict(batch, readings[0], new bytes32[](0));
        books.status = IDeviceRegistry.Status.Suspended;
        ++times["contradicted"];
    }

    function wait(uint256 seconds_) external {
        _now += seconds_ % 1 hours;
    }

    // ----------------------------------------------------------------------------------------------- asserting

    function assertBooks() external view {
        for (uint256 i = 0; i < DEVICES; ++i) {
            Books storage books = _books[i];
            IDeviceRegistry.Device memory device = devices.device(_ids[i]);
            assertEq(uint256(device.counter), books.counter);
            assertEq(uint256(device.lastTime), books.lastTime);
            assertEq(uint256(device.batches), books.batches);
            assertEq(uint256(device.status), uint256(books.status));
            assertEq(uint256(books.anchored) + books.missing, books.counter);
            assertEq(device.flags & BatchFlags.GAP != 0, books.missing > 0);
            for (uint256 counter = 1; counter <= books.counter; ++counter) {
                assertLe(_anchored[i][counter], 1);
            }
        }
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _refusalOf(
        Books storage books,
        IDeviceRegistry.Batch memory batch
    ) private view returns (bytes4, bytes32) {
        if (books.status != IDeviceRegistry.Status.Active) {
            return (IDeviceRegistry.DeviceRegistry_WrongStatus.selector, "wrong status");
        }
        if (batch.firstCounter <= books.counter) {
            return (IDeviceRegistry.DeviceRegistry_OldCounter.selector, "old counter");
        }
        if (batch.from <= books.lastTime) {
            return (IDeviceRegistry.DeviceRegistry_ClockWentBack.selector, "clock went back");
        }
        if (batch.to > _now + 5 minutes) return (IDeviceRegistry.DeviceRegistry_InFuture.selector, "in future");
        if (!books.calibrated) return (IDeviceRegistry.DeviceRegistry_NotCalibrated.selector, "not calibrated");
        return (0, batch.firstCounter > books.counter + 1 ? bytes32("gap") : bytes32("anchored"));
    }

    function _book(
        uint256 device,
        IDeviceRegistry.Batch memory batch,
        IDeviceRegistry.Signature memory signature,
        uint16 flags
    ) private {
        Books storage books = _books[device];
        uint64 missing = batch.firstCounter - books.counter - 1;
        assertEq(flags & BatchFlags.GAP != 0, missing > 0);
        books.missing += missing;
        books.anchored += batch.count;
        books.counter = batch.firstCounter + batch.count - 1;
        books.lastTime = batch.to;
        ++books.batches;
        for (uint256 i = 0; i < batch.count; ++i) ++_anchored[device][batch.firstCounter + i];
        _taken.push(abi.encodeCall(IDeviceRegistry.submit, (batch, signature)));
        _takenOf.push(device);
    }

    function _calibrate(uint256 device) private {
        Books storage books = _books[device];
        bytes32 keyHash = keccak256(abi.encode(_publicKey(books.key)));
        vm.prank(calibrator);
        devices.calibrate(_ids[device], keyHash, CALIBRATED_FROM, CALIBRATED_UNTIL);
        books.calibrated = true;
        books.status = IDeviceRegistry.Status.Active;
        ++times["calibrated"];
    }
}
