// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IClearingHouse} from "./IClearingHouse.sol";

/// @notice What is to be remembered of an obligation, in one word. Zero: there is none.
///
///     255     248 247      208 207  200 199     168 167   160 159     152 151 .. 128 127 .. 104 103 ..  8  7   0
///     | priority | sequence   | held   | cycle     | state   | product   | leg 2     | leg 1     | amount 1 |     |
///
/// A leg is currency, debtor and creditor, eight bits each; a debtor of zero says that there is no such leg. The amount of
/// leg 2 is needed only while the obligation is queued, and is kept apart. Held has a bit for each leg whose debtor holds it, the
/// lowest for leg 1.
type Obligation is uint256;

using Obligations for Obligation global;

/// @title Reading and writing the fields of an {Obligation}
library Obligations {
    uint256 private constant AMOUNT = 8;
    uint256 private constant LEG = 104;
    uint256 private constant LEG_BITS = 24;
    uint256 private constant LEGS_BITS = 2 * LEG_BITS;
    /// @dev Of one that settled at once: its legs, and above them its cycle.
    uint256 private constant SETTLED_BITS = LEGS_BITS + 32;
    uint256 private constant PRODUCT = 152;
    uint256 private constant STATE = 160;
    uint256 private constant CYCLE = 168;
    uint256 private constant HELD = 200;
    uint256 private constant SEQUENCE = 208;
    uint256 private constant PRIORITY = 248;

    uint256 internal constant QUEUED = uint256(IClearingHouse.State.Queued) << STATE;

    /// @param index Of the leg: 0 or 1.
    /// @param pays Its debtor.
    /// @param receives Its creditor.
    /// @param inCurrency Index of its currency.
    function withLeg(
        Obligation self,
        uint256 index,
        uint8 pays,
        uint8 receives,
        uint8 inCurrency
    ) internal pure returns (Obligation) {
        uint256 leg = (uint256(inCurrency) << 16) | (uint256(pays) << 8) | receives;
        return Obligation.wrap(Obligation.unwrap(self) | (leg << (LEG + index * LEG_BITS)));
    }

    function withAmount(Obligation self, uint96 value) internal pure returns (Obligation) {
        return Obligation.wrap(Obligation.unwrap(self) | (uint256(value) << AMOUNT));
    }

    function withState(Obligation self, IClearingHouse.State value) internal pure returns (Obligation) {
        return _put(self, STATE, type(uint8).max, uint256(value));
    }

    function withCycle(Obligation self, uint32 value) internal pure returns (Obligation) {
        return _put(self, CYCLE, type(uint32).max, value);
    }

    function withProduct(Obligation self, uint8 value) internal pure returns (Obligation) {
        return _put(self, PRODUCT, type(uint8).max, value);
    }

    function withHolders(Obligation self, uint8 value) internal pure returns (Obligation) {
        return _put(self, HELD, type(uint8).max, value);
    }

    /// @notice Of a queued one: owed from now on, in a cycle.
    function asSettled(Obligation self, uint32 inCycle) internal pure returns (Obligation) {
        uint256 change = QUEUED ^ (uint256(IClearingHouse.State.Provisional) << STATE);
        return Obligation.wrap((Obligation.unwrap(self) ^ change) | (uint256(inCycle) << CYCLE));
    }

    /// @notice Of one that never waited: what is kept of it, at place `slot` (0 to 2) of a word that three of them share.
    function shared(Obligation self, uint32 inCycle, uint256 slot) internal pure returns (uint256) {
        uint256 kept = (uint256(inCycle) << LEGS_BITS) | uint48(Obligation.unwrap(self) >> LEG);
        return kept << (slot * SETTLED_BITS);
    }

    /// @notice Reads what {shared} has put there; zero if nothing. Its amount is not kept.
    function fromShared(uint256 word, uint256 slot) internal pure returns (Obligation self) {
        uint256 kept = word >> (slot * SETTLED_BITS);
        uint32 inCycle = uint32(kept >> LEGS_BITS);
        if (inCycle == 0) return self;
        self = Obligation.wrap(uint256(uint48(kept)) << LEG).withCycle(inCycle);
        return self.withState(self.legs() == 0 ? IClearingHouse.State.Cleared : IClearingHouse.State.Provisional);
    }

    /// @notice Puts it at a place in the queue.
    function withPlace(
        Obligation self,
        IClearingHouse.Priority value,
        uint40 sequence
    ) internal pure returns (Obligation) {
        return _put(_put(self, PRIORITY, type(uint8).max, uint256(value)), SEQUENCE, type(uint40).max, sequence);
    }

    function state(Obligation self) internal pure returns (IClearingHouse.State) {
        return IClearingHouse.State(uint8(Obligation.unwrap(self) >> STATE));
    }

    function cycle(Obligation self) internal pure returns (uint32) {
        return uint32(Obligation.unwrap(self) >> CYCLE);
    }

    function product(Obligation self) internal pure returns (uint8) {
        return uint8(Obligation.unwrap(self) >> PRODUCT);
    }

    function priority(Obligation self) internal pure returns (IClearingHouse.Priority) {
        return IClearingHouse.Priority(uint8(Obligation.unwrap(self) >> PRIORITY));
    }

    function held(Obligation self) internal pure returns (bool) {
        return holders(self) != 0;
    }

    /// @notice The legs whose debtor holds it, one bit each.
    function holders(Obligation self) internal pure returns (uint8) {
        return uint8(Obligation.unwrap(self) >> HELD);
    }

    /// @notice Whether it is queued and not held.
    function waits(Obligation self) internal pure returns (bool) {
        uint256 mask = (uint256(type(uint8).max) << STATE) | (uint256(type(uint8).max) << HELD);
        return Obligation.unwrap(self) & mask == QUEUED;
    }

    /// @notice Its place: lower ones come first.
    function place(Obligation self) internal pure returns (uint256) {
        return Obligation.unwrap(self) >> SEQUENCE;
    }

    function amount(Obligation self) internal pure returns (uint96) {
        return uint96(Obligation.unwrap(self) >> AMOUNT);
    }

    /// @notice How many legs owe something.
    function legs(Obligation self) internal pure returns (uint256) {
        return
            debtor(self, 0) == 0
                ? 0
                : debtor(self, 1) == 0
                    ? 1
                    : 2;
    }

    function debtor(Obligation self, uint256 index) internal pure returns (uint8) {
        return uint8(_leg(self, index) >> 8);
    }

    function creditor(Obligation self, uint256 index) internal pure returns (uint8) {
        return uint8(_leg(self, index));
    }

    /// @notice Index of the leg's currency.
    function currency(Obligation self, uint256 index) internal pure returns (uint8) {
        return uint8(_leg(self, index) >> 16);
    }

    /// @notice Key of the position that pays a leg; see {Positions}.
    function debtorKey(Obligation self, uint256 index) internal pure returns (uint256) {
        return uint16(_leg(self, index) >> 8);
    }

    /// @notice Key of the position that a leg pays.
    function creditorKey(Obligation self, uint256 index) internal pure returns (uint256) {
        uint256 leg = _leg(self, index);
        return ((leg >> 8) & 0xff00) | (leg & 0xff);
    }

    /// @dev With whatever stands above it.
    function _leg(Obligation self, uint256 index) private pure returns (uint256) {
        unchecked {
            return Obligation.unwrap(self) >> (LEG + index * LEG_BITS); // index is 0 or 1
        }
    }

    function _put(Obligation self, uint256 at, uint256 mask, uint256 value) private pure returns (Obligation) {
        return Obligation.wrap((Obligation.unwrap(self) & ~(mask << at)) | (value << at));
    }
}
