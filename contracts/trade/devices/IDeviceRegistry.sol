// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @notice keccak256(x ‖ y) of the key that a device was registered with. It stays when the key is replaced.
type DeviceId is bytes32;

/// @title Devices and what they measured
/// @notice A device (of a ship, a warehouse, a machine) has a P-256 key in a secure element, numbers its readings from 1 on without
/// ever going back, and signs batches of them. A batch is anchored by the root of its readings (see `ReadingTree`), so that a
/// single reading can be shown to somebody, and proven, without the others.
///
/// What a device signs is SHA-256 over the ABI encoding of a tag, the chain's id, this contract and the content, so that plain
/// ECDSA-SHA256 of a secure element will do, and nothing signed for one registry or purpose is good for another:
///
///     batch         abi.encode("huangpu device batch/1", chainId, registry, Batch)
///     registration  abi.encode("huangpu device registration/1", chainId, registry, owner, Registration)
///     new key       abi.encode("huangpu device key/1", chainId, registry, deviceId, Key)
///
/// Refused is what could be forged or could make one reading count twice: a wrong signature, a counter that was anchored before, a
/// clock that goes back, readings from the future or outside of the calibration. What only went wrong is anchored and flagged: see
/// `BatchFlags`.
interface IDeviceRegistry {
    enum Status {
        Unknown,
        Active,
        Suspended,
        Retired
    }

    /// @notice A P-256 public key: coordinates of its point (FIPS 186-5, SEC 2 secp256r1).
    struct Key {
        bytes32 x;
        bytes32 y;
    }

    /// @notice ECDSA over P-256 and SHA-256; `s` in the lower half of the order.
    struct Signature {
        bytes32 r;
        bytes32 s;
    }

    /// @notice One thing that a device measures. Values are whole numbers of 10^-decimals units.
    /// @param kind What is measured; not zero. See docs/devices.md.
    /// @param unit UN/CEFACT Recommendation 20 code in ASCII, such as "CEL"; a short code ends in a zero byte.
    /// @param decimals At most 9.
    /// @param min What is below is flagged.
    /// @param max What is above is flagged.
    /// @param maxStep Largest plausible change from one reading to the next; zero: any. Checked off the chain.
    struct Quantity {
        uint16 kind;
        bytes3 unit;
        uint8 decimals;
        int64 min;
        int64 max;
        uint64 maxStep;
    }

    /// @param interval Seconds from one reading to the next; not zero.
    /// @param maxSilence Seconds beyond the interval after which a device counts as silent.
    /// @param maxDelay Seconds from a batch's last reading until it should be anchored.
    struct Profile {
        uint32 interval;
        uint32 maxSilence;
        uint32 maxDelay;
    }

    /// @param operator Who anchors its batches.
    /// @param quantities One to eight, in the order of a reading's values.
    struct Registration {
        Key key;
        address operator;
        Profile profile;
        Quantity[] quantities;
    }

    /// @dev The first slot is what other chains prove; see docs/devices.md.
    /// @param flags Of all its batches together, see `BatchFlags`.
    /// @param counter Of its last anchored reading.
    /// @param lastTime Of its last anchored reading, Unix seconds.
    /// @param calibratedFrom Readings taken before are refused.
    /// @param calibratedUntil Readings taken after are refused; zero: never calibrated with its present key.
    /// @param batches How many are anchored.
    /// @param calibrator Whose word the calibration is.
    struct Device {
        Status status;
        uint16 flags;
        uint64 counter;
        uint40 lastTime;
        uint40 calibratedFrom;
        uint40 calibratedUntil;
        uint32 batches;
        Key key;
        address owner;
        Profile profile;
        address operator;
        address calibrator;
    }

    /// @notice The least and the greatest value of one quantity in a batch.
    struct Extent {
        int64 min;
        int64 max;
    }

    /// @notice Readings `firstCounter` … `firstCounter + count - 1`.
    /// @param count 1 to 65,536.
    /// @param from Time of the first reading, Unix seconds.
    /// @param to Time of the last one; readings are a second apart or more.
    /// @param root See `ReadingTree`.
    /// @param extents One for each quantity.
    struct Batch {
        DeviceId deviceId;
        uint64 firstCounter;
        uint32 count;
        uint40 from;
        uint40 to;
        bytes32 root;
        Extent[] extents;
    }

    /// @param salt Random, so that who sees the reading beside it in the tree cannot guess this one.
    /// @param values One for each quantity.
    struct Reading {
        uint64 counter;
        uint40 time;
        bytes16 salt;
        int64[] values;
    }

    event DeviceRegistered(DeviceId indexed deviceId, address indexed owner, Registration registration);
    event DeviceCalibrated(DeviceId indexed deviceId, address indexed calibrator, uint40 from, uint40 until);
    event KeyReplaced(DeviceId indexed deviceId, Key key);
    event OperatorChanged(DeviceId indexed deviceId, address indexed operator);
    event DeviceSuspended(DeviceId indexed deviceId, address indexed by);
    event DeviceRetired(DeviceId indexed deviceId);
    event CalibratorSet(address indexed calibrator, bool accredited);
    /// @param missing Counters between the former batch and this one.
    event BatchAnchored(
        DeviceId indexed deviceId,
        uint64 indexed firstCounter,
        Batch batch,
        uint16 flags,
        uint64 missing
    );
    event BatchContradicted(DeviceId indexed deviceId, uint64 indexed firstCounter, uint64 counter, address by);

    /// @dev The signature is not the key's, is not over this content for this registry, or has a high `s`.
    error DeviceRegistry_InvalidSignature();
    /// @dev A key is registered once, whether it is still in use or not.
    error DeviceRegistry_KeyUsed(bytes32 keyHash);
    /// @dev The device has another key than the calibrator found in it.
    error DeviceRegistry_OtherKey(DeviceId deviceId, bytes32 keyHash);
    error DeviceRegistry_InvalidProfile();
    /// @dev There are none or more than eight of them, or one has no kind, no unit, too many decimals or limits that are crossed.
    error DeviceRegistry_InvalidQuantities();
    error DeviceRegistry_NotOwner(DeviceId deviceId, address caller);
    error DeviceRegistry_NotOperator(DeviceId deviceId, address caller);
    /// @dev Neither the device's owner, nor its operator, nor its calibrator.
    error DeviceRegistry_NotConcerned(DeviceId deviceId, address caller);
    /// @dev It is unknown, suspended or retired.
    error DeviceRegistry_WrongStatus(DeviceId deviceId, Status status);
    /// @dev The account is no accredited calibrator, or no active participant any more.
    error DeviceRegistry_NotCalibrator(address account);
    /// @dev The calibrator belongs to the same entity as the device's owner or operator.
    error DeviceRegistry_NotIndependent(address calibrator, address party);
    /// @dev A calibration holds from now or earlier until later than now, for five years at most.
    error DeviceRegistry_InvalidCalibration(uint40 from, uint40 until);
    /// @dev Readings were taken when the device had no valid calibration.
    error DeviceRegistry_NotCalibrated(DeviceId deviceId, uint40 calibratedFrom, uint40 calibratedUntil);
    /// @dev The first reading has a counter that was anchored before or passed over.
    error DeviceRegistry_OldCounter(DeviceId deviceId, uint64 counter, uint64 last);
    /// @dev None, too many, or beyond the last counter there is.
    error DeviceRegistry_InvalidCount(uint64 firstCounter, uint32 count);
    /// @dev The batch begins no later than the former one ended.
    error DeviceRegistry_ClockWentBack(DeviceId deviceId, uint40 from, uint40 lastTime);
    /// @dev Too many readings for the seconds from the first to the last, or one reading at two times.
    error DeviceRegistry_InvalidTimes(uint40 from, uint40 to);
    /// @dev The last reading is more than five minutes ahead of the chain's clock.
    error DeviceRegistry_InFuture(uint40 time);
    /// @dev Not one for each quantity, or one with the least value above the greatest.
    error DeviceRegistry_InvalidExtents();
    /// @dev This batch, as it is, was not anchored here.
    error DeviceRegistry_UnknownBatch(DeviceId deviceId, uint64 firstCounter);
    /// @dev The reading is not in the batch, or is as the batch says.
    error DeviceRegistry_NoContradiction(DeviceId deviceId, uint64 counter);
    /// @dev The batch is flagged already: whoever calibrated the device since then could know.
    error DeviceRegistry_AlreadyContradicted(DeviceId deviceId, uint64 firstCounter);

    /// @notice Registers a device; the caller, an active participant, owns it. Nothing is taken from it before an independent
    /// calibrator has vouched for it by {calibrate}. What it measures never changes.
    /// @param signature The device's own, so that nobody registers the device of another.
    function register(
        Registration calldata registration,
        Signature calldata signature
    ) external returns (DeviceId deviceId);

    /// @notice Vouches for the device: that it is what its registration says, that its key never leaves it, and that it measures truly from
    /// one time to another. Lifts a suspension. Only an accredited calibrator of another entity than its owner and its operator.
    /// @param keyHash keccak256(x ‖ y) of the key that the calibrator found in it, so that the owner cannot exchange it meanwhile.
    function calibrate(DeviceId deviceId, bytes32 keyHash, uint40 from, uint40 until) external;

    /// @notice Gives the device another key, for the next batch on. Its counter goes on; its calibration ends. Only its owner.
    /// @param signature The new key's, over the device's id.
    function replaceKey(DeviceId deviceId, Key calldata key, Signature calldata signature) external;

    /// @notice Names another operator. Only its owner.
    function setOperator(DeviceId deviceId, address operator) external;

    /// @notice Takes no more batches until the next {calibrate}. Only its owner, its operator or its calibrator.
    function suspend(DeviceId deviceId) external;

    /// @notice Takes no more batches for good. Only its owner.
    function retire(DeviceId deviceId) external;

    /// @notice Anchors a batch. Only its operator: who else came by two batches could anchor the later one first and so shut the
    /// earlier one out.
    /// @return flags See `BatchFlags`.
    function submit(Batch calldata batch, Signature calldata signature) external returns (uint16 flags);

    /// @notice Shows a reading of an anchored batch whose time, values or number of values are not within what the batch says. The batch is
    /// flagged and the device suspended: it signed both. Any active participant, once a batch.
    function contradict(Batch calldata batch, Reading calldata reading, bytes32[] calldata path) external;

    /// @notice Says who may calibrate. What a calibrator vouched for is refused while it is not accredited. Only ACCREDITOR.
    function setCalibrator(address calibrator, bool accredited) external;

    /// @notice Whether a device measured this and the batch is anchored here. Anybody; costs nothing.
    /// @return proven Whether the reading is in the batch, and within what the batch says.
    /// @return flags Of the batch, whether it is known or not.
    function verifyReading(
        Batch calldata batch,
        Reading calldata reading,
        bytes32[] calldata path
    ) external view returns (bool proven, uint16 flags);

    /// @notice What the device signs for a batch.
    function digestOf(Batch calldata batch) external view returns (bytes32);

    /// @notice First 30 bytes of the digest of the batch that begins with the counter, then its flags; zero: none does.
    function batchWord(DeviceId deviceId, uint64 firstCounter) external view returns (bytes32);

    function device(DeviceId deviceId) external view returns (Device memory);

    function quantitiesOf(DeviceId deviceId) external view returns (Quantity[] memory);

    /// @notice Whether an account is accredited as a calibrator.
    function isCalibrator(address account) external view returns (bool);

    /// @notice Whether a key was ever registered, by its hash.
    function isKeyUsed(bytes32 keyHash) external view returns (bool);
}
