// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Lei} from "../../access/IParticipants.sol";
import {IsoCodes} from "../../access/IsoCodes.sol";
import {Products} from "../../access/Products.sol";
import {ForexReasons} from "./ForexReasons.sol";
import {ICorridors} from "./ICorridors.sol";

/// @title Corridors
/// @notice Guarantees that what passes a corridor in a day stays within its limits, for each entity over all its accounts
/// and for all together, but for payments that the corridor's approver let pass one by one. Trusts FOREX for the rules,
/// each corridor's approver for exceptions, and the evidence ledger for who pays and on which documents.
contract Corridors is ICorridors, Products {
    uint256 private constant MAX_TYPES = 4;

    /// @dev What a payment reads comes first, in two slots; the second is written by each.
    /// @param day Days since 1970 of `used`.
    struct Corridor {
        uint96 perTransaction;
        uint96 perEntityPerDay;
        uint64 requiredTypes;
        uint96 perDay;
        uint96 used;
        uint32 day;
        bool open;
        address approver;
    }

    struct Usage {
        uint96 used;
        uint32 day;
    }

    struct Exception {
        address approver;
        uint40 expiry;
        uint16 reasons;
        uint96 maxAmount;
    }

    mapping(bytes32 key => Corridor) private _corridors;
    mapping(bytes32 key => mapping(Lei payer => Usage)) private _usages;
    mapping(bytes32 key => mapping(bytes32 claimId => Exception)) private _exceptions;

    constructor(address initialAuthority) AccessManaged(initialAuthority) {}

    // ------------------------------------------------------------------------------------------- administering

    /// @inheritdoc ICorridors
    function setRule(bytes2 from, bytes2 to, bytes3 currency, Rule calldata rule) external restricted {
        require(IsoCodes.isCountry(from), Corridors_InvalidCountry(from));
        require(IsoCodes.isCountry(to), Corridors_InvalidCountry(to));
        require(IsoCodes.isCurrency(currency), Corridors_InvalidCurrency(currency));
        require(
            !rule.open ||
                (rule.perTransaction > 0 &&
                    rule.perTransaction <= rule.perEntityPerDay &&
                    rule.perEntityPerDay <= rule.perDay),
            Corridors_InvalidLimits(rule.perTransaction, rule.perEntityPerDay, rule.perDay)
        );

        // The day's count stays: a new rule does not open the day anew.
        Corridor storage corridor = _corridors[_key(from, to, currency)];
        corridor.perTransaction = rule.perTransaction;
        corridor.perEntityPerDay = rule.perEntityPerDay;
        corridor.perDay = rule.perDay;
        corridor.requiredTypes = _packed(rule.requiredTypes);
        corridor.approver = rule.approver;
        corridor.open = rule.open;
        emit RuleSet(from, to, currency, rule);
    }

    /// @inheritdoc ICorridors
    function approveException(
        bytes2 from,
        bytes2 to,
        bytes3 currency,
        bytes32 claimId,
        uint96 maxAmount,
        uint256 reasons,
        uint40 expiry
    ) external {
        bytes32 key = _key(from, to, currency);
        require(msg.sender == _corridors[key].approver, Corridors_NotApprover(claimId, msg.sender));
        require(reasons != 0 && reasons & ~ForexReasons.EXCEPTABLE == 0, Corridors_NotExceptable(reasons));
        require(expiry > block.timestamp, Corridors_InvalidExpiry(expiry));
        _exceptions[key][claimId] = Exception({
            approver: msg.sender,
            expiry: expiry,
            reasons: uint16(reasons), // exceptable ones are below bit 16
            maxAmount: maxAmount
        });
        emit ExceptionApproved(claimId, msg.sender, maxAmount, reasons, expiry);
    }

    // ------------------------------------------------------------------------------------------------- passing

    /// @inheritdoc ICorridors
    function assess(Passage calldata passage, uint16[] calldata types) external view returns (uint256 reasons) {
        bytes32 key = _key(passage.from, passage.to, passage.currency);
        reasons = _standing(key, passage, types);
        if (reasons != 0 && _isExcepted(key, passage, reasons)) reasons = 0;
    }

    /// @inheritdoc ICorridors
    function pass(Passage calldata passage, uint16[] calldata types) external onlyProduct returns (uint256 reasons) {
        bytes32 key = _key(passage.from, passage.to, passage.currency);
        reasons = _standing(key, passage, types);
        if (reasons != 0) {
            if (!_isExcepted(key, passage, reasons)) return reasons;
            delete _exceptions[key][passage.claimId];
            emit ExceptionUsed(passage.claimId, reasons);
        }
        _count(key, passage.payer, passage.amount);
        return 0;
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc ICorridors
    function ruleOf(bytes2 from, bytes2 to, bytes3 currency) external view returns (Rule memory rule) {
        Corridor storage corridor = _corridors[_key(from, to, currency)];
        rule.perTransaction = corridor.perTransaction;
        rule.perEntityPerDay = corridor.perEntityPerDay;
        rule.perDay = corridor.perDay;
        rule.approver = corridor.approver;
        rule.open = corridor.open;
        uint64 requiredTypes = corridor.requiredTypes;
        for (uint256 i = 0; i < MAX_TYPES; ++i) rule.requiredTypes[i] = uint16(requiredTypes >> (16 * i));
    }

    /// @inheritdoc ICorridors
    function usedToday(
        bytes2 from,
        bytes2 to,
        bytes3 currency,
        Lei payer
    ) external view returns (uint256 byEntity, uint256 byAll) {
        bytes32 key = _key(from, to, currency);
        uint32 today = _today();
        Usage memory usage = _usages[key][payer];
        Corridor storage corridor = _corridors[key];
        return (usage.day == today ? usage.used : 0, corridor.day == today ? corridor.used : 0);
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _standing(
        bytes32 key,
        Passage calldata passage,
        uint16[] calldata types
    ) private view returns (uint256 reasons) {
        Corridor storage corridor = _corridors[key];
        if (!corridor.open) return ForexReasons.CORRIDOR_CLOSED;

        uint256 amount = passage.amount;
        uint32 today = _today();
        Usage memory usage = _usages[key][passage.payer];
        uint256 byEntity = usage.day == today ? usage.used : 0;
        uint256 byAll = corridor.day == today ? corridor.used : 0;
        // Written as differences: an amount may be anything, and what is used can be above its limit by an exception.
        if (amount > corridor.perTransaction) reasons |= ForexReasons.ABOVE_TRANSACTION_LIMIT;
        if (amount > Math.saturatingSub(corridor.perEntityPerDay, byEntity)) reasons |= ForexReasons.ABOVE_ENTITY_LIMIT;
        if (amount > Math.saturatingSub(corridor.perDay, byAll)) reasons |= ForexReasons.ABOVE_CORRIDOR_LIMIT;
        if (_isTypeMissing(corridor.requiredTypes, types)) reasons |= ForexReasons.TYPE_MISSING;
    }

    function _isExcepted(bytes32 key, Passage calldata passage, uint256 reasons) private view returns (bool) {
        Exception memory given = _exceptions[key][passage.claimId];
        return
            reasons & ~uint256(given.reasons) == 0 &&
            passage.amount <= given.maxAmount &&
            block.timestamp <= given.expiry &&
            given.approver == _corridors[key].approver;
    }

    function _count(bytes32 key, Lei payer, uint256 amount) private {
        uint32 today = _today();
        Corridor storage corridor = _corridors[key];
        Usage storage usage = _usages[key][payer];
        uint256 byAll = corridor.day == today ? corridor.used : 0;
        uint256 byEntity = usage.day == today ? usage.used : 0;
        (corridor.used, corridor.day) = (_capped(byAll + amount), today);
        (usage.used, usage.day) = (_capped(byEntity + amount), today);
    }

    /// @dev Only exceptions lead beyond a limit, and a limit is a uint96: at the cap, nothing passes without one.
    function _capped(uint256 used) private pure returns (uint96) {
        return uint96(Math.min(used, type(uint96).max));
    }

    function _isTypeMissing(uint64 required, uint16[] calldata types) private pure returns (bool) {
        for (; required != 0; required >>= 16) {
            uint16 wanted = uint16(required); // the lowest of the four
            if (wanted == 0) continue;
            bool found = false;
            for (uint256 i = 0; i < types.length && !found; ++i) found = types[i] == wanted;
            if (!found) return true;
        }
        return false;
    }

    function _packed(uint16[4] calldata requiredTypes) private pure returns (uint64 packed) {
        for (uint256 i = 0; i < MAX_TYPES; ++i) packed |= uint64(requiredTypes[i]) << uint64(16 * i);
    }

    function _today() private view returns (uint32) {
        return uint32(block.timestamp / 1 days); // until the year 11761191
    }

    function _key(bytes2 from, bytes2 to, bytes3 currency) private pure returns (bytes32) {
        return bytes7(bytes.concat(from, to, currency));
    }
}
