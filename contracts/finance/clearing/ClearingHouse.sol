// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";

import {IStablecoin} from "../coin/IStablecoin.sol";
import {ClearingQueue} from "./ClearingQueue.sol";
import {CycleRoot} from "./CycleRoot.sol";
import {IClearingHouse} from "./IClearingHouse.sol";
import {ISubAccounts} from "./ISubAccounts.sol";
import {Positions} from "./Positions.sol";

/// @title ClearingHouse
/// @notice Guarantees: the net positions of a cycle and currency sum to zero; no member but the settlement agent owes more than
/// its cap, over all cycles that are not finished, and a cap is covered by collateral; a queued obligation settles only after
/// those before it of the same bank and currency, with all its legs or not at all; each position is booked or rejected once,
/// and a rejection changes no other member's position, cap or balance but the agent's, which takes the collateral. Trusts
/// products for what is owed, CLEARING_AGENT for what the central ledger said, RISK for who gets credit.
/// At most 128 members and four currencies, so that the largest cycle closes within 2^24 gas, the most that a transaction has.
contract ClearingHouse is ClearingQueue {
    using Positions for Positions.Book;

    uint256 private constant MAX_CURRENCIES = 4;
    uint32 private constant MAX_AGE = 7 days;

    mapping(uint32 cycle => Cycle) private _cycles;

    constructor(
        address initialAuthority,
        ISubAccounts accounts
    ) AccessManaged(initialAuthority) ClearingQueue(accounts) {
        _desk.cycle = 1;
        _cycles[1].openedAt = uint40(block.timestamp);
        _desk.minimumAge = 10 seconds;
        _desk.maximumAge = 1 days;
    }

    // -------------------------------------------------------------------------------------- the clearing agent

    /// @inheritdoc IClearingHouse
    function close() external returns (uint32 number, bytes32 root) {
        number = _desk.cycle;
        Cycle storage closed = _cycles[number];
        uint256 age = block.timestamp - closed.openedAt;
        if (age < _desk.maximumAge) _checkCanCall(msg.sender, msg.data);
        require(
            age >= _desk.minimumAge,
            ClearingHouse_CycleTooYoung(number, closed.openedAt + uint256(_desk.minimumAge))
        );

        bytes32[] memory leaves;
        uint32 pending;
        (leaves, pending) = _net(number);
        uint256 positions = leaves.length;
        root = CycleRoot.root(leaves);
        closed.closedAt = uint40(block.timestamp);
        closed.pending = pending;
        closed.root = root;
        _desk.cycle = number + 1;
        _cycles[number + 1].openedAt = uint40(block.timestamp);
        emit CycleClosed(number, root, positions);
        if (pending == 0) emit CycleFinished(number);
    }

    /// @inheritdoc IClearingHouse
    function instruct(uint32 number, uint16 member, bytes3 currency) external restricted {
        (, int64 amount) = _advance(number, member, currency, State.Netted, State.Instructed);
        emit PositionInstructed(number, member, currency, amount);
    }

    /// @inheritdoc IClearingHouse
    function confirm(uint32 number, uint16 member, bytes3 currency, bytes32 booking) external restricted {
        (uint256 key, int64 amount) = _advance(number, member, currency, State.Instructed, State.Cleared);
        if (amount < 0) _book.accounts[key].awaited -= uint64(-amount);
        emit PositionCleared(number, member, currency, booking);
        _finishOne(number);
    }

    /// @inheritdoc IClearingHouse
    function reject(uint32 number, uint16 member, bytes3 currency, bytes4 reason) external restricted {
        (uint256 key, int64 amount) = _advance(number, member, currency, State.Instructed, State.Rejected);
        emit PositionRejected(number, member, currency, reason);
        if (amount < 0) _cover(number, member, currency, key, uint64(-amount));
        else _book.carry(_desk.cycle, key, uint64(amount));
        _finishOne(number);
    }

    // ------------------------------------------------------------------------------------------- administering

    /// @inheritdoc IClearingHouse
    function listCurrency(bytes3 currency, IStablecoin coin) external restricted {
        bool listable =
            _indexOf[currency] == 0 &&
                _currencies.length < MAX_CURRENCIES &&
                coin.currency() == currency &&
                IERC20Metadata(address(coin)).decimals() == 6;
        require(listable, ClearingHouse_CurrencyNotListable(currency, coin));
        _currencies.push(currency);
        _indexOf[currency] = uint8(_currencies.length); // at most four
        coinOf[currency] = coin;
        emit CurrencyListed(currency, coin);
    }

    /// @inheritdoc IClearingHouse
    function setSettlementAgent(uint16 member) external restricted {
        require(_desk.agent == 0, ClearingHouse_AgentAlreadySet(_desk.agent));
        _desk.agent = _known(member, subAccounts.memberCount());
        emit SettlementAgentSet(member);
    }

    /// @inheritdoc IClearingHouse
    function setCycleAges(uint32 minimum, uint32 maximum) external restricted {
        require(minimum < maximum && maximum <= MAX_AGE, ClearingHouse_InvalidAges(minimum, maximum));
        (_desk.minimumAge, _desk.maximumAge) = (minimum, maximum);
        emit CycleAgesSet(minimum, maximum);
    }

    /// @inheritdoc IClearingHouse
    function setCap(uint16 member, bytes3 currency, uint96 newCap) external restricted {
        uint256 key = _keyOf(_known(member, subAccounts.memberCount()), currency);
        require(_desk.agent != 0, ClearingHouse_NoAgent());
        bool valid = newCap % Positions.CENT == 0 && newCap <= Positions.LIMIT && member != _desk.agent;
        require(valid, ClearingHouse_InvalidCap(member, newCap));
        uint256 collateral = subAccounts.balance(member, coinOf[currency]).collateral;
        require(newCap <= collateral, ClearingHouse_CapNotCovered(member, currency, newCap, collateral));
        uint256 owed = _book.exposure(_desk.cycle, key, 0);
        require(owed <= newCap, ClearingHouse_CapExceeded(member, currency, owed, newCap));
        _book.accounts[key].cap = uint64(newCap / Positions.CENT); // at most the limit
        emit CapSet(member, currency, newCap);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc IClearingHouse
    function queueLength() external view returns (uint256) {
        return _desk.queued;
    }

    /// @inheritdoc IClearingHouse
    function currencies() external view returns (bytes3[] memory) {
        return _currencies;
    }

    /// @inheritdoc IClearingHouse
    function settlementAgent() external view returns (uint16) {
        return _desk.agent;
    }

    /// @inheritdoc IClearingHouse
    function cycle(uint32 number) external view returns (Cycle memory) {
        return _cycles[number];
    }

    /// @inheritdoc IClearingHouse
    function cycleAges() external view returns (uint32 minimum, uint32 maximum) {
        return (_desk.minimumAge, _desk.maximumAge);
    }

    /// @inheritdoc IClearingHouse
    function position(uint32 number, uint16 member, bytes3 currency) external view returns (Position memory) {
        return _book.position(number, _keyOf(_asMember(member), currency), number < _desk.cycle);
    }

    /// @inheritdoc IClearingHouse
    function positionLeaf(uint32 number, uint16 member, bytes3 currency) external view returns (bytes32) {
        uint256 key = _keyOf(_asMember(member), currency);
        Position memory found = _book.position(number, key, number < _desk.cycle);
        bool committed = uint256(found.state) > uint256(State.Provisional);
        require(committed, ClearingHouse_WrongPositionState(number, member, currency, found.state));
        return CycleRoot.leaf(number, member, currency, found);
    }

    // ------------------------------------------------------------------------------------------------- private

    /// @dev In the order of currencies, then members.
    function _net(uint32 number) private returns (bytes32[] memory leaves, uint32 pending) {
        uint256 currencyCount = _currencies.length;
        uint256 count = 0;
        for (uint256 index = 0; index < currencyCount; ++index) count += _bits(_book.present[number][index]);
        leaves = new bytes32[](count);
        uint256 next = 0;
        for (uint256 index = 0; index < currencyCount; ++index) {
            bytes3 currency = _currencies[index];
            uint256 members = _book.present[number][index];
            for (uint256 member = 0; members != 0; ++member) {
                if (members & 1 != 0) {
                    Position memory netted = _book.close(number, (index << 8) | member);
                    if (netted.instructed != 0) ++pending;
                    leaves[next++] = CycleRoot.leaf(number, uint16(member), currency, netted); // below 256
                }
                members >>= 1;
            }
        }
    }

    /// @dev Collateral for what the central ledger refused to take from a member.
    function _cover(uint32 number, uint16 member, bytes3 currency, uint256 key, uint64 cents) private {
        Positions.Account storage account = _book.accounts[key];
        account.awaited -= cents;
        uint256 amount = uint256(cents) * Positions.CENT;
        uint16 agent = _desk.agent;
        uint256 covered = 0;
        if (member != agent) {
            account.cap -= cents; // what is awaited is within the cap
            emit CapSet(member, currency, uint256(account.cap) * Positions.CENT);
            subAccounts.suspendMember(member);
            covered = subAccounts.seize(member, coinOf[currency], amount, agent);
        }
        emit DefaultCovered(number, member, currency, covered, amount - covered);
    }

    function _finishOne(uint32 number) private {
        if (--_cycles[number].pending == 0) emit CycleFinished(number);
    }

    function _bits(uint256 word) private pure returns (uint256 count) {
        for (; word != 0; word &= word - 1) ++count;
    }

    /// @dev Moves a position of a closed cycle on by one state.
    function _advance(
        uint32 number,
        uint16 member,
        bytes3 currency,
        State from,
        State to
    ) private returns (uint256 key, int64 instructed) {
        key = _keyOf(_asMember(member), currency);
        Position memory found = _book.position(number, key, number < _desk.cycle);
        require(found.state == from, ClearingHouse_WrongPositionState(number, member, currency, found.state));
        _book.entries[number][key].state = to;
        instructed = found.instructed;
    }
}
