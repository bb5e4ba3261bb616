// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Obligation} from "./Obligation.sol";

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

    uint256 private constant REMOVED = 1 << 64;
    uint256 private constant CUT = 32;
    uint256 private constant OPENED = 1 << 64;
    uint256 private constant PAYS = 1 << 65;
    uint256 private constant SUSPENDED = 1 << 66;
    uint256 private constant SETTLED = 128;

    /// @param items In order; zero for those left out.
    /// @param secondAmounts Amounts of second legs.
    /// @param links For each item: the one before it in the lane of leg 0 (32 bits) and leg 1 (32 bits), counted from one;
    /// whether it was removed.
    /// @param lanes By key: its last item and its first removed one, counted from one (32 bits each); flags; how many settle, 16
    /// bits for each priority.
    /// @param room By key: how far the net may fall, as the queue was found.
    /// @param change By key: what the items that are left add to the net.
    /// @param keys Of the lanes in use, `opened` of them.
    struct Queue {
        Obligation[] items;
        uint256[] secondAmounts;
        uint256[] links;
        uint256[] lanes;
        int256[] room;
        int256[] change;
        uint256[] keys;
        uint256 opened;
    }

    /// @param count Of items, below 2^32.
    /// @param currencies How many there are; keys are below 256 times as many.
    function create(uint256 count, uint256 currencies) internal pure returns (Queue memory self) {
        uint256 lanes = currencies << 8;
        self.items = new Obligation[](count);
        self.secondAmounts = new uint256[](count);
        self.links = new uint256[](count);
        self.lanes = new uint256[](lanes);
        self.room = new int256[](lanes);
        self.change = new int256[](lanes);
        self.keys = new uint256[](4 * count < lanes ? 4 * count : lanes);
    }

    /// @notice Whether {openLane} was not called for a key that pays.
    function isUnopened(Queue memory self, uint256 key) internal pure returns (bool) {
        return self.lanes[key] & PAYS == 0;
    }

    /// @notice Says what the items may take from a member. Before the first of them is added, once.
    /// @param suspended Then its items are to be left out.
    function openLane(Queue memory self, uint256 key, int256 room, bool suspended) internal pure {
        _touch(self, key);
        self.lanes[key] |= suspended ? PAYS | SUSPENDED : PAYS;
        self.room[key] = room;
    }

    function isSuspended(Queue memory self, uint256 key) internal pure returns (bool) {
        return self.lanes[key] & SUSPENDED != 0;
    }

    /// @notice Adds the next item of the queue, whose lanes are open.
    function add(Queue memory self, uint256 index, Obligation item, uint256 second) internal pure {
        self.items[index] = item;
        self.secondAmounts[index] = second;
        uint256 legs = item.legs();
        for (uint256 leg = 0; leg < legs; ++leg) {
            uint256 key = item.debtorKey(leg);
            uint256 lane = self.lanes[key];
            self.links[index] |= uint256(uint32(lane)) << (32 * leg);
            self.lanes[key] = ((lane >> 32) << 32) | (index + 1);
            _touch(self, item.creditorKey(leg));
            _move(self, index, leg, 1);
        }
    }

    /// @notice Takes an item out, if that is justified.
    /// @return justified If not, nothing has changed.
    function remove(Queue memory self, uint256 index) internal pure returns (bool justified) {
        if (!isLeft(self, index)) return false;
        Obligation item = self.items[index];
        uint256 legs = item.legs();
        for (uint256 leg = 0; leg < legs && !justified; ++leg) justified = _mustGo(self, index, item.debtorKey(leg));
        if (!justified) return false;
        self.links[index] |= REMOVED;
        for (uint256 leg = 0; leg < legs; ++leg) {
            _move(self, index, leg, -1);
            uint256 key = item.debtorKey(leg);
            uint256 lane = self.lanes[key];
            uint256 cut = uint32(lane >> CUT);
            if (cut == 0 || index + 1 < cut)
                self.lanes[key] = (lane & ~(uint256(type(uint32).max) << CUT)) | ((index + 1) << CUT);
        }
    }

    /// @notice Key of a lane in which what is left is no solution; {NONE} when all are.
    function firstUnresolved(Queue memory self) internal pure returns (uint256) {
        for (uint256 i = 0; i < self.opened; ++i) {
            uint256 key = self.keys[i];
            if (self.lanes[key] & PAYS == 0) continue;
            if (self.room[key] + self.change[key] < 0 && _last(self, key) != 0) return key;
            uint256 cut = uint32(self.lanes[key] >> CUT);
            if (cut != 0 && _last(self, key) > cut) return key;
        }
        return NONE;
    }

    /// @notice Whether an item was added and not removed.
    function isLeft(Queue memory self, uint256 index) internal pure returns (bool) {
        return
            index < self.items.length && Obligation.unwrap(self.items[index]) != 0 && self.links[index] & REMOVED == 0;
    }

    /// @notice Counts an item among those that settle.
    function countSettled(Queue memory self, uint256 index) internal pure {
        Obligation item = self.items[index];
        uint256 legs = item.legs();
        uint256 one = 1 << (SETTLED + 16 * uint256(item.priority()));
        for (uint256 leg = 0; leg < legs; ++leg) self.lanes[item.debtorKey(leg)] += one;
    }

    /// @notice How many settle in a lane, 16 bits for each priority.
    function settledIn(Queue memory self, uint256 key) internal pure returns (uint48) {
        return uint48(self.lanes[key] >> SETTLED);
    }

    // ------------------------------------------------------------------------------------------------ private

    function _mustGo(Queue memory self, uint256 index, uint256 key) private pure returns (bool) {
        uint256 cut = uint32(self.lanes[key] >> CUT);
        if (cut != 0 && cut <= index) return true;
        return self.room[key] + self.change[key] < 0 && _last(self, key) == index + 1;
    }

    /// @dev The last item left in a lane, counted from one; zero for none. Each removed item is walked over once.
    function _last(Queue memory self, uint256 key) private pure returns (uint256 last) {
        uint256 lane = self.lanes[key];
        last = uint32(lane);
        while (last != 0) {
            uint256 link = self.links[last - 1];
            if (link & REMOVED == 0) break;
            last = uint32(self.items[last - 1].debtorKey(0) == key ? link : link >> 32);
        }
        self.lanes[key] = ((lane >> 32) << 32) | last;
    }

    function _touch(Queue memory self, uint256 key) private pure {
        if (self.lanes[key] & OPENED != 0) return;
        self.lanes[key] |= OPENED;
        self.keys[self.opened++] = key;
    }

    function _move(Queue memory self, uint256 index, uint256 leg, int256 sign) private pure {
        Obligation item = self.items[index];
        int256 amount = sign * int256(leg == 0 ? item.amount() : self.secondAmounts[index]);
        self.change[item.debtorKey(leg)] -= amount;
        self.change[item.creditorKey(leg)] += amount;
    }
}
