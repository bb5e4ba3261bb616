// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title What is odd about an anchored batch
/// @notice Bits. A batch that is odd is anchored all the same: the readings are genuine, and what happened to the goods or to the
/// device is just what somebody else has to know. Zero means that the device counted, ticked and measured as it should.
library BatchFlags {
    /// @dev Counters are missing between the former batch, or the registration, and this one.
    uint16 internal constant GAP = 1 << 0;
    /// @dev More time has passed than the readings and those that are missing account for: the device was off, or its clock was
    /// put forward.
    uint16 internal constant SILENCE = 1 << 1;
    /// @dev Less time has passed than the counters need: the clock was put back, or the counter forward.
    uint16 internal constant CLOCK_JUMP = 1 << 2;
    /// @dev A quantity went beyond its limits.
    uint16 internal constant LIMIT = 1 << 3;
    /// @dev It was anchored later after its last reading than the device's profile says.
    uint16 internal constant LATE = 1 << 4;
    /// @dev A reading of it was shown that is not what the batch says of its readings.
    uint16 internal constant CONTRADICTED = 1 << 5;
}
