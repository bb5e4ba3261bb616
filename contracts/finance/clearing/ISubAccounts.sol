// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Lei} from "../../access/IParticipants.sol";
import {IStablecoin} from "../coin/IStablecoin.sol";
import {IClearingHouse} from "./IClearingHouse.sol";

/// @title Ring-fenced accounts of the member banks
/// @notice What each member holds on this chain, apart from every other's: `available`, which pays, and `collateral`, which
/// answers for what the member owes in clearing. The coins of all sub-accounts are held here, and what waits in suspense for a
/// payee who could not take it; nothing else is. All amounts are in the coin's smallest unit.
interface ISubAccounts {
    enum MemberStatus {
        Unknown,
        Active,
        Suspended
    }

    /// @param owner The account by which the bank acts.
    struct Member {
        Lei lei;
        address owner;
        MemberStatus status;
    }

    struct Balance {
        uint128 available;
        uint128 collateral;
    }

    event MemberAdmitted(uint16 indexed member, Lei indexed lei, address indexed owner);
    event MemberSuspended(uint16 indexed member);
    event MemberReinstated(uint16 indexed member);
    event CustomerInvited(uint16 indexed member, address indexed customer);
    event CustomerJoined(uint16 indexed member, address indexed customer);
    event CustomerLeft(uint16 indexed member, address indexed customer);
    event InvitationWithdrawn(uint16 indexed member, address indexed customer);
    event SystemAccountAssigned(address indexed systemAccount, uint16 indexed member);
    event ClearingHouseSet(IClearingHouse indexed clearingHouse);
    event Deposited(uint16 indexed member, IStablecoin indexed coin, uint256 amount);
    event Withdrawn(uint16 indexed member, IStablecoin indexed coin, uint256 amount, address to);
    event CollateralPledged(uint16 indexed member, IStablecoin indexed coin, uint256 amount);
    event CollateralReleased(uint16 indexed member, IStablecoin indexed coin, uint256 amount);
    event CollateralSeized(uint16 indexed member, IStablecoin indexed coin, uint256 amount, uint16 indexed to);
    event Credited(uint16 indexed member, IStablecoin indexed coin, uint256 amount);
    event Debited(uint16 indexed member, IStablecoin indexed coin, uint256 amount, address indexed to);

    error SubAccounts_UnknownMember(uint16 member);
    error SubAccounts_NotOwner(uint16 member, address caller);
    error SubAccounts_MemberSuspended(uint16 member);
    error SubAccounts_NotSuspended(uint16 member);
    /// @dev The account belongs to a member already: its own, or that of the bank that serves it.
    error SubAccounts_OwnerTaken(address owner, uint16 member);
    /// @dev An entity is one member: its central-ledger account goes by its LEI.
    error SubAccounts_EntityTaken(Lei lei, uint16 member);
    /// @dev The account has a bank already.
    error SubAccounts_CustomerTaken(address customer, uint16 member);
    /// @dev A bank changes with an empty account, or what backs the coins would change banks without a leg. `amount` is what the
    /// account has in its balance, in redemption, and in suspense here.
    error SubAccounts_HoldsCoins(address account, IStablecoin coin, uint256 amount);
    error SubAccounts_NotInvited(uint16 member, address customer);
    error SubAccounts_NotCustomer(uint16 member, address account);
    /// @dev A participant chooses its bank itself.
    error SubAccounts_IsParticipant(address account);
    error SubAccounts_ClearingHouseAlreadySet(IClearingHouse clearingHouse);
    /// @dev Money leaves a sub-account only to the member's own entity: any other way is a payment, and takes evidence.
    error SubAccounts_NotOwnEntity(uint16 member, address to);
    /// @dev Another bank serves the account, or none does: the coins would leave this one without a leg.
    error SubAccounts_OtherBank(uint16 member, address to);
    error SubAccounts_Insufficient(uint16 member, IStablecoin coin, uint256 available, uint256 needed);
    /// @dev The collateral answers for a net debit cap that is still set, or for what is still owed.
    error SubAccounts_CollateralNeeded(uint16 member, IStablecoin coin, uint256 needed);
    /// @dev Collateral seized from a member would come back to it.
    error SubAccounts_SameMember(uint16 member);
    /// @dev A product credits coins that did not arrive.
    error SubAccounts_NotReceived(IStablecoin coin, uint256 surplus, uint256 claimed);

    // --------------------------------------------------------------------------------------------- members

    /// @notice Makes a bank a member. Only REGISTRAR.
    /// @param owner An active participant's account. It stays the owner for good: a bank whose keys change uses a contract.
    /// It has no coins of a cleared currency yet, as with {join}.
    /// @return member Given in order, from 1.
    function admitMember(address owner) external returns (uint16 member);

    /// @notice Only REGISTRAR.
    function reinstateMember(uint16 member) external;

    /// @notice Stops a member's payments at once; nothing happens when it is suspended already. Only REGISTRAR, and the
    /// clearing house when the central ledger rejects it. A suspended member can bring money in, and pledge it.
    function suspendMember(uint16 member) external;

    // ------------------------------------------------------------------------------------------- customers

    /// @notice Offers to serve an account. Only a member's owner.
    function invite(address customer) external;

    /// @notice Accepts an invitation. An account has one bank, and gets or loses it while it has no coins of a cleared currency.
    function join(uint16 member) external;

    /// @notice Ends it, from the customer's side, whose account is empty. An owner's own account does not leave.
    function leaveBank() external;

    /// @notice Ends it while the account is empty, or takes back an invitation, from the bank's side. Only the owner of the member that serves the account.
    function dismiss(address customer) external;

    /// @notice Says which member stands for a contract that holds coins, such as the escrows. Once for each contract, and for
    /// no participant. Only OPERATOR.
    function assign(address systemAccount, uint16 member) external;

    /// @notice Says whose caps the collateral answers for. Once. Only OPERATOR.
    function setClearingHouse(IClearingHouse clearingHouse) external;

    // ---------------------------------------------------------------------------------------------- owners

    /// @notice Brings in coins out of the owner's allowance.
    function deposit(IStablecoin coin, uint256 amount) external;

    /// @notice Takes out what is available.
    /// @param to An account of the same entity that the member serves.
    function withdraw(IStablecoin coin, uint256 amount, address to) external;

    /// @notice Moves what is available to the collateral.
    function pledge(IStablecoin coin, uint256 amount) external;

    /// @notice Moves collateral back, as far as neither the cap nor what is owed in the coin's currency needs it.
    function unpledge(IStablecoin coin, uint256 amount) external;

    // -------------------------------------------------------------------------------------------- products

    /// @notice Books coins that the caller has just sent here. Only products.
    function credit(uint16 member, IStablecoin coin, uint256 amount) external;

    /// @notice Pays out of what is available. What the payee cannot take waits for it in suspense. Only products.
    /// @return paid Whether the coins have left; a contract that is to hold them must not take it for granted.
    function debit(uint16 member, IStablecoin coin, uint256 amount, address to) external returns (bool paid);

    /// @notice Moves collateral of a member that was rejected to another's available balance. Only products.
    /// @return seized At most `amount`: what there was.
    function seize(uint16 member, IStablecoin coin, uint256 amount, uint16 to) external returns (uint256 seized);

    // --------------------------------------------------------------------------------------------- reading

    /// @notice The member that serves an account (its owner's own account included); zero when none does.
    function memberOf(address account) external view returns (uint16);

    /// @notice The member that an entity is; zero when it is none.
    function memberOfEntity(Lei lei) external view returns (uint16);
    function member(uint16 id) external view returns (Member memory);
    function memberCount() external view returns (uint16);

    /// @notice Whether a member is admitted, not suspended here, and its owner an active participant.
    function isActive(uint16 member) external view returns (bool);
    function isInvited(uint16 member, address customer) external view returns (bool);
    function balance(uint16 member, IStablecoin coin) external view returns (Balance memory);

    /// @notice The sum of all balances of a coin and of what waits in suspense: never more than the coins held.
    function total(IStablecoin coin) external view returns (uint256);
    function clearingHouse() external view returns (IClearingHouse);
}
