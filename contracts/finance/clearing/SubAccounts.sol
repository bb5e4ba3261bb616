// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IParticipants, Lei} from "../../access/IParticipants.sol";
import {Products} from "../../access/Products.sol";
import {IStablecoin} from "../coin/IStablecoin.sol";
import {Suspense} from "../payments/Suspense.sol";
import {IClearingHouse} from "./IClearingHouse.sol";
import {ISubAccounts} from "./ISubAccounts.sol";

/// @title SubAccounts
/// @notice Guarantees, for each coin: all balances and what waits in suspense sum to `total`, and that is never more than the
/// coins held; a member's balance changes by its own calls and by products alone; money leaves to the member's own entity, or
/// through a product; an account gets or loses its bank while it is empty; collateral stays as long as the cap or a debt needs it. Trusts products to debit for a payment, and to
/// seize from a rejected member, only what their own rules allow; REGISTRAR for who the members are. No role can move money.
contract SubAccounts is ISubAccounts, Products, Suspense, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IStablecoin;

    IParticipants public immutable participants;

    /// @inheritdoc ISubAccounts
    uint16 public memberCount;
    /// @inheritdoc ISubAccounts
    IClearingHouse public clearingHouse;

    mapping(uint16 member => Member) private _members;
    /// @inheritdoc ISubAccounts
    mapping(Lei lei => uint16 member) public memberOfEntity;
    /// @inheritdoc ISubAccounts
    mapping(address account => uint16 member) public memberOf;
    /// @inheritdoc ISubAccounts
    mapping(uint16 member => mapping(address customer => bool)) public isInvited;
    mapping(uint16 member => mapping(IStablecoin coin => Balance)) private _balances;
    /// @inheritdoc ISubAccounts
    mapping(IStablecoin coin => uint256) public total;

    constructor(address initialAuthority, IParticipants participantRegistry) AccessManaged(initialAuthority) {
        participants = participantRegistry;
    }

    // ------------------------------------------------------------------------------------------------- members

    /// @inheritdoc ISubAccounts
    function admitMember(address owner) external restricted returns (uint16 id) {
        participants.requireActive(owner);
        Lei lei = participants.leiOf(owner);
        require(memberOf[owner] == 0, SubAccounts_OwnerTaken(owner, memberOf[owner]));
        require(memberOfEntity[lei] == 0, SubAccounts_EntityTaken(lei, memberOfEntity[lei]));
        _requireEmpty(owner);
        id = ++memberCount;
        _members[id] = Member({lei: lei, owner: owner, status: MemberStatus.Active});
        memberOf[owner] = id;
        memberOfEntity[lei] = id;
        emit MemberAdmitted(id, lei, owner);
    }

    /// @inheritdoc ISubAccounts
    function reinstateMember(uint16 id) external restricted {
        require(_known(id).status == MemberStatus.Suspended, SubAccounts_NotSuspended(id));
        _members[id].status = MemberStatus.Active;
        emit MemberReinstated(id);
    }

    /// @inheritdoc ISubAccounts
    function suspendMember(uint16 id) external {
        if (msg.sender != address(clearingHouse)) _checkCanCall(msg.sender, msg.data);
        if (_known(id).status == MemberStatus.Suspended) return;
        _members[id].status = MemberStatus.Suspended;
        emit MemberSuspended(id);
    }

    // ----------------------------------------------------------------------------------------------- customers

    /// @inheritdoc ISubAccounts
    function invite(address customer) external {
        uint16 id = _owned();
        isInvited[id][customer] = true;
        emit CustomerInvited(id, customer);
    }

    /// @inheritdoc ISubAccounts
    function join(uint16 id) external {
        require(isInvited[id][msg.sender], SubAccounts_NotInvited(id, msg.sender));
        require(memberOf[msg.sender] == 0, SubAccounts_CustomerTaken(msg.sender, memberOf[msg.sender]));
        participants.requireActive(msg.sender);
        _requireEmpty(msg.sender);
        delete isInvited[id][msg.sender];
        memberOf[msg.sender] = id;
        emit CustomerJoined(id, msg.sender);
    }

    /// @inheritdoc ISubAccounts
    function leaveBank() external {
        _part(memberOf[msg.sender], msg.sender);
    }

    /// @inheritdoc ISubAccounts
    function dismiss(address customer) external {
        uint16 id = _owned();
        bool served = memberOf[customer] == id;
        require(served || isInvited[id][customer], SubAccounts_NotCustomer(id, customer));
        delete isInvited[id][customer];
        if (served) _part(id, customer);
        else emit InvitationWithdrawn(id, customer);
    }

    /// @inheritdoc ISubAccounts
    function assign(address systemAccount, uint16 id) external restricted {
        _known(id);
        require(memberOf[systemAccount] == 0, SubAccounts_CustomerTaken(systemAccount, memberOf[systemAccount]));
        require(Lei.unwrap(participants.leiOf(systemAccount)) == 0, SubAccounts_IsParticipant(systemAccount));
        memberOf[systemAccount] = id;
        emit SystemAccountAssigned(systemAccount, id);
    }

    /// @inheritdoc ISubAccounts
    function setClearingHouse(IClearingHouse newClearingHouse) external restricted {
        require(address(clearingHouse) == address(0), SubAccounts_ClearingHouseAlreadySet(clearingHouse));
        clearingHouse = newClearingHouse;
        emit ClearingHouseSet(newClearingHouse);
    }

    // -------------------------------------------------------------------------------------------------- owners

    /// @inheritdoc ISubAccounts
    function deposit(IStablecoin coin, uint256 amount) external nonReentrant {
        uint16 id = _owned();
        total[coin] += amount;
        _balances[id][coin].available += amount.toUint128();
        emit Deposited(id, coin, amount);
        coin.safeTransferFrom(msg.sender, address(this), amount);
        _requireHeld(coin, amount);
    }

    /// @inheritdoc ISubAccounts
    function withdraw(IStablecoin coin, uint256 amount, address to) external nonReentrant {
        uint16 id = _owned();
        Lei lei = _active(id).lei;
        require(Lei.unwrap(participants.leiOf(to)) == Lei.unwrap(lei), SubAccounts_NotOwnEntity(id, to));
        require(memberOf[to] == id, SubAccounts_OtherBank(id, to));
        _take(id, coin, amount);
        total[coin] -= amount;
        emit Withdrawn(id, coin, amount, to);
        coin.safeTransfer(to, amount);
    }

    /// @inheritdoc ISubAccounts
    function pledge(IStablecoin coin, uint256 amount) external nonReentrant {
        uint16 id = _owned();
        _take(id, coin, amount);
        _balances[id][coin].collateral += uint128(amount); // what was taken fits
        emit CollateralPledged(id, coin, amount);
    }

    /// @inheritdoc ISubAccounts
    function unpledge(IStablecoin coin, uint256 amount) external nonReentrant {
        uint16 id = _owned();
        _active(id);
        uint256 needed = _collateralNeeded(id, coin);
        Balance storage held = _balances[id][coin];
        uint256 collateral = held.collateral;
        require(amount <= collateral, SubAccounts_Insufficient(id, coin, collateral, amount));
        require(collateral - amount >= needed, SubAccounts_CollateralNeeded(id, coin, needed));
        held.collateral -= uint128(amount); // at most the collateral
        held.available += uint128(amount);
        emit CollateralReleased(id, coin, amount);
    }

    // ------------------------------------------------------------------------------------------------ products

    /// @inheritdoc ISubAccounts
    function credit(uint16 id, IStablecoin coin, uint256 amount) external onlyProduct nonReentrant {
        _known(id);
        total[coin] += amount;
        _balances[id][coin].available += amount.toUint128();
        emit Credited(id, coin, amount);
        _requireHeld(coin, amount);
    }

    /// @inheritdoc ISubAccounts
    function debit(
        uint16 id,
        IStablecoin coin,
        uint256 amount,
        address to
    ) external onlyProduct nonReentrant returns (bool paid) {
        _active(id);
        _take(id, coin, amount);
        emit Debited(id, coin, amount, to);
        paid = _pay(coin, to, amount);
        if (paid) total[coin] -= amount; // what waits in suspense still is held here
    }

    /// @inheritdoc ISubAccounts
    function seize(
        uint16 id,
        IStablecoin coin,
        uint256 amount,
        uint16 to
    ) external onlyProduct nonReentrant returns (uint256 seized) {
        _known(id);
        _known(to);
        require(id != to, SubAccounts_SameMember(id));
        Balance storage held = _balances[id][coin];
        seized = Math.min(amount, held.collateral);
        held.collateral -= uint128(seized); // at most the collateral
        _balances[to][coin].available += uint128(seized);
        emit CollateralSeized(id, coin, seized, to);
    }

    /// @inheritdoc Suspense
    function claim(IStablecoin coin) public override nonReentrant {
        total[coin] -= suspense[coin][msg.sender];
        super.claim(coin);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc ISubAccounts
    function member(uint16 id) external view returns (Member memory) {
        return _members[id];
    }

    /// @inheritdoc ISubAccounts
    function isActive(uint16 id) external view returns (bool) {
        Member storage found = _members[id];
        return found.status == MemberStatus.Active && participants.isActive(found.owner);
    }

    /// @inheritdoc ISubAccounts
    function balance(uint16 id, IStablecoin coin) external view returns (Balance memory) {
        return _balances[id][coin];
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _part(uint16 id, address customer) private {
        require(id != 0 && _members[id].owner != customer, SubAccounts_NotCustomer(id, customer));
        _requireEmpty(customer);
        delete memberOf[customer];
        emit CustomerLeft(id, customer);
    }

    /// @dev What waits in redemption or in suspense comes back to the account, whatever its bank is then.
    function _requireEmpty(address account) private view {
        if (address(clearingHouse) == address(0)) return;
        bytes3[] memory currencies = clearingHouse.currencies(); // at most four
        for (uint256 i = 0; i < currencies.length; ++i) {
            IStablecoin coin = clearingHouse.coinOf(currencies[i]);
            uint256 amount = coin.balanceOf(account) + coin.escrowedOf(account) + suspense[coin][account];
            require(amount == 0, SubAccounts_HoldsCoins(account, coin, amount));
        }
    }

    function _take(uint16 id, IStablecoin coin, uint256 amount) private {
        Balance storage held = _balances[id][coin];
        uint256 available = held.available;
        require(amount <= available, SubAccounts_Insufficient(id, coin, available, amount));
        held.available -= uint128(amount); // at most what is available
    }

    /// @dev After `amount` was booked: the coins held must cover all that is booked.
    function _requireHeld(IStablecoin coin, uint256 amount) private view {
        uint256 held = coin.balanceOf(address(this));
        uint256 booked = total[coin];
        require(held >= booked, SubAccounts_NotReceived(coin, Math.saturatingSub(held + amount, booked), amount));
    }

    /// @dev A debt can outlast its cap, when RISK lowers it.
    function _collateralNeeded(uint16 id, IStablecoin coin) private view returns (uint256) {
        if (address(clearingHouse) == address(0)) return 0;
        bytes3 currency = coin.currency();
        if (address(clearingHouse.coinOf(currency)) != address(coin)) return 0;
        return Math.max(clearingHouse.cap(id, currency), clearingHouse.exposure(id, currency));
    }

    function _owned() private view returns (uint16 id) {
        id = memberOf[msg.sender];
        require(_members[id].owner == msg.sender, SubAccounts_NotOwner(id, msg.sender));
    }

    function _known(uint16 id) private view returns (Member storage found) {
        found = _members[id];
        require(found.status != MemberStatus.Unknown, SubAccounts_UnknownMember(id));
    }

    function _active(uint16 id) private view returns (Member storage found) {
        found = _known(id);
        require(found.status == MemberStatus.Active, SubAccounts_MemberSuspended(id));
    }
}
