// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Compliance} from "./Compliance.sol";
import {IBusinessCalendar} from "./IBusinessCalendar.sol";
import {IRedemptions} from "./IRedemptions.sol";

/// @title The part of a coin that pays back
/// @notice The coin's contract holds exactly the coins of pending requests: it takes none that belong to no request.
abstract contract Redemptions is Compliance, IRedemptions {
    using SafeCast for uint256;

    /// @inheritdoc IRedemptions
    IBusinessCalendar public immutable calendar;

    mapping(uint256 id => Redemption) private _redemptions;
    mapping(bytes32 bankReference => bool) private _usedReferences;
    /// @inheritdoc IRedemptions
    mapping(address holder => uint256) public escrowedOf;
    /// @inheritdoc IRedemptions
    uint256 public escrowed;
    /// @inheritdoc IRedemptions
    uint256 public redemptionCount;

    constructor(IBusinessCalendar businessCalendar) {
        calendar = businessCalendar;
    }

    // --------------------------------------------------------------------------------------------- the holder's

    /// @inheritdoc IRedemptions
    function requestRedemption(uint256 amount) external returns (uint256 id) {
        require(amount > 0, Stablecoin_NothingToRedeem());
        uint40 deadline = calendar.endOfNextBusinessDay(block.timestamp).toUint40();
        id = ++redemptionCount;
        _redemptions[id] = Redemption({
            holder: msg.sender,
            requestedAt: uint40(block.timestamp), // until the year 36812
            deadline: deadline,
            state: RedemptionState.Pending,
            amount: amount.toUint128()
        });
        escrowed += amount;
        escrowedOf[msg.sender] += amount;
        emit RedemptionRequested(id, msg.sender, amount, deadline);
        _transfer(msg.sender, address(this), amount);
    }

    /// @inheritdoc IRedemptions
    function cancelRedemption(uint256 id) external {
        (address holder, uint256 amount) = _end(id, RedemptionState.Cancelled);
        require(msg.sender == holder, Stablecoin_NotHolder(id, msg.sender));
        emit RedemptionCancelled(id, holder, amount, holder);
        _transfer(address(this), holder, amount);
    }

    // ------------------------------------------------------------------------------- the issuer's, compliance's

    /// @inheritdoc IRedemptions
    function fulfilRedemption(uint256 id, bytes32 bankReference) external restricted {
        bool known = bankReference == 0 || _usedReferences[bankReference];
        require(!known, Stablecoin_InvalidBankReference(bankReference));
        bool overdue = isOverdue(id);
        (address holder, uint256 amount) = _end(id, RedemptionState.Fulfilled);
        _requireMayLeave(holder, amount);
        _usedReferences[bankReference] = true;
        emit RedemptionFulfilled(id, holder, amount, bankReference, overdue);
        _burn(address(this), amount);
    }

    /// @inheritdoc IRedemptions
    function returnRedemption(uint256 id) external restricted {
        (address holder, uint256 amount) = _end(id, RedemptionState.Cancelled);
        require(_isRestrained(holder), Stablecoin_NotRestrained(holder));
        emit RedemptionCancelled(id, holder, amount, msg.sender);
        _overrule(address(this), holder, amount);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc IRedemptions
    function redemption(uint256 id) external view returns (Redemption memory) {
        return _redemptions[id];
    }

    /// @inheritdoc IRedemptions
    function overdueRedemptions(
        uint256 firstId,
        uint256 limit
    ) external view returns (uint256[] memory ids, uint256 nextId) {
        uint256 left = Math.saturatingSub(redemptionCount + 1, firstId);
        nextId = firstId + Math.min(limit, left);
        ids = new uint256[](nextId - firstId);
        uint256 found = 0;
        for (uint256 id = firstId; id < nextId; ++id) {
            if (isOverdue(id)) ids[found++] = id;
        }
        assembly ("memory-safe") {
            mstore(ids, found) // at most the length it had
        }
    }

    /// @inheritdoc IRedemptions
    function isOverdue(uint256 id) public view returns (bool) {
        Redemption storage request = _redemptions[id];
        return request.state == RedemptionState.Pending && block.timestamp >= request.deadline;
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _update(address from, address to, uint256 value) internal virtual override {
        // Requests are noted before their coins come in. Like the zero address, this one is no receiver of anything else;
        // that is no rule of compliance, so canTransfer says nothing of it (ERC-7943).
        bool ownless = to == address(this) && balanceOf(to) + value != escrowed;
        require(!ownless, ERC20InvalidReceiver(to));
        super._update(from, to, value);
    }

    function _end(uint256 id, RedemptionState state) private returns (address holder, uint256 amount) {
        Redemption storage request = _redemptions[id];
        require(request.state == RedemptionState.Pending, Stablecoin_WrongRedemptionState(id, request.state));
        request.state = state;
        (holder, amount) = (request.holder, request.amount);
        escrowed -= amount;
        escrowedOf[holder] -= amount;
    }

    /// @dev Coins in redemption are the holder's still: what is frozen of its coins may lie in its balance or here.
    function _requireMayLeave(address holder, uint256 amount) private view {
        _requireMayMove(holder);
        uint256 held = balanceOf(holder) + escrowedOf[holder] + amount;
        uint256 unfrozen = Math.saturatingSub(held, getFrozenTokens(holder));
        require(amount <= unfrozen, ERC7943InsufficientUnfrozenBalance(holder, amount, unfrozen));
    }
}
