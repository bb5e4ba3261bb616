// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Obligation} from "./Obligation.sol";
import {Positions} from "./Positions.sol";

/// @title Which part of a queue settles together
/// @notice Checks a proposed solution in one pass over memory; there is exactly one that passes.
///
/// An obligation stands in one *lane* for each of its legs: that of the member and currency it debits. A set of obligations is
/// *feasible* when it is a prefix of every lane (first in, first out) and leaves nobody whom it debits beyond the cap.
///
/// The union of two feasible sets is feasible. In each lane both are prefixes, so their union is the longer of the two, and a
/// prefix again: it takes from that member what the longer one takes, and gives it at least as much. Linked legs change
/// nothing in this, since an obligation is in a set with all its legs. The empty set is feasible. Hence there is one largest
/// feasible set; it contains all others, so it is the largest by count and by value.
///
/// A removal is accepted for one of two reasons, and no removal that is accepted takes away a member of the largest set G from a
/// set A that contains it:
/// - It is the last one left in the lane of a member who, with all of A, is beyond the cap. If it were in G, so would be all
///   before it in that lane, A and G would debit the member alike, and A credits it with no less: G would be beyond the cap.
/// - One before it in one of its lanes was removed, so is not in G; then it is not in G either, which is a prefix.
/// What is left at the end must be feasible. It contains G, and G contains every feasible set: it is G. Bech and Soramäki (2001)
/// have this for single payments and balances.
library GridlockResolution {
    uint256 internal constant NONE = type(uint256).max;

    /// @dev In a link.
    uint256 private constant REMOVED = 1 << 64;
    uint256 private constant HALF = 32;
    uint256 private constant MASK = type(uint32).max;
    /// @dev In a lane.
    uint256 private constant USED = 1 << 64;
    uint256 private constant OPEN = 1 << 65;
    uint256 private constant SUSPENDED = 1 << 66;
    uint256 private constant LEFT = 128;

    /// @param items In order, as words of {Obligation}; zero for those left out.
    /// @param secondAmounts Of second legs.
    /// @param links By item: the one before it in the lane of leg 0 (32 bits) and of leg 1 (32 bits), counted from one; whether
    /// it was removed.
    /// @param lanes By key: its last item and its first removed one, counted from one (32 bits each); flags; how many are left
    /// in it, as {Positions.counted} counts.
    /// @param room By key: how far the net may fall, as the queue was found.
    /// @param change By key: what the items that are left add to the net, as two's complement.
    /// @param keys Of the lanes in use, `used` of them.
    struct Queue {
        uint256[] items;
        uint256[] secondAmounts;
        uint256[] links;
        uint256[] lanes;
        uint256[] room;
        uint256[] change;
        uint256[] keys;
        uint256 used;
    }

    /// @param count Of items, below 2^12.
    /// @param currencies How many there are; keys are below 256 times as many.
    function create(uint256 count, uint256 currencies) internal pure returns (Queue memory self) {
        uint256 lanes = currencies << 8;
        self.items = new uint256[](count);
        self.secondAmounts = new uint256[](count);
        self.links = new uint256[](count);
        self.lanes = new uint256[](lanes);
        self.room = new uint256[](lanes);
        self.change = new uint256[](lanes);
        self.keys = new uint256[](4 * count < lanes ? 4 * count : lanes);
    }

    /// @return open Whether {openLane} was called for it.
    /// @return suspended As it was told then.
    function lane(Queue memory self, uint256 key) internal pure returns (bool open, bool suspended) {
        uint256 word = _at(self.lanes, key);
        return (word & OPEN != 0, word & SUSPENDED != 0);
    }

    /// @notice Says what the items may take from a member. Before the first of them is added, once.
    /// @param room Within 2^128.
    /// @param suspended Then its items are to be left out.
    function openLane(Queue memory self, uint256 key, int256 room, bool suspended) internal pure {
        uint256 word = _use(self, key) | (suspended ? OPEN | SUSPENDED : OPEN);
        _set(self.lanes, key, word);
        _set(self.room, key, uint256(room));
    }

    /// @notice Adds the next item of the queue, whose lanes are open.
    function add(Queue memory self, uint256 index, Obligation item, uint256 second) internal pure {
        _set(self.items, index, Obligation.unwrap(item));
        uint256 link = _enter(self, index, item, 0, item.amount());
        if (item.debtor(1) != 0) {
            link |= _enter(self, index, item, 1, second) << HALF;
            _set(self.secondAmounts, index, second);
        }
        _set(self.links, index, link);
    }

    /// @notice Takes an item out, if that is justified.
    /// @return Whether it is; if not, nothing has changed.
    function remove(Queue memory self, uint256 index) internal pure returns (bool) {
        if (!isLeft(self, index)) return false;
        Obligation item = Obligation.wrap(_at(self.items, index));
        bool linked = item.debtor(1) != 0;
        bool justified = _mustGo(self, index, item.debtorKey(0)) || (linked && _mustGo(self, index, item.debtorKey(1)));
        if (!justified) return false;
        _set(self.links, index, _at(self.links, index) | REMOVED);
        _leave(self, index, item, 0, item.amount());
        if (linked) _leave(self, index, item, 1, _at(self.secondAmounts, index));
        return true;
    }

    /// @notice Key of a lane in which what is left is no solution; {NONE} when all are.
    function firstUnresolved(Queue memory self) internal pure returns (uint256) {
        for (uint256 i = 0; i < self.used; ++i) {
            uint256 key = self.keys[i];
            if (_at(self.lanes, key) & OPEN == 0) continue;
            uint256 last = _last(self, key);
            if (last == 0) continue;
            uint256 cut = (_at(self.lanes, key) >> HALF) & MASK;
            if (_isBeyond(self, key) || (cut != 0 && cut < last)) return key;
        }
        return NONE;
    }

    /// @notice Whether an item was added and not removed.
    /// @param index Below the number of items.
    function isLeft(Queue memory self, uint256 index) internal pure returns (bool) {
        return _at(self.links, index) & REMOVED == 0 && _at(self.items, index) != 0;
    }

    /// @notice How many are left in a lane, as {Positions.counted} counts.
    function leftIn(Queue memory self, uint256 key) internal pure returns (uint48) {
        return uint48(_at(self.lanes, key) >> LEFT);
    }

    /// @notice What those that are left add to a net position.
    function changeOf(Queue memory self, uint256 key) internal pure returns (int256) {
        return int256(_at(self.change, key));
    }

    // ------------------------------------------------------------------------------------------------ private

    /// @return before The one before it in this lane, counted from one.
    function _enter(
        Queue memory self,
        uint256 index,
        Obligation item,
        uint256 leg,
        uint256 amount
    ) private pure returns (uint256 before) {
        uint256 key = item.debtorKey(leg);
        uint256 word = _at(self.lanes, key);
        before = word & MASK;
        unchecked {
            // A queue has fewer than 2^12 items, each of an amount below 2^96.
            word = (word ^ before) | (index + 1);
            _set(self.lanes, key, word + (Positions.counted(item.priority(), leg) << LEFT));
            _set(self.change, key, _at(self.change, key) - amount);
            key = item.creditorKey(leg);
            _use(self, key);
            _set(self.change, key, _at(self.change, key) + amount);
        }
    }

    function _leave(Queue memory self, uint256 index, Obligation item, uint256 leg, uint256 amount) private pure {
        uint256 key = item.debtorKey(leg);
        uint256 word = _at(self.lanes, key);
        uint256 cut = (word >> HALF) & MASK;
        unchecked {
            // What has entered leaves once.
            if (cut == 0 || index + 1 < cut) word = (word & ~(MASK << HALF)) | ((index + 1) << HALF);
            _set(self.lanes, key, word - (Positions.counted(item.priority(), leg) << LEFT));
            _set(self.change, key, _at(self.change, key) + amount);
            key = item.creditorKey(leg);
            _set(self.change, key, _at(self.change, key) - amount);
        }
    }

    function _mustGo(Queue memory self, uint256 index, uint256 key) private pure returns (bool) {
        uint256 cut = (_at(self.lanes, key) >> HALF) & MASK;
        if (cut != 0 && cut <= index) return true;
        return _isBeyond(self, key) && _last(self, key) == index + 1;
    }

    function _isBeyond(Queue memory self, uint256 key) private pure returns (bool) {
        unchecked {
            // The room is within 2^128, and the change within 2^112.
            return int256(_at(self.room, key)) + int256(_at(self.change, key)) < 0;
        }
    }

    /// @dev The last item left in a lane, counted from one; zero for none. Each removed item is walked over once.
    function _last(Queue memory self, uint256 key) private pure returns (uint256 last) {
        uint256 word = _at(self.lanes, key);
        uint256 first = word & MASK;
        last = first;
        while (last != 0) {
            uint256 link = _at(self.links, last - 1);
            if (link & REMOVED == 0) break;
            Obligation item = Obligation.wrap(_at(self.items, last - 1));
            last = (item.debtorKey(0) == key ? link : link >> HALF) & MASK;
        }
        if (last != first) _set(self.lanes, key, (word ^ first) | last);
    }

    function _use(Queue memory self, uint256 key) private pure returns (uint256 word) {
        word = _at(self.lanes, key);
        if (word & USED != 0) return word;
        word |= USED;
        _set(self.lanes, key, word);
        self.keys[self.used++] = key;
    }

    /// @dev Without the check of the bound: keys are those of stored obligations, whose currencies are listed, and indices are
    /// the caller's, who stays below the number of items.
    function _at(uint256[] memory array, uint256 index) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := mload(add(add(array, 0x20), shl(5, index)))
        }
    }

    function _set(uint256[] memory array, uint256 index, uint256 value) private pure {
        assembly ("memory-safe") {
            mstore(add(add(array, 0x20), shl(5, index)), value)
        }
    }
}
