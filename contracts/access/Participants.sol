// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";

import {IParticipants, Lei} from "./IParticipants.sol";
import {IsoCodes} from "./IsoCodes.sol";

/// @title Participants
/// @notice Guarantees that every account has at most one entity behind it and that every entity has a well-formed LEI.
/// Trusts REGISTRAR for who they are. Moves no money and can take none.
contract Participants is IParticipants, AccessManaged {
    using EnumerableSet for EnumerableSet.AddressSet;

    struct Entity {
        bytes2 country;
        Status status;
    }

    /// @param active Whether its entity is, kept here too: one slot says whether an account may act.
    struct Account {
        Lei lei;
        bool active;
    }

    uint256 private constant MAX_ACCOUNTS = 64;

    mapping(address account => Account) private _accounts;
    mapping(Lei lei => EnumerableSet.AddressSet) private _accountsOf;
    /// @inheritdoc IParticipants
    mapping(Lei lei => Entity) public entity;

    constructor(address initialAuthority) AccessManaged(initialAuthority) {}

    // ------------------------------------------------------------------------------------------------ entities

    /// @inheritdoc IParticipants
    function admit(Lei lei, bytes2 country) external restricted {
        _requireStatus(lei, Status.Unknown);
        require(_isWellFormed(lei), Participants_InvalidLei(lei));
        require(IsoCodes.isCountry(country), Participants_InvalidCountry(country));
        entity[lei] = Entity({country: country, status: Status.Active});
        emit EntityAdmitted(lei, country);
    }

    /// @inheritdoc IParticipants
    function suspend(Lei lei) external restricted {
        _requireStatus(lei, Status.Active);
        _setStatus(lei, Status.Suspended);
        emit EntitySuspended(lei);
    }

    /// @inheritdoc IParticipants
    function reinstate(Lei lei) external restricted {
        _requireStatus(lei, Status.Suspended);
        _setStatus(lei, Status.Active);
        emit EntityReinstated(lei);
    }

    // ------------------------------------------------------------------------------------------------ accounts

    /// @inheritdoc IParticipants
    function linkAccount(address account, Lei lei) external restricted {
        _requireStatus(lei, Status.Active);
        Lei current = leiOf(account);
        require(Lei.unwrap(current) == 0, Participants_AccountTaken(account, current));
        uint256 count = _accountsOf[lei].length();
        require(count < MAX_ACCOUNTS, Participants_TooManyAccounts(lei, count));
        _accounts[account] = Account({lei: lei, active: true});
        _accountsOf[lei].add(account);
        emit AccountLinked(account, lei);
    }

    /// @inheritdoc IParticipants
    function unlinkAccount(address account) external restricted {
        Lei lei = leiOf(account);
        require(Lei.unwrap(lei) != 0, Participants_UnknownAccount(account));
        delete _accounts[account];
        _accountsOf[lei].remove(account);
        emit AccountUnlinked(account, lei);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc IParticipants
    function leiOf(address account) public view returns (Lei) {
        return _accounts[account].lei;
    }

    /// @inheritdoc IParticipants
    function accountsOf(Lei lei) external view returns (address[] memory) {
        return _accountsOf[lei].values();
    }

    /// @inheritdoc IParticipants
    function isActive(address account) public view returns (bool) {
        return _accounts[account].active;
    }

    /// @inheritdoc IParticipants
    function requireActive(address account) public view {
        require(isActive(account), Participants_NotActive(account));
    }

    /// @inheritdoc IParticipants
    function requireBothActive(address first, address second) external view {
        requireActive(first);
        requireActive(second);
    }

    /// @inheritdoc IParticipants
    function standingOf(address account) external view returns (Lei lei, bytes2 country, Status status) {
        lei = leiOf(account);
        Entity storage found = entity[lei];
        return (lei, found.country, found.status);
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _setStatus(Lei lei, Status status) private {
        entity[lei].status = status;
        uint256 count = _accountsOf[lei].length();
        for (uint256 i = 0; i < count; ++i) _accounts[_accountsOf[lei].at(i)].active = status == Status.Active;
    }

    function _requireStatus(Lei lei, Status expected) private view {
        Status status = entity[lei].status;
        require(status == expected, Participants_WrongStatus(lei, status));
    }

    /// @dev ISO 7064 MOD 97-10: letters count as 10 to 35, and the whole number leaves 1 when divided by 97. Check digits
    /// are 02 to 98: two that are 97 apart leave the same, and one entity would have two identifiers.
    function _isWellFormed(Lei lei) private pure returns (bool) {
        bytes20 text = Lei.unwrap(lei);
        uint256 remainder = 0;
        for (uint256 i = 0; i < 20; ++i) {
            uint256 char = uint8(text[i]);
            if (_isDigit(text[i])) remainder = (remainder * 10 + char - 48) % 97;
            else if (IsoCodes.isCapital(text[i]) && i < 18) remainder = (remainder * 100 + char - 55) % 97;
            else return false;
        }
        uint256 checkDigits = uint256(uint8(text[18])) * 10 + uint8(text[19]) - 528; // both are digits, "00" is 528
        return remainder == 1 && checkDigits >= 2 && checkDigits <= 98;
    }

    function _isDigit(bytes1 char) private pure returns (bool) {
        return char >= "0" && char <= "9";
    }
}
