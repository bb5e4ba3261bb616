// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

import {IParticipants, Lei} from "../../access/IParticipants.sol";
import {ISubAccounts} from "../clearing/ISubAccounts.sol";
import {ICompliance} from "./ICompliance.sol";
import {IERC7943Fungible} from "./IERC7943.sol";

/// @title The part of a coin that says who may hold and move it
/// @notice The rules sit in `_update`, through which every balance changes. Only {_overrule} goes around them: for forced
/// transfers, and to hand a restrained holder its own coins back.
abstract contract Compliance is ERC20, AccessManaged, Pausable, ICompliance {
    /// @param partly Whether some of its coins are frozen: saves reading how many.
    struct Standing {
        bool frozen;
        bool partly;
        bool system;
    }

    /// @dev Bytes of code by which an account with a key borrows a contract's (EIP-7702).
    uint256 private constant DELEGATION = 23;

    /// @inheritdoc ICompliance
    IParticipants public immutable participants;

    /// @inheritdoc ICompliance
    ISubAccounts public banks;

    mapping(address account => Standing) private _standings;
    mapping(address account => uint256) private _frozenTokens;

    constructor(IParticipants participantRegistry) {
        participants = participantRegistry;
        _standings[address(this)].system = true;
    }

    // ------------------------------------------------------------------------------------------------ freezing

    /// @inheritdoc ICompliance
    function freeze(address account) external restricted {
        _requireOrdinary(account);
        _setFrozen(account, true);
        emit AccountFrozen(account);
    }

    /// @inheritdoc ICompliance
    function unfreeze(address account) external restricted {
        _setFrozen(account, false);
        emit AccountUnfrozen(account);
    }

    /// @inheritdoc IERC7943Fungible
    function setFrozenTokens(address account, uint256 amount) external restricted returns (bool) {
        _requireOrdinary(account);
        _setFrozenTokens(account, amount);
        return true;
    }

    // --------------------------------------------------------------------------------------- transfers by force

    /// @notice Moves coins between accounts of one legal entity at one bank, as when a key is lost. Only COMPLIANCE.
    /// @inheritdoc IERC7943Fungible
    function forcedTransfer(address from, address to, uint256 amount) external restricted returns (bool) {
        require(_isOneEntity(from, to) && _isOneBank(from, to), Stablecoin_OrderMissing(from, to));
        _force(from, to, amount);
        return true;
    }

    /// @inheritdoc ICompliance
    function forcedTransfer(
        address from,
        address to,
        uint256 amount,
        bytes32 orderHash
    ) external restricted returns (bool) {
        require(orderHash != 0, Stablecoin_OrderMissing(from, to));
        emit TransferOrdered(orderHash, from, to, amount);
        _force(from, to, amount);
        return true;
    }

    // ----------------------------------------------------------------------------------------- system accounts

    /// @inheritdoc ICompliance
    function setSystemAccount(address account, bool system) external restricted {
        Standing storage standing = _standings[account];
        require(standing.system != system, Stablecoin_AlreadyInState(account, system));
        if (system) {
            require(account.code.length > DELEGATION, Stablecoin_NotAContract(account));
            require(!standing.frozen && !standing.partly, Stablecoin_Frozen(account));
        } else {
            require(account != address(this), Stablecoin_SystemAccount(account));
            require(balanceOf(account) == 0, Stablecoin_HoldsCoins(account, balanceOf(account)));
        }
        standing.system = system;
        emit SystemAccountSet(account, system);
    }

    /// @inheritdoc ICompliance
    function setBanks(ISubAccounts subAccounts) external restricted {
        require(address(banks) == address(0), Stablecoin_BanksAlreadySet(banks));
        require(address(subAccounts).code.length > DELEGATION, Stablecoin_NotAContract(address(subAccounts)));
        banks = subAccounts;
        emit BanksSet(subAccounts);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc ICompliance
    function isFrozen(address account) external view returns (bool) {
        return _standings[account].frozen;
    }

    /// @inheritdoc ICompliance
    function isSystemAccount(address account) external view returns (bool) {
        return _standings[account].system;
    }

    /// @inheritdoc IERC7943Fungible
    function getFrozenTokens(address account) public view returns (uint256) {
        return _standings[account].partly ? _frozenTokens[account] : 0;
    }

    /// @inheritdoc IERC7943Fungible
    function canSend(address account) public view returns (bool) {
        Standing storage standing = _standings[account];
        return standing.system || (!standing.frozen && participants.isActive(account));
    }

    /// @inheritdoc IERC7943Fungible
    function canReceive(address account) public view returns (bool) {
        return canSend(account);
    }

    /// @inheritdoc IERC7943Fungible
    function canTransfer(address from, address to, uint256 amount) external view returns (bool) {
        if (paused() || _standings[msg.sender].frozen || !canSend(from) || !canReceive(to)) return false;
        bool system = _standings[msg.sender].system || _standings[from].system || _standings[to].system;
        if (!system && !(_isOneEntity(from, to) && _isOneBank(from, to))) return false;
        return amount > balanceOf(from) || amount <= _unfrozen(from);
    }

    // ------------------------------------------------------------------------------------------------ internal

    /// @dev A freeze of more than the balance leaves nothing, and errors about balances are the ERC-20's.
    function _update(address from, address to, uint256 value) internal virtual override whenNotPaused {
        Standing storage caller = _standings[msg.sender];
        require(!caller.frozen, Stablecoin_Frozen(msg.sender));
        bool system = caller.system;
        if (from != address(0)) {
            system = _requireMayMove(from) || system;
            if (_standings[from].partly) _requireUnfrozen(from, value);
        }
        if (to != address(0)) system = _requireMayMove(to) || system;
        if (!system && from != address(0) && to != address(0)) {
            require(_isOneEntity(from, to), Stablecoin_BetweenEntities(from, to));
            require(_isOneBank(from, to), Stablecoin_OtherBank(from, to));
        }
        super._update(from, to, value);
    }

    /// @dev Moves coins without asking who sends them or how much of theirs is frozen.
    function _overrule(address from, address to, uint256 value) internal whenNotPaused {
        ERC20._update(from, to, value);
    }

    /// @return system Whether it is a system account, which needs no entry among the participants.
    function _requireMayMove(address account) internal view returns (bool system) {
        Standing storage standing = _standings[account];
        system = standing.system;
        if (!system) {
            require(!standing.frozen, Stablecoin_Frozen(account));
            participants.requireActive(account);
        }
    }

    /// @dev Whether a holder's coins are held back, all or some.
    function _isRestrained(address account) internal view returns (bool) {
        return _standings[account].partly || !canSend(account);
    }

    // ------------------------------------------------------------------------------------------------- private

    function _force(address from, address to, uint256 amount) private {
        _requireOrdinary(from);
        _requireOrdinary(to);
        require(from != to, ERC7943CannotTransfer(from, to, amount));
        _requireMayMove(to);
        uint256 balance = balanceOf(from);
        require(amount <= balance, ERC20InsufficientBalance(from, balance, amount));

        uint256 unfrozen = _unfrozen(from);
        if (amount > unfrozen) _setFrozenTokens(from, getFrozenTokens(from) - (amount - unfrozen)); // at most what is frozen
        _overrule(from, to, amount);
        emit ForcedTransfer(from, to, amount);
    }

    function _setFrozen(address account, bool frozen) private {
        require(_standings[account].frozen != frozen, Stablecoin_AlreadyInState(account, frozen));
        _standings[account].frozen = frozen;
    }

    function _setFrozenTokens(address account, uint256 amount) private {
        _standings[account].partly = amount > 0;
        _frozenTokens[account] = amount;
        emit Frozen(account, amount);
    }

    function _requireOrdinary(address account) private view {
        require(!_standings[account].system, Stablecoin_SystemAccount(account));
    }

    function _requireUnfrozen(address account, uint256 amount) private view {
        uint256 unfrozen = _unfrozen(account);
        bool short = amount > unfrozen && amount <= balanceOf(account);
        require(!short, ERC7943InsufficientUnfrozenBalance(account, amount, unfrozen));
    }

    function _unfrozen(address account) private view returns (uint256) {
        return Math.saturatingSub(balanceOf(account), getFrozenTokens(account));
    }

    function _isOneEntity(address from, address to) private view returns (bool) {
        Lei lei = participants.leiOf(from);
        return Lei.unwrap(lei) != 0 && Lei.unwrap(lei) == Lei.unwrap(participants.leiOf(to));
    }

    function _isOneBank(address from, address to) private view returns (bool) {
        return address(banks) == address(0) || banks.memberOf(from) == banks.memberOf(to);
    }
}
