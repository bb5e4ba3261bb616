// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Products} from "../../access/Products.sol";
import {IStablecoin} from "../coin/IStablecoin.sol";
import {GridlockResolution} from "./GridlockResolution.sol";
import {IClearingHouse} from "./IClearingHouse.sol";
import {ISubAccounts} from "./ISubAccounts.sol";
import {Obligation, Obligations} from "./Obligation.sol";
import {Positions} from "./Positions.sol";

/// @title What is owed at once and what waits
/// @notice The half of the clearing house that products and banks use: obligations and their queue. See {ClearingHouse}.
abstract contract ClearingQueue is IClearingHouse, Products {
    using GridlockResolution for GridlockResolution.Queue;
    using Positions for Positions.Account;
    using Positions for Positions.Book;

    /// @dev Below 2^8, which is what a member's number is kept in.
    uint256 private constant MAX_MEMBERS = 128;
    /// @dev So many conversions among fifty banks in two currencies are resolved within 2^24 gas, the most that a transaction has
    /// under EIP-7825.
    uint256 internal constant MAX_QUEUED = 1_200;
    /// @dev Of one first debtor, in all currencies: it takes four banks to fill the queue, and payers use up no provider's share.
    uint256 internal constant MAX_QUEUED_EACH = 300;

    /// @dev One slot.
    struct Desk {
        uint64 obligations;
        uint40 sequence;
        uint32 cycle;
        uint16 queued;
        uint8 agent;
        uint8 products;
        uint32 minimumAge;
        uint32 maximumAge;
    }

    ISubAccounts public immutable subAccounts;

    Desk internal _desk;
    Positions.Book internal _book;
    bytes3[] internal _currencies;
    /// @dev Counted from one.
    mapping(bytes3 currency => uint8) internal _indexOf;
    /// @inheritdoc IClearingHouse
    mapping(bytes3 currency => IStablecoin) public coinOf;

    mapping(uint64 id => Obligation) private _obligations;
    /// @dev Those that never queued, three in a word: two of three pay for no new slot.
    mapping(uint64 third => uint256) private _settledAtOnce;
    mapping(uint64 id => uint96) private _secondAmounts;
    /// @dev Numbers of those that have queued, from one.
    mapping(address product => uint8) private _numberOf;

    constructor(ISubAccounts accounts) {
        subAccounts = accounts;
    }

    // ------------------------------------------------------------------------------------------------ products

    /// @inheritdoc IClearingHouse
    function book(Leg[] calldata legs) external onlyProduct returns (uint64 id) {
        (Obligation item, uint96 second) = _read(legs);
        (bool fits, uint256 leg) = _fits(item, second);
        if (!fits) {
            int256 amount = int256(uint256(leg == 0 ? item.amount() : second));
            uint256 key = item.debtorKey(leg);
            bytes3 currency = _currencies[item.currency(leg)];
            revert ClearingHouse_CapExceeded(
                item.debtor(leg),
                currency,
                _book.exposure(_desk.cycle, key, -amount),
                cap(item.debtor(leg), currency)
            );
        }
        id = ++_desk.obligations;
        _owe(id, item, second, legs);
    }

    /// @inheritdoc IClearingHouse
    function submit(Leg[] calldata legs, Priority priority) external onlyProduct returns (uint64 id, bool settled) {
        (Obligation item, uint96 second) = _read(legs);
        id = ++_desk.obligations;
        (settled, ) = _fits(item, second);
        if (settled) settled = !_mustWait(item, priority);
        if (settled) _owe(id, item, second, legs);
        else _enqueue(id, item, second, priority);
    }

    /// @inheritdoc IClearingHouse
    function cancel(uint64 id) external {
        Obligation item = _queued(id);
        require(_numberOf[msg.sender] == item.product(), ClearingHouse_NotSubmitter(id, msg.sender));
        if (!item.held()) _countOut(item);
        _obligations[id] = item.withState(State.Cancelled);
        emit ObligationCancelled(id);
    }

    // ---------------------------------------------------------------------------------------- the debtor's bank

    /// @inheritdoc IClearingHouse
    function hold(uint64 id, bool held) external {
        Obligation item = _queued(id);
        (uint8 own, uint8 suspended) = _debtorLegs(item);
        // What a suspended member owes cannot settle, and must not fill everybody's queue for as long as that member likes.
        if (held && own == 0) own = suspended;
        require(own != 0, ClearingHouse_NotDebtor(id, msg.sender));
        uint8 found = item.holders();
        uint8 holders = held ? found | own : found & ~own;
        if (holders == found) return;
        require(held || suspended == 0, ClearingHouse_MemberSuspended(item.debtor(suspended >> 1)));
        _obligations[id] = item.withHolders(holders);
        if (found != 0 && holders != 0) return;
        if (held) _countOut(item);
        else _countIn(item);
        emit ObligationHeld(id, held);
    }

    /// @inheritdoc IClearingHouse
    function prioritise(uint64 id, Priority priority) external {
        Obligation item = _queued(id);
        require(subAccounts.member(item.debtor(0)).owner == msg.sender, ClearingHouse_NotDebtor(id, msg.sender));
        if (!item.held()) _countOut(item);
        item = item.withPlace(priority, ++_desk.sequence);
        if (!item.held()) _countIn(item);
        _obligations[id] = item;
        emit ObligationPrioritised(id, priority);
    }

    // ---------------------------------------------------------------------------------------------- resolution

    /// @inheritdoc IClearingHouse
    function resolve(uint64[] calldata ordered, uint64[] calldata removals) external {
        GridlockResolution.Queue memory queue = GridlockResolution.create(ordered.length, _currencies.length);
        _load(queue, ordered);
        for (uint256 i = 0; i < removals.length; ++i) {
            uint256 index = removals[i];
            require(index < ordered.length, ClearingHouse_QueueMismatch(index));
            require(queue.remove(index), ClearingHouse_RemovalNotJustified(ordered[index]));
        }
        uint256 key = queue.firstUnresolved();
        if (key != GridlockResolution.NONE) revert ClearingHouse_NotResolved(uint8(key), _currencies[key >> 8]);
        _settle(queue, ordered);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc IClearingHouse
    function openCycle() external view returns (uint32) {
        return _desk.cycle;
    }

    /// @inheritdoc IClearingHouse
    function obligation(uint64 id) external view returns (ObligationView memory) {
        Obligation item = _item(id);
        return
            ObligationView({
                state: stateOf(id),
                priority: item.priority(),
                held: item.held(),
                place: item.place(),
                legs: _legs(item, _secondAmounts[id])
            });
    }

    /// @inheritdoc IClearingHouse
    function stateOf(uint64 id) public view returns (State state) {
        Obligation item = _item(id);
        state = item.state();
        uint32 number = item.cycle();
        if (state != State.Provisional || number == _desk.cycle) return state;
        state = State.Cleared;
        uint256 count = item.legs();
        for (uint256 leg = 0; leg < count; ++leg) {
            Position memory found = _book.position(number, item.debtorKey(leg), true);
            if (found.state == State.Rejected && found.instructed < 0) return State.Rejected;
            // A pay-out that was rejected is owed to the debtor of this obligation, not by it.
            if (uint256(found.state) < uint256(state)) state = found.state;
        }
    }

    /// @inheritdoc IClearingHouse
    function cycleOf(uint64 id) external view returns (uint32) {
        return _item(id).cycle();
    }

    /// @inheritdoc IClearingHouse
    function cap(uint16 member, bytes3 currency) public view returns (uint256) {
        return uint256(_book.accounts[_keyOf(_asMember(member), currency)].cap) * Positions.CENT;
    }

    /// @inheritdoc IClearingHouse
    function exposure(uint16 member, bytes3 currency) external view returns (uint256) {
        return _book.exposure(_desk.cycle, _keyOf(_asMember(member), currency), 0);
    }

    // ------------------------------------------------------------------------------------- internal: obligations

    /// @dev Legs that owe nothing are left out.
    function _read(Leg[] calldata legs) private view returns (Obligation item, uint96 second) {
        require(legs.length == 1 || legs.length == 2, ClearingHouse_InvalidLegs());
        uint256 count = 0;
        uint256 members = subAccounts.memberCount();
        for (uint256 i = 0; i < legs.length; ++i) {
            Leg calldata leg = legs[i];
            require(leg.amount > 0, ClearingHouse_InvalidLegs());
            require(leg.amount <= Positions.LIMIT, ClearingHouse_AmountTooLarge());
            uint8 index = _currencyIndex(leg.currency);
            uint8 creditor = _known(leg.creditor, members);
            if (leg.debtor == leg.creditor) continue;
            uint8 debtor = _known(leg.debtor, members);
            require(subAccounts.isActive(debtor), ClearingHouse_MemberSuspended(debtor));
            item = item.withLeg(count, debtor, creditor, index);
            if (count == 0) item = item.withAmount(leg.amount);
            else second = leg.amount;
            ++count;
        }
        require(count < 2 || item.debtorKey(0) != item.debtorKey(1), ClearingHouse_InvalidLegs());
    }

    /// @dev Whether no debtor would be beyond its cap; if one would, by which leg.
    function _fits(Obligation item, uint96 second) private view returns (bool, uint256 leg) {
        uint32 number = _desk.cycle;
        uint256 agent = _desk.agent;
        uint256 count = item.legs();
        for (; leg < count; ++leg) {
            if (item.debtor(leg) == agent) continue;
            int256 amount = int256(uint256(leg == 0 ? item.amount() : second));
            if (_book.room(number, item.debtorKey(leg)) < amount) return (false, leg);
        }
        return (true, 0);
    }

    /// @dev A bank does not overtake itself.
    function _mustWait(Obligation item, Priority priority) private view returns (bool) {
        uint256 count = item.legs();
        for (uint256 leg = 0; leg < count; ++leg) {
            if (_book.accounts[item.debtorKey(leg)].waitsAhead(priority)) return true;
        }
        return false;
    }

    function _owe(uint64 id, Obligation item, uint96 second, Leg[] calldata legs) private {
        uint32 number = _desk.cycle;
        uint256 count = item.legs();
        _settledAtOnce[id / 3] |= item.shared(number, id % 3);
        if (count == legs.length) emit ObligationSettled(id, number, legs);
        else emit ObligationSettled(id, number, _legs(item, second));
        for (uint256 leg = 0; leg < count; ++leg) {
            int256 amount = int256(uint256(leg == 0 ? item.amount() : second));
            _book.move(number, item.debtorKey(leg), -amount);
            _book.move(number, item.creditorKey(leg), amount);
        }
    }

    function _enqueue(uint64 id, Obligation item, uint96 second, Priority priority) private {
        item = item.withState(State.Queued).withProduct(_product()).withPlace(priority, ++_desk.sequence);
        _countIn(item);
        _obligations[id] = item;
        if (second > 0) _secondAmounts[id] = second;
        emit ObligationQueued(id, priority, _legs(item, second));
    }

    /// @dev The caller's number; given at the first time.
    function _product() private returns (uint8 number) {
        number = _numberOf[msg.sender];
        if (number != 0) return number;
        require(_desk.products < type(uint8).max, ClearingHouse_TooManyProducts());
        number = ++_desk.products;
        _numberOf[msg.sender] = number;
    }

    function _countIn(Obligation item) private {
        uint256 count = item.legs();
        for (uint256 leg = 0; leg < count; ++leg) _book.accounts[item.debtorKey(leg)].countIn(item.priority(), leg);
        uint8 first = item.debtor(0);
        bool fits = ++_desk.queued <= MAX_QUEUED && _queuedFirst(first) <= MAX_QUEUED_EACH;
        require(fits, ClearingHouse_QueueFull(first, _currencies[item.currency(0)]));
    }

    function _queuedFirst(uint256 member) private view returns (uint256 sum) {
        uint256 count = _currencies.length;
        for (uint256 i = 0; i < count; ++i) sum += _book.accounts[(i << 8) | member].queuedFirst();
    }

    function _countOut(Obligation item) private {
        --_desk.queued;
        uint256 count = item.legs();
        for (uint256 leg = 0; leg < count; ++leg) _book.accounts[item.debtorKey(leg)].countOut(item.priority(), leg);
    }

    function _item(uint64 id) private view returns (Obligation item) {
        item = _obligations[id];
        if (Obligation.unwrap(item) == 0) item = Obligations.fromShared(_settledAtOnce[id / 3], id % 3);
    }

    function _queued(uint64 id) private view returns (Obligation item) {
        item = _obligations[id];
        if (item.state() != State.Queued) revert ClearingHouse_WrongState(id, stateOf(id));
    }

    /// @dev The legs whose debtor the caller owns, and those whose debtor is suspended; one bit each.
    function _debtorLegs(Obligation item) private view returns (uint8 own, uint8 suspended) {
        for (uint8 leg = 0; leg < item.legs(); ++leg) {
            uint8 debtor = item.debtor(leg);
            if (subAccounts.member(debtor).owner == msg.sender) own |= leg + 1;
            if (!subAccounts.isActive(debtor)) suspended |= leg + 1;
        }
    }

    function _legs(Obligation item, uint96 second) private view returns (Leg[] memory legs) {
        legs = new Leg[](item.legs());
        for (uint256 i = 0; i < legs.length; ++i) {
            legs[i].debtor = item.debtor(i);
            legs[i].creditor = item.creditor(i);
            legs[i].currency = _currencies[item.currency(i)];
            legs[i].amount = i == 0 ? item.amount() : second;
        }
    }

    // -------------------------------------------------------------------------------------- internal: resolution

    /// @dev The list is the queue if each of its entries waits, they rise, and there are as many as wait.
    function _load(GridlockResolution.Queue memory queue, uint64[] calldata ordered) private view {
        uint256 last = 0;
        for (uint256 i = 0; i < ordered.length; ++i) {
            uint64 id = ordered[i];
            Obligation item = _obligations[id];
            uint256 place = item.place();
            require(item.waits() && place > last, ClearingHouse_QueueMismatch(i));
            last = place;
            bool linked = item.debtor(1) != 0;
            bool suspended = _isSuspended(queue, item.debtorKey(0));
            if (linked && _isSuspended(queue, item.debtorKey(1))) suspended = true;
            if (!suspended) queue.add(i, item, linked ? _secondAmounts[id] : 0);
        }
        require(ordered.length == _desk.queued, ClearingHouse_QueueMismatch(ordered.length));
    }

    /// @dev Of whom a lane debits. Opens it at the first time.
    function _isSuspended(GridlockResolution.Queue memory queue, uint256 key) private view returns (bool suspended) {
        bool open;
        (open, suspended) = queue.lane(key);
        if (open) return suspended;
        uint8 member = uint8(key);
        suspended = !subAccounts.isActive(member);
        int256 room = member == _desk.agent ? int256(type(int128).max) : _book.room(_desk.cycle, key);
        queue.openLane(key, room, suspended);
    }

    function _settle(GridlockResolution.Queue memory queue, uint64[] calldata ordered) private {
        uint32 number = _desk.cycle;
        uint64[] memory settled = new uint64[](ordered.length);
        uint256 count = 0;
        for (uint256 i = 0; i < ordered.length; ++i) {
            if (!queue.isLeft(i)) continue;
            uint64 id = ordered[i];
            _obligations[id] = Obligation.wrap(queue.items[i]).asSettled(number);
            settled[count++] = id;
        }
        assembly ("memory-safe") {
            mstore(settled, count) // at most the length it has
        }
        for (uint256 i = 0; i < queue.used; ++i) _settleLane(queue, number, queue.keys[i]);
        _desk.queued -= uint16(count); // no more than are queued
        emit QueueResolved(number, settled, ordered.length - count);
    }

    /// @dev Where debits and credits cancel out there is a position all the same, in which the obligations are cleared.
    function _settleLane(GridlockResolution.Queue memory queue, uint32 number, uint256 key) private {
        int256 change = queue.changeOf(key);
        uint48 debits = queue.leftIn(key);
        if (debits != 0 || change != 0) _book.move(number, key, change);
        if (debits != 0) _book.accounts[key].queued -= debits;
    }

    // -------------------------------------------------------------------------------------------- internal: names

    /// @dev Members are numbered from one, without gaps.
    function _known(uint16 member, uint256 members) internal pure returns (uint8) {
        require(member <= members, ClearingHouse_UnknownMember(member));
        return _asMember(member);
    }

    function _asMember(uint16 member) internal pure returns (uint8) {
        require(member != 0 && member <= MAX_MEMBERS, ClearingHouse_UnknownMember(member));
        return uint8(member);
    }

    function _currencyIndex(bytes3 currency) private view returns (uint8) {
        uint8 number = _indexOf[currency];
        require(number != 0, ClearingHouse_CurrencyNotListed(currency));
        return number - 1;
    }

    function _keyOf(uint8 member, bytes3 currency) internal view returns (uint256) {
        return (uint256(_currencyIndex(currency)) << 8) | member;
    }
}
