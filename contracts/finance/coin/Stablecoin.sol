// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";

import {IParticipants} from "../../access/IParticipants.sol";
import {IStablecoin} from "./IStablecoin.sol";

/// @title Stablecoin
/// @notice Guarantees that no balance changes while paused, nor to or from an account that is frozen or not an active
/// participant's: the rules sit in `_update`, through which every change goes. Trusts ISSUER for how many coins there
/// are and COMPLIANCE for freezing; neither can move anybody's coins.
contract Stablecoin is IStablecoin, ERC20Permit, AccessManaged, Pausable {
    IParticipants public immutable participants;
    /// @inheritdoc IStablecoin
    bytes3 public immutable currency;

    /// @inheritdoc IStablecoin
    mapping(address account => bool) public isFrozen;

    constructor(
        address initialAuthority,
        IParticipants participantRegistry,
        string memory name_,
        string memory symbol_,
        bytes3 currencyCode
    ) ERC20(name_, symbol_) ERC20Permit(name_) AccessManaged(initialAuthority) {
        participants = participantRegistry;
        currency = currencyCode;
    }

    // ------------------------------------------------------------------------------------------------- issuing

    /// @inheritdoc IStablecoin
    function mint(address to, uint256 amount) external restricted {
        _mint(to, amount);
    }

    /// @inheritdoc IStablecoin
    function burn(uint256 amount) external restricted {
        _burn(msg.sender, amount);
    }

    // --------------------------------------------------------------------------------------------- supervising

    /// @inheritdoc IStablecoin
    function freeze(address account) external restricted {
        _setFrozen(account, true);
        emit AccountFrozen(account);
    }

    /// @inheritdoc IStablecoin
    function unfreeze(address account) external restricted {
        _setFrozen(account, false);
        emit AccountUnfrozen(account);
    }

    /// @inheritdoc IStablecoin
    function pause() external restricted {
        _pause();
    }

    /// @inheritdoc IStablecoin
    function unpause() external restricted {
        _unpause();
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @notice Six, as the coins of this field have it: 1,000,000 units are one unit of currency.
    function decimals() public pure override returns (uint8) {
        return 6;
    }

    /// @inheritdoc IERC20Permit
    function nonces(address owner) public view override(ERC20Permit, IERC20Permit) returns (uint256) {
        return super.nonces(owner);
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _update(address from, address to, uint256 value) internal override whenNotPaused {
        if (from != address(0)) _requireMayMove(from);
        if (to != address(0)) _requireMayMove(to);
        super._update(from, to, value);
    }

    function _requireMayMove(address account) private view {
        require(!isFrozen[account], Stablecoin_Frozen(account));
        participants.requireActive(account);
    }

    function _setFrozen(address account, bool value) private {
        require(isFrozen[account] != value, Stablecoin_AlreadyInState(account, value));
        isFrozen[account] = value;
    }
}
