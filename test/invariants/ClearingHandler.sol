// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IClearingHouse} from "../../contracts/finance/clearing/IClearingHouse.sol";
import {ISubAccounts} from "../../contracts/finance/clearing/ISubAccounts.sol";
import {IStablecoin} from "../../contracts/finance/coin/IStablecoin.sol";
import {ClearingTest} from "../support/ClearingTest.sol";
import {vm} from "../support/Test.sol";

/// @notice Owes, queues, holds, resolves, closes, books and rejects in any order, and knows by plain means what must follow: the
/// largest solution of the queue, what a rejection may touch, and what everybody owes.
contract ClearingHandler is ClearingTest {
    uint256 internal constant LONGEST_QUEUE = 8;

    struct Standing {
        uint256 cap;
        uint256 exposure;
        uint256 available;
        uint256 collateral;
        bytes32 positions;
    }

    uint64[] internal queue;
    mapping(bytes32 path => uint256) public times;
    mapping(uint64 id => IClearingHouse.State) internal lastState;
    uint64 internal highest;
    /// @dev One bit for each member.
    mapping(uint64 id => uint256) internal holders;

    /// @dev What {_solve} works on.
    uint64[] internal ordered;
    uint64[] internal removals;
    bool[] internal left;
    bool[] internal excluded;

    // ------------------------------------------------------------------------------------ what the runner calls

    function submit(uint256 seed) external {
        if (queue.length >= LONGEST_QUEUE) return;
        IClearingHouse.Leg[] memory legs = _random(seed);
        vm.prank(product);
        try house.submit(legs, IClearingHouse.Priority((seed >> 200) % 3)) returns (uint64 id, bool settled) {
            highest = id;
            if (!settled) queue.push(id);
            _count(settled ? bytes32("settled at once") : bytes32("queued"));
        } catch {
            assertTrue(_suspended(legs) != 0, "refused though all debtors are active");
        }
    }

    function book(uint256 seed) external {
        IClearingHouse.Leg[] memory legs = _random(seed);
        vm.prank(product);
        try house.book(legs) returns (uint64 id) {
            highest = id;
            _count("booked");
        } catch {
            _count("booking refused");
        }
    }

    function hold(uint256 seed, bool held) external {
        if (queue.length == 0) return;
        uint64 id = queue[seed % queue.length];
        IClearingHouse.Leg[] memory legs = house.obligation(id).legs;
        uint16 holder = legs[(seed >> 64) % legs.length].debtor;
        uint256 suspended = _suspended(legs);
        if (!held && suspended != 0) return;
        bool active = (suspended >> holder) & 1 == 0;
        uint256 own = active ? 1 << holder : suspended;
        vm.prank(active ? ownerOf[holder] : stranger);
        house.hold(id, held);
        holders[id] = held ? holders[id] | own : holders[id] & ~own;
    }

    function prioritise(uint256 index, uint256 priority) external {
        if (queue.length == 0) return;
        uint64 id = queue[index % queue.length];
        vm.prank(ownerOf[house.obligation(id).legs[0].debtor]);
        house.prioritise(id, IClearingHouse.Priority(priority % 3));
    }

    function cancel(uint256 index) external {
        if (queue.length == 0) return;
        index %= queue.length;
        vm.prank(product);
        house.cancel(queue[index]);
        _forget(index);
        _count("cancelled");
    }

    /// @dev What {_solve} leaves must pass, and nothing with one more removed.
    function resolve(uint256 seed) external {
        _solve();
        for (uint256 i = 0; i < ordered.length; ++i) {
            if (!left[i] || seed % ordered.length != i) continue;
            removals.push(uint64(i));
            (bool success, ) = address(house).call(abi.encodeCall(IClearingHouse.resolve, (ordered, removals)));
            assertFalse(success, "less than the largest solution passed");
            removals.pop();
        }
        house.resolve(ordered, removals);
        uint256 settled = 0;
        for (uint256 i = 0; i < ordered.length; ++i) {
            bool done = house.stateOf(ordered[i]) == IClearingHouse.State.Provisional;
            assertEq(done, left[i], "settles what is left");
            if (done) ++settled;
        }
        for (uint256 i = queue.length; i > 0; --i) {
            if (house.stateOf(queue[i - 1]) != IClearingHouse.State.Queued) _forget(i - 1);
        }
        if (settled > 0) _count(settled == ordered.length ? bytes32("resolved all") : bytes32("resolved some"));
        else if (ordered.length > 0) _count("deadlock");
    }

    function close() external {
        _close();
        _count("closed");
    }

    function advance(uint256 seed) external {
        (uint32 cycle, uint16 member, bytes3 currency) = _pickPosition(seed);
        if (cycle == 0) return;
        IClearingHouse.State state = house.position(cycle, member, currency).state;
        if (state == IClearingHouse.State.Netted) {
            _instruct(cycle, member, currency);
        } else if ((seed >> 64) % 3 != 0) {
            _confirm(cycle, member, currency);
            _count("cleared");
        } else {
            _rejectAlone(cycle, member, currency);
        }
    }

    function setCap(uint256 seed) external {
        uint96 cap = uint96((seed >> 32) % 20_000) * 10_000;
        vm.prank(risk);
        try house.setCap(uint16(A + (seed % (MEMBERS - 1))), _currency(seed >> 16), cap) {
            _count("cap set");
        } catch {}
    }

    function unpledge(uint256 seed) external {
        vm.prank(ownerOf[uint16(1 + (seed % MEMBERS))]);
        try accounts.unpledge(_coin(_currency(seed >> 16)), (seed >> 32) % CAP) {
            _count("unpledged");
        } catch {}
    }

    function pledge(uint256 seed) external {
        _collateralise(uint16(1 + (seed % MEMBERS)), _coin(_currency(seed >> 16)), (seed >> 32) % CAP);
    }

    function toggleSuspension(uint256 seed) external {
        uint16 member = uint16(A + (seed % (MEMBERS - 1)));
        if (accounts.member(member).status == ISubAccounts.MemberStatus.Suspended) _reinstateMember(member);
        else if (seed % 4 == 0) _suspendMember(member);
    }

    // --------------------------------------------------------------------------------- what the invariants read

    /// @notice I3.
    function assertNetsSumToZero() external view {
        for (uint32 cycle = 1; cycle <= house.openCycle(); ++cycle) {
            for (uint256 i = 0; i < 2; ++i) {
                int256 sum = 0;
                for (uint16 member = 1; member <= MEMBERS; ++member) {
                    sum += house.position(cycle, member, _currency(i)).net;
                }
                assertEq(sum, 0, "net positions of a cycle and currency");
            }
        }
    }

    /// @notice I5, with the exposure counted anew from the positions.
    function assertExposureWithinCapWithinCollateral() external view {
        for (uint16 member = 1; member <= MEMBERS; ++member) {
            for (uint256 i = 0; i < 2; ++i) {
                bytes3 currency = _currency(i);
                uint256 exposure = house.exposure(member, currency);
                assertEq(exposure, _countedExposure(member, currency), "exposure");
                if (member == AGENT) continue;
                uint256 cap = house.cap(member, currency);
                assertLe(exposure, cap, "beyond the cap");
                assertLe(cap, accounts.balance(member, _coin(currency)).collateral, "cap without collateral");
            }
        }
    }

    function assertQueueIsCounted() external view {
        uint256 waiting = 0;
        for (uint256 i = 0; i < queue.length; ++i) {
            IClearingHouse.ObligationView memory found = house.obligation(queue[i]);
            assertEq(uint256(found.state), uint256(IClearingHouse.State.Queued), "left the queue by itself");
            assertTrue(found.held == (holders[queue[i]] != 0), "held by its debtors");
            if (!found.held) ++waiting;
        }
        assertEq(house.queueLength(), waiting, "length of the queue");
    }

    function assertPendingIsCounted() external view {
        for (uint32 cycle = 1; cycle < house.openCycle(); ++cycle) {
            uint256 pending = 0;
            for (uint16 member = 1; member <= MEMBERS; ++member) {
                for (uint256 i = 0; i < 2; ++i) {
                    IClearingHouse.State state = house.position(cycle, member, _currency(i)).state;
                    bool awaits = state == IClearingHouse.State.Netted || state == IClearingHouse.State.Instructed;
                    if (awaits) ++pending;
                }
            }
            assertEq(house.cycle(cycle).pending, pending, "pending");
        }
    }

    /// @notice No obligation goes back, but one that was carried on by its debtor's state.
    function assertStatesOnlyAdvance() external {
        for (uint64 id = 1; id <= highest; ++id) {
            IClearingHouse.State state = house.stateOf(id);
            assertTrue(uint256(state) >= uint256(lastState[id]), "went back");
            if (lastState[id] == IClearingHouse.State.Cancelled || lastState[id] == IClearingHouse.State.Cleared) {
                assertTrue(state == lastState[id], "left a final state");
            }
            lastState[id] = state;
        }
    }

    // ---------------------------------------------------------------------------------- private: one rejection

    /// @dev I4: nothing of any other member changes, but what the agent receives and, of a pay-out, nothing at all.
    function _rejectAlone(uint32 cycle, uint16 member, bytes3 currency) private {
        int256 instructed = house.position(cycle, member, currency).instructed;
        Standing[] memory before = _standings();
        _reject(cycle, member, currency);
        Standing[] memory later = _standings();
        bool seized = instructed < 0 && member != AGENT;
        uint256 amount = seized ? uint256(-instructed) * 10_000 : 0;
        for (uint256 i = 0; i < before.length; ++i) {
            uint16 other = uint16(1 + i / 2);
            bool receives = other == AGENT && _currency(i) == currency;
            assertEq(later[i].available, before[i].available + (receives ? amount : 0), "available");
            if (other == member) continue;
            assertEq(later[i].cap, before[i].cap, "another's cap");
            assertEq(later[i].exposure, before[i].exposure, "another's exposure");
            assertEq(later[i].collateral, before[i].collateral, "another's collateral");
            assertEq(later[i].positions, before[i].positions, "another's positions");
        }
        uint256 own = (member - 1) * 2 + (currency == USD ? 1 : 0);
        assertEq(later[own].collateral + amount, before[own].collateral, "all of the debt is covered");
        if (seized) assertEq(later[own].exposure + amount, before[own].exposure, "and owed no more");
        _count(instructed < 0 ? bytes32("pay-in rejected") : bytes32("pay-out rejected"));
    }

    function _standings() private view returns (Standing[] memory all) {
        all = new Standing[](2 * MEMBERS);
        for (uint256 i = 0; i < all.length; ++i) all[i] = _standing(uint16(1 + i / 2), _currency(i));
    }

    function _standing(uint16 member, bytes3 currency) private view returns (Standing memory found) {
        found.cap = house.cap(member, currency);
        found.exposure = house.exposure(member, currency);
        ISubAccounts.Balance memory held = accounts.balance(member, _coin(currency));
        (found.available, found.collateral) = (held.available, held.collateral);
        for (uint32 cycle = 1; cycle <= house.openCycle(); ++cycle) {
            found.positions = keccak256(abi.encode(found.positions, house.position(cycle, member, currency)));
        }
    }

    // ------------------------------------------------------------------- private: the largest solution, plainly

    /// @dev Takes out whatever must go, by the rules as they are written, until nothing must.
    function _solve() private {
        _listQueue();
        bool changed = true;
        while (changed) {
            changed = false;
            for (uint256 i = ordered.length; i > 0; --i) {
                if (!left[i - 1] || !_mustGo(i - 1)) continue;
                left[i - 1] = false;
                removals.push(uint64(i - 1));
                changed = true;
            }
        }
    }

    function _listQueue() private {
        delete ordered;
        delete removals;
        delete left;
        delete excluded;
        for (uint256 i = 0; i < queue.length; ++i) {
            IClearingHouse.ObligationView memory found = house.obligation(queue[i]);
            if (found.held) continue;
            ordered.push(queue[i]);
            for (uint256 j = ordered.length - 1; j > 0; --j) {
                if (house.obligation(ordered[j - 1]).place < found.place) break;
                (ordered[j - 1], ordered[j]) = (ordered[j], ordered[j - 1]);
            }
        }
        for (uint256 i = 0; i < ordered.length; ++i) {
            excluded.push(_suspended(house.obligation(ordered[i]).legs) != 0);
            left.push(!excluded[i]);
        }
    }

    function _mustGo(uint256 index) private view returns (bool) {
        IClearingHouse.Leg[] memory legs = house.obligation(ordered[index]).legs;
        for (uint256 i = 0; i < legs.length; ++i) {
            int256 change = 0;
            bool last = true;
            for (uint256 j = 0; j < ordered.length; ++j) {
                if (excluded[j]) continue;
                (bool inLane, int256 effect) = _effect(ordered[j], legs[i].debtor, legs[i].currency);
                if (left[j]) change += effect;
                if (inLane && j < index && !left[j]) return true;
                if (inLane && j > index && left[j]) last = false;
            }
            if (last && _room(legs[i].debtor, legs[i].currency) + change < 0) return true;
        }
        return false;
    }

    function _effect(uint64 id, uint16 member, bytes3 currency) private view returns (bool inLane, int256 effect) {
        IClearingHouse.Leg[] memory legs = house.obligation(id).legs;
        for (uint256 i = 0; i < legs.length; ++i) {
            if (legs[i].currency != currency) continue;
            if (legs[i].debtor == member) (inLane, effect) = (true, effect - int256(uint256(legs[i].amount)));
            if (legs[i].creditor == member) effect += int256(uint256(legs[i].amount));
        }
    }

    function _room(uint16 member, bytes3 currency) private view returns (int256) {
        if (member == AGENT) return int256(1e30);
        IClearingHouse.Position memory open = house.position(house.openCycle(), member, currency);
        int256 owed = open.net + int256(uint256(open.carried));
        int256 awaited = int256(house.exposure(member, currency)) - (owed < 0 ? -owed : int256(0));
        return int256(house.cap(member, currency)) - awaited + owed;
    }

    // ----------------------------------------------------------------------------------------- private: choices

    function _random(uint256 seed) private pure returns (IClearingHouse.Leg[] memory) {
        uint16 first = uint16(1 + (seed % MEMBERS));
        uint16 second = uint16(1 + ((first + ((seed >> 16) % (MEMBERS - 1))) % MEMBERS));
        uint16 third = uint16(1 + ((seed >> 32) % MEMBERS));
        uint256 amount = 1 + ((seed >> 48) % 150e6);
        if ((seed >> 96) % 3 == 0) return _conversion(first, second, third, amount, 1 + ((seed >> 128) % 150e6));
        return _leg(first, second, _currency(seed >> 104), amount);
    }

    function _pickPosition(uint256 seed) private view returns (uint32, uint16, bytes3) {
        uint256 total = uint256(house.openCycle()) * MEMBERS * 2;
        for (uint256 i = 0; i < total; ++i) {
            uint256 at = ((seed % total) + i) % total;
            uint32 cycle = uint32(1 + at / (2 * MEMBERS));
            uint16 member = uint16(1 + ((at / 2) % MEMBERS));
            IClearingHouse.State state = house.position(cycle, member, _currency(at)).state;
            bool awaits = state == IClearingHouse.State.Netted || state == IClearingHouse.State.Instructed;
            if (awaits) return (cycle, member, _currency(at));
        }
        return (0, 0, 0);
    }

    function _countedExposure(uint16 member, bytes3 currency) private view returns (uint256 exposure) {
        uint32 open = house.openCycle();
        for (uint32 cycle = 1; cycle < open; ++cycle) {
            IClearingHouse.Position memory found = house.position(cycle, member, currency);
            bool awaits = found.state == IClearingHouse.State.Netted || found.state == IClearingHouse.State.Instructed;
            if (awaits && found.instructed < 0) exposure += uint64(-found.instructed) * uint256(10_000);
        }
        IClearingHouse.Position memory current = house.position(open, member, currency);
        int256 owed = current.net + int256(uint256(current.carried));
        if (owed < 0) exposure += uint256(-owed);
    }

    /// @dev One bit for each debtor that is.
    function _suspended(IClearingHouse.Leg[] memory legs) private view returns (uint256 members) {
        for (uint256 i = 0; i < legs.length; ++i) {
            uint16 debtor = legs[i].debtor;
            if (debtor != legs[i].creditor && !accounts.isActive(debtor)) members |= 1 << debtor;
        }
    }

    function _currency(uint256 index) private pure returns (bytes3) {
        return index % 2 == 0 ? CNY : USD;
    }

    function _coin(bytes3 currency) private view returns (IStablecoin) {
        return currency == CNY ? yuan : dollar;
    }

    function _forget(uint256 index) private {
        queue[index] = queue[queue.length - 1];
        queue.pop();
    }

    function _count(bytes32 path) private {
        ++times[path];
    }
}
