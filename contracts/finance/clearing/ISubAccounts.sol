// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Lei} from "../../access/IParticipants.sol";
import {IStablecoin} from "../coin/IStablecoin.sol";

/// @title Ring-fenced accounts of the member banks
/// @notice What each member holds on this chain, apart from every other's: `available`, which pays, and `collateral`, which
/// answers for what the member owes in clearing. The coins of all sub-accounts are held here, and nothing else is.
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
    error SubAccounts_OwnerTaken(address owner, uint16 member);
    /// @dev The account has a bank already, or was invited by none.
    error SubAccounts_CustomerTaken(address customer, uint16 member);
    error SubAccounts_NotInvited(uint16 member, address customer);
    error SubAccounts_Insufficient(uint16 member, IStablecoin coin, uint256 available, uint256 needed);
    /// @dev The collateral answers for a net debit cap that is still set.
    error SubAccounts_CollateralNeeded(uint16 member, IStablecoin coin, uint256 needed);
    /// @dev A product credits coins that did not arrive.
    error SubAccounts_NotReceived(IStablecoin coin, uint256 surplus, uint256 claimed);

    // members: admitted and reinstated by REGISTRAR; ids are given in order from 1
    function admitMember(address owner) external returns (uint16 member);
    function reinstateMember(uint16 member) external;
    /// @notice Stops a member's payments at once. Only REGISTRAR, and the clearing house when the central ledger rejects it.
    function suspendMember(uint16 member) external;

    // customers: the bank invites, the customer joins
    function invite(address customer) external;
    function join(uint16 member) external;
    function leave() external;
    /// @notice Says which member stands for a contract that holds coins, such as the escrows. Only OPERATOR.
    function assign(address systemAccount, uint16 member) external;

    // owners
    function deposit(IStablecoin coin, uint256 amount) external;
    function withdraw(IStablecoin coin, uint256 amount, address to) external;
    function pledge(IStablecoin coin, uint256 amount) external;
    function unpledge(IStablecoin coin, uint256 amount) external;

    // products
    /// @notice Books coins that the caller has just sent here. Only products.
    function credit(uint16 member, IStablecoin coin, uint256 amount) external;
    /// @notice Pays out of what is available. Only products.
    function debit(uint16 member, IStablecoin coin, uint256 amount, address to) external returns (bool paid);
    /// @notice Moves collateral of a member that was rejected to another's available balance. Only products.
    /// @return seized At most `amount`: what there was.
    function seize(uint16 member, IStablecoin coin, uint256 amount, uint16 to) external returns (uint256 seized);

    /// @notice The member that serves an account (its owner's own account included); zero when none does.
    function memberOf(address account) external view returns (uint16);
    function member(uint16 id) external view returns (Member memory);
    function memberCount() external view returns (uint16);
    function balance(uint16 member, IStablecoin coin) external view returns (Balance memory);
    /// @notice The sum of all balances of a coin: never more than the coins held.
    function total(IStablecoin coin) external view returns (uint256);
}
