// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IClearingHouse} from "./IClearingHouse.sol";

/// @title Positions of the members, by cycle and currency
/// @notice A key stands for a member and a currency: `currency index << 8 | member`. Within a cycle the nets of a currency sum to
/// zero, because every amount is taken from one position and added to another by {move}'s two callers at once.
///
/// A net is in millionths of the currency unit; a cap and what the central ledger is told are in hundredths, of which one has
/// {CENT} millionths. Since caps are whole hundredths, a debt within its cap stays within it when it is rounded up.
library Positions {
    uint256 internal constant CENT = 10_000;
    /// @dev Above it a position would not fit into an ISO 20022 amount, which has 18 digits with two decimals. In millionths.
    uint256 internal constant LIMIT = 10 ** 22;
    /// @dev Bits of a counter of the queue, which is bounded by {ClearingQueue.MAX_QUEUED}.
    uint256 private constant COUNTER = 12;
    uint256 private constant FIRST_LEGS = 3 * COUNTER;

    /// @dev What a member has in a currency beyond a single cycle, in one slot.
    /// @param cap In hundredths.
    /// @param awaited Pay-ins of closed cycles that the central ledger has not booked yet, in hundredths.
    /// @param carried What is owed to the member from closed cycles, in millionths.
    /// @param queued How many obligations wait to debit it, 12 bits for each priority, and above them, in 12 bits, by how many of
    /// them it is the first leg that does.
    struct Account {
        uint64 cap;
        uint64 awaited;
        uint80 carried;
        uint48 queued;
    }

    /// @dev One slot.
    /// @param carried Set when the cycle closes.
    /// @param state Provisional from the first obligation; Netted and, where there is nothing to instruct, Cleared are not
    /// stored: they follow from the cycle being closed.
    struct Entry {
        int128 net;
        uint80 carried;
        IClearingHouse.State state;
    }

    struct Book {
        mapping(uint256 key => Account) accounts;
        mapping(uint32 cycle => mapping(uint256 key => Entry)) entries;
        /// @dev One bit for each member that has a position.
        mapping(uint32 cycle => mapping(uint256 currencyIndex => uint256 members)) present;
    }

    /// @notice Adds to a net position. The caller moves the same amount the other way on another position.
    function move(Book storage self, uint32 cycle, uint256 key, int256 amount) internal {
        Entry storage entry = self.entries[cycle][key];
        int256 net = entry.net + amount;
        require(net <= int256(LIMIT) && net >= -int256(LIMIT), IClearingHouse.ClearingHouse_AmountTooLarge());
        if (entry.state == IClearingHouse.State.Unknown) enter(self, cycle, key);
        entry.net = int128(net); // within the limit
    }

    /// @notice Gives a cycle a position, so that what was carried is settled with it.
    function enter(Book storage self, uint32 cycle, uint256 key) internal {
        self.entries[cycle][key].state = IClearingHouse.State.Provisional;
        self.present[cycle][key >> 8] |= 1 << (key & 0xff);
    }

    /// @notice How far a net position may fall before the member's exposure is above its cap, in millionths; negative if it is.
    function room(Book storage self, uint32 cycle, uint256 key) internal view returns (int256) {
        Account storage account = self.accounts[key];
        int256 free = (int256(uint256(account.cap)) - int256(uint256(account.awaited))) * int256(CENT);
        return free + int256(uint256(account.carried)) + self.entries[cycle][key].net;
    }

    /// @notice What a member owes net over all cycles that are not finished, in millionths, as if `change` were added to the open
    /// one.
    function exposure(Book storage self, uint32 cycle, uint256 key, int256 change) internal view returns (uint256) {
        Account storage account = self.accounts[key];
        int256 open = self.entries[cycle][key].net + change + int256(uint256(account.carried));
        return uint256(account.awaited) * CENT + (open < 0 ? uint256(-open) : 0);
    }

    /// @notice Closes a position: what is instructed leaves, what is too small to instruct stays with the account.
    function close(
        Book storage self,
        uint32 cycle,
        uint256 key
    ) internal returns (IClearingHouse.Position memory result) {
        Account storage account = self.accounts[key];
        Entry storage entry = self.entries[cycle][key];
        uint80 carried = account.carried;
        if (carried > 0) entry.carried = carried;

        int64 instructed = instructedDown(entry.net, carried);
        result = IClearingHouse.Position(entry.net, carried, instructed, IClearingHouse.State.Netted);
        int256 left = int256(entry.net) + int256(uint256(carried)) - int256(instructed) * int256(CENT);
        account.carried = uint80(uint256(left)); // from 0 to 9,999
        if (instructed < 0) account.awaited += uint64(-instructed);
    }

    /// @notice Takes up what is still owed to a member from a closed cycle.
    /// @param cycle The open one.
    /// @param cents In hundredths.
    function carry(Book storage self, uint32 cycle, uint256 key, uint64 cents) internal {
        uint256 carried = uint256(self.accounts[key].carried) + cents * CENT;
        require(carried <= LIMIT, IClearingHouse.ClearingHouse_AmountTooLarge());
        self.accounts[key].carried = uint80(carried); // within the limit
        if (self.entries[cycle][key].state == IClearingHouse.State.Unknown) enter(self, cycle, key);
    }

    /// @param isClosed Whether the cycle is.
    function position(
        Book storage self,
        uint32 cycle,
        uint256 key,
        bool isClosed
    ) internal view returns (IClearingHouse.Position memory result) {
        Entry storage entry = self.entries[cycle][key];
        uint80 carried = isClosed ? entry.carried : self.accounts[key].carried;
        int64 instructed = instructedDown(entry.net, carried);
        result = IClearingHouse.Position(entry.net, carried, instructed, entry.state);
        if (isClosed && result.state == IClearingHouse.State.Provisional) {
            result.state = instructed == 0 ? IClearingHouse.State.Cleared : IClearingHouse.State.Netted;
        }
    }

    /// @notice Hundredths in a position, rounded toward minus infinity: pay-ins are rounded up and pay-outs down.
    function instructedDown(int128 netAmount, uint80 carried) internal pure returns (int64) {
        int256 sum = int256(netAmount) + int256(uint256(carried));
        int256 cent = int256(CENT);
        int256 quotient = sum / cent;
        if (sum < 0 && quotient * cent != sum) --quotient;
        return int64(quotient); // net and carried are each within the limit
    }

    // --------------------------------------------------------------------------------------------- the queue's counters

    /// @notice Whether an obligation of this priority or a higher one waits to debit the account.
    function waitsAhead(Account storage self, IClearingHouse.Priority priority) internal view returns (bool) {
        return uint256(self.queued) & ((1 << (COUNTER * (uint256(priority) + 1))) - 1) != 0;
    }

    /// @notice How many obligations wait of which the first leg debits the account.
    function queuedFirst(Account storage self) internal view returns (uint256) {
        return self.queued >> FIRST_LEGS;
    }

    function countIn(Account storage self, IClearingHouse.Priority priority, uint256 leg) internal {
        self.queued += uint48(counted(priority, leg)); // below 2^48
    }

    function countOut(Account storage self, IClearingHouse.Priority priority, uint256 leg) internal {
        self.queued -= uint48(counted(priority, leg)); // below 2^48
    }

    /// @notice What one obligation adds to the counters of the account that its leg, 0 or 1, debits.
    function counted(IClearingHouse.Priority priority, uint256 leg) internal pure returns (uint256) {
        unchecked {
            return (1 << (COUNTER * uint256(priority))) | ((1 - leg) << FIRST_LEGS);
        }
    }
}
