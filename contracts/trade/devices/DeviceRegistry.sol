// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";

import {IParticipants, Lei} from "../../access/IParticipants.sol";
import {BatchFlags} from "./BatchFlags.sol";
import {DeviceId, IDeviceRegistry} from "./IDeviceRegistry.sol";
import {ReadingTree} from "./ReadingTree.sol";

/// @title DeviceRegistry
/// @notice Guarantees that a batch was signed by the device's key for this registry; that counters and times of a device only grow,
/// so that each reading counts at most once and batches never overlap; that every counter that was passed over is said; and that
/// no reading is taken that no calibration covers. Trusts ACCREDITOR for who calibrates, calibrators for what a device is and where
/// its key lives, and the device for what it measured. Its owner cannot speak for it, nor can its operator: they can only keep
/// back what it said, which shows as a gap.
contract DeviceRegistry is IDeviceRegistry, AccessManaged {
    bytes32 private constant BATCH_TAG = "huangpu device batch/1";
    bytes32 private constant REGISTRATION_TAG = "huangpu device registration/1";
    bytes32 private constant KEY_TAG = "huangpu device key/1";
    uint256 private constant MAX_QUANTITIES = 8;
    uint256 private constant MAX_DECIMALS = 9;
    uint256 private constant MAX_READINGS = 65_536;
    uint256 private constant MAX_DRIFT = 5 minutes;
    uint256 private constant MAX_CALIBRATION = 5 * 365 days;
    /// @dev A clock may tick this part slower or faster than the profile says.
    uint256 private constant TOLERANCE = 8;

    IParticipants public immutable participants;

    mapping(DeviceId deviceId => Device) private _devices;
    mapping(DeviceId deviceId => mapping(uint64 firstCounter => bytes32)) private _batches;
    mapping(DeviceId deviceId => Quantity[]) private _quantities;
    /// @inheritdoc IDeviceRegistry
    mapping(bytes32 keyHash => bool) public isKeyUsed;
    /// @inheritdoc IDeviceRegistry
    mapping(address account => bool) public isCalibrator;

    constructor(address initialAuthority, IParticipants participantRegistry) AccessManaged(initialAuthority) {
        participants = participantRegistry;
    }

    // -------------------------------------------------------------------------------------------------- owning

    /// @inheritdoc IDeviceRegistry
    function register(
        Registration calldata registration,
        Signature calldata signature
    ) external returns (DeviceId deviceId) {
        participants.requireActive(msg.sender);
        require(registration.profile.interval != 0, DeviceRegistry_InvalidProfile());
        deviceId = DeviceId.wrap(_useKey(registration.key));
        bytes memory message = abi.encode(REGISTRATION_TAG, block.chainid, address(this), msg.sender, registration);
        _requireSigned(sha256(message), signature, registration.key);

        Device storage registered = _devices[deviceId];
        registered.status = Status.Active;
        registered.key = registration.key;
        registered.owner = msg.sender;
        registered.profile = registration.profile;
        registered.operator = registration.operator;
        _setQuantities(deviceId, registration.quantities);
        emit DeviceRegistered(deviceId, msg.sender, registration);
    }

    /// @inheritdoc IDeviceRegistry
    function replaceKey(DeviceId deviceId, Key calldata key, Signature calldata signature) external {
        Device storage owned = _owned(deviceId);
        _useKey(key);
        bytes memory message = abi.encode(KEY_TAG, block.chainid, address(this), deviceId, key);
        _requireSigned(sha256(message), signature, key);
        owned.key = key;
        (owned.calibratedFrom, owned.calibratedUntil) = (0, 0);
        emit KeyReplaced(deviceId, key);
    }

    /// @inheritdoc IDeviceRegistry
    function setOperator(DeviceId deviceId, address operator) external {
        Device storage owned = _owned(deviceId);
        if (owned.calibrator != address(0)) _requireIndependent(owned.calibrator, operator);
        owned.operator = operator;
        emit OperatorChanged(deviceId, operator);
    }

    /// @inheritdoc IDeviceRegistry
    function retire(DeviceId deviceId) external {
        _owned(deviceId).status = Status.Retired;
        emit DeviceRetired(deviceId);
    }

    // ----------------------------------------------------------------------------------------- vouching for it

    /// @inheritdoc IDeviceRegistry
    function calibrate(DeviceId deviceId, bytes32 keyHash, uint40 from, uint40 until) external {
        _requireCalibrator(msg.sender);
        Device storage found = _alive(deviceId);
        require(keccak256(abi.encode(found.key)) == keyHash, DeviceRegistry_OtherKey(deviceId, keyHash));
        require(
            from <= block.timestamp && until > block.timestamp && until <= block.timestamp + MAX_CALIBRATION,
            DeviceRegistry_InvalidCalibration(from, until)
        );
        _requireIndependent(msg.sender, found.owner);
        _requireIndependent(msg.sender, found.operator);
        found.status = Status.Active;
        (found.calibratedFrom, found.calibratedUntil, found.calibrator) = (from, until, msg.sender);
        emit DeviceCalibrated(deviceId, msg.sender, from, until);
    }

    /// @inheritdoc IDeviceRegistry
    function suspend(DeviceId deviceId) external {
        Device storage found = _devices[deviceId];
        require(
            msg.sender == found.owner || msg.sender == found.operator || msg.sender == found.calibrator,
            DeviceRegistry_NotConcerned(deviceId, msg.sender)
        );
        participants.requireActive(msg.sender);
        _suspend(deviceId, found);
    }

    /// @inheritdoc IDeviceRegistry
    function setCalibrator(address calibrator, bool accredited) external restricted {
        isCalibrator[calibrator] = accredited;
        emit CalibratorSet(calibrator, accredited);
    }

    // ---------------------------------------------------------------------------------------------- submitting

    /// @inheritdoc IDeviceRegistry
    function submit(Batch calldata batch, Signature calldata signature) external returns (uint16 flags) {
        Device storage sender = _devices[batch.deviceId];
        require(msg.sender == sender.operator, DeviceRegistry_NotOperator(batch.deviceId, msg.sender));
        participants.requireActive(msg.sender);
        require(sender.status == Status.Active, DeviceRegistry_WrongStatus(batch.deviceId, sender.status));
        _requireInOrder(batch, sender);
        _requireCalibrated(batch, sender);
        bytes32 digest = digestOf(batch);
        _requireSigned(digest, signature, sender.key);

        uint64 missing = batch.firstCounter - sender.counter - 1; // is greater, as checked
        flags = _flagsOf(batch, sender, missing);
        sender.flags |= flags;
        sender.counter = batch.firstCounter + (batch.count - 1); // in this order, up to the last there is
        sender.lastTime = batch.to;
        ++sender.batches;
        _batches[batch.deviceId][batch.firstCounter] = _word(digest, flags);
        emit BatchAnchored(batch.deviceId, batch.firstCounter, batch, flags, missing);
    }

    /// @inheritdoc IDeviceRegistry
    function contradict(Batch calldata batch, Reading calldata reading, bytes32[] calldata path) external {
        participants.requireActive(msg.sender);
        bytes32 word = _batches[batch.deviceId][batch.firstCounter];
        bytes32 digest = digestOf(batch);
        require(_isOf(word, digest), DeviceRegistry_UnknownBatch(batch.deviceId, batch.firstCounter));
        require(
            _flagsIn(word) & BatchFlags.CONTRADICTED == 0,
            DeviceRegistry_AlreadyContradicted(batch.deviceId, batch.firstCounter)
        );
        require(
            _isIn(batch, reading, path) && !_isWithin(batch, reading),
            DeviceRegistry_NoContradiction(batch.deviceId, reading.counter)
        );
        Device storage liar = _devices[batch.deviceId];
        liar.flags |= BatchFlags.CONTRADICTED;
        _batches[batch.deviceId][batch.firstCounter] = _word(digest, _flagsIn(word) | BatchFlags.CONTRADICTED);
        emit BatchContradicted(batch.deviceId, batch.firstCounter, reading.counter, msg.sender);
        if (liar.status == Status.Active) _suspend(batch.deviceId, liar);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc IDeviceRegistry
    function verifyReading(
        Batch calldata batch,
        Reading calldata reading,
        bytes32[] calldata path
    ) external view returns (bool proven, uint16 flags) {
        bytes32 word = _batches[batch.deviceId][batch.firstCounter];
        proven = _isOf(word, digestOf(batch)) && _isIn(batch, reading, path) && _isWithin(batch, reading);
        flags = _flagsIn(word);
    }

    /// @inheritdoc IDeviceRegistry
    function batchWord(DeviceId deviceId, uint64 firstCounter) external view returns (bytes32) {
        return _batches[deviceId][firstCounter];
    }

    /// @inheritdoc IDeviceRegistry
    function device(DeviceId deviceId) external view returns (Device memory) {
        return _devices[deviceId];
    }

    /// @inheritdoc IDeviceRegistry
    function quantitiesOf(DeviceId deviceId) external view returns (Quantity[] memory) {
        return _quantities[deviceId];
    }

    /// @inheritdoc IDeviceRegistry
    function digestOf(Batch calldata batch) public view returns (bytes32) {
        return sha256(abi.encode(BATCH_TAG, block.chainid, address(this), batch));
    }

    // --------------------------------------------------------------------------------------- internal: judging

    function _requireInOrder(Batch calldata batch, Device storage sender) private view {
        (uint64 first, uint32 count) = (batch.firstCounter, batch.count);
        require(first > sender.counter, DeviceRegistry_OldCounter(batch.deviceId, first, sender.counter));
        require(
            count > 0 && count <= MAX_READINGS && uint256(first) + count - 1 <= type(uint64).max,
            DeviceRegistry_InvalidCount(first, count)
        );
        (uint40 from, uint40 to) = (batch.from, batch.to);
        require(from > sender.lastTime, DeviceRegistry_ClockWentBack(batch.deviceId, from, sender.lastTime));
        require(
            uint256(to) >= uint256(from) + count - 1 && (count > 1 || from == to),
            DeviceRegistry_InvalidTimes(from, to)
        );
        require(to <= block.timestamp + MAX_DRIFT, DeviceRegistry_InFuture(to));
    }

    function _requireCalibrated(Batch calldata batch, Device storage sender) private view {
        (uint40 from, uint40 until) = (sender.calibratedFrom, sender.calibratedUntil);
        require(batch.from >= from && batch.to <= until, DeviceRegistry_NotCalibrated(batch.deviceId, from, until));
        _requireCalibrator(sender.calibrator);
    }

    function _flagsOf(Batch calldata batch, Device storage sender, uint64 missing) private view returns (uint16 flags) {
        Profile memory profile = sender.profile;
        if (missing > 0) flags |= BatchFlags.GAP;
        if (sender.lastTime > 0) flags |= _pace(batch.from - sender.lastTime, uint256(missing) + 1, profile);
        flags |= _pace(batch.to - batch.from, batch.count - 1, profile);
        if (block.timestamp > uint256(batch.to) + profile.maxDelay) flags |= BatchFlags.LATE;
        if (_isBeyondLimits(batch)) flags |= BatchFlags.LIMIT;
    }

    /// @dev What is odd about this many seconds for this many steps from one reading to the next.
    function _pace(uint256 elapsed, uint256 steps, Profile memory profile) private pure returns (uint16) {
        uint256 expected = steps * profile.interval;
        uint256 slack = profile.maxSilence + expected / TOLERANCE;
        if (elapsed > expected + slack) return BatchFlags.SILENCE;
        return elapsed + slack < expected ? BatchFlags.CLOCK_JUMP : 0;
    }

    function _isBeyondLimits(Batch calldata batch) private view returns (bool beyond) {
        Quantity[] storage quantities = _quantities[batch.deviceId];
        uint256 count = quantities.length;
        require(batch.extents.length == count, DeviceRegistry_InvalidExtents());
        for (uint256 i = 0; i < count; ++i) {
            (int64 min, int64 max) = (batch.extents[i].min, batch.extents[i].max);
            require(min <= max, DeviceRegistry_InvalidExtents());
            Quantity storage quantity = quantities[i];
            if (min < quantity.min || max > quantity.max) beyond = true;
        }
    }

    /// @dev Whether the tree of the batch has the reading in the place that its counter has.
    function _isIn(
        Batch calldata batch,
        Reading calldata reading,
        bytes32[] calldata path
    ) private pure returns (bool) {
        if (reading.counter < batch.firstCounter) return false;
        uint64 index = reading.counter - batch.firstCounter;
        if (index >= batch.count) return false;
        return ReadingTree.contains(batch.root, batch.count, index, ReadingTree.leafOf(reading), path);
    }

    /// @dev Whether the reading is as the batch says of all its readings.
    function _isWithin(Batch calldata batch, Reading calldata reading) private pure returns (bool) {
        if (reading.time < batch.from || reading.time > batch.to) return false;
        if (reading.values.length != batch.extents.length) return false;
        for (uint256 i = 0; i < reading.values.length; ++i) {
            int64 value = reading.values[i];
            if (value < batch.extents[i].min || value > batch.extents[i].max) return false;
        }
        return true;
    }

    // ------------------------------------------------------------------------------ internal: keys and parties

    function _useKey(Key calldata key) private returns (bytes32 keyHash) {
        keyHash = keccak256(abi.encode(key));
        require(!isKeyUsed[keyHash], DeviceRegistry_KeyUsed(keyHash));
        isKeyUsed[keyHash] = true;
    }

    function _requireSigned(bytes32 digest, Signature calldata signature, Key memory key) private view {
        bool valid = P256.verify(digest, signature.r, signature.s, key.x, key.y);
        require(valid, DeviceRegistry_InvalidSignature());
    }

    function _setQuantities(DeviceId deviceId, Quantity[] calldata quantities) private {
        uint256 count = quantities.length;
        require(count > 0 && count <= MAX_QUANTITIES, DeviceRegistry_InvalidQuantities());
        for (uint256 i = 0; i < count; ++i) {
            Quantity calldata quantity = quantities[i];
            require(
                quantity.kind != 0 &&
                    quantity.unit[0] != 0 &&
                    quantity.decimals <= MAX_DECIMALS &&
                    quantity.min <= quantity.max,
                DeviceRegistry_InvalidQuantities()
            );
            _quantities[deviceId].push(quantity);
        }
    }

    function _suspend(DeviceId deviceId, Device storage found) private {
        require(found.status == Status.Active, DeviceRegistry_WrongStatus(deviceId, found.status));
        found.status = Status.Suspended;
        emit DeviceSuspended(deviceId, msg.sender);
    }

    function _owned(DeviceId deviceId) private view returns (Device storage owned) {
        owned = _alive(deviceId);
        require(owned.owner == msg.sender, DeviceRegistry_NotOwner(deviceId, msg.sender));
        participants.requireActive(msg.sender);
    }

    function _alive(DeviceId deviceId) private view returns (Device storage found) {
        found = _devices[deviceId];
        Status status = found.status;
        require(status == Status.Active || status == Status.Suspended, DeviceRegistry_WrongStatus(deviceId, status));
    }

    function _requireCalibrator(address account) private view {
        require(isCalibrator[account] && participants.isActive(account), DeviceRegistry_NotCalibrator(account));
    }

    function _requireIndependent(address calibrator, address party) private view {
        Lei lei = participants.leiOf(calibrator);
        require(
            Lei.unwrap(lei) != Lei.unwrap(participants.leiOf(party)),
            DeviceRegistry_NotIndependent(calibrator, party)
        );
    }

    // -------------------------------------------------------------------------------- internal: a batch's word

    /// @dev 240 bits of the digest leave 120 bits of strength against collisions.
    function _word(bytes32 digest, uint16 flags) private pure returns (bytes32) {
        return bytes32(bytes30(digest)) | bytes32(uint256(flags));
    }

    function _isOf(bytes32 word, bytes32 digest) private pure returns (bool) {
        return word != 0 && bytes30(word) == bytes30(digest);
    }

    function _flagsIn(bytes32 word) private pure returns (uint16) {
        return uint16(uint256(word)); // its last two bytes
    }
}
